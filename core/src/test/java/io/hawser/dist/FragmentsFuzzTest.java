package io.hawser.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.term.Atom;
import io.hawser.testing.FuzzInputs;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fragments of messages in any order, held against a model that keeps what it is given. Input: for each fragment one byte
 * with the sequence (low half) and what is wrong with it (high half), one with how many fragments the message has if it
 * is new, one with the length of the part.
 */
class FragmentsFuzzTest {
    private static final int MAX_BYTES = 8 * 1024;
    private static final int BYTES_EACH = 3;

    /** A message as it should be put together. */
    private static final class Expected {
        final ByteArrayOutputStream payload = new ByteArrayOutputStream();
        long missing;
        int wireBytes;

        Expected(long missing) {
            this.missing = missing;
        }

        void add(byte[] part, int packetBytes) {
            payload.writeBytes(part);
            wireBytes += packetBytes;
            missing--;
        }
    }

    private static final ControlDecoder.Control CONTROL =
            new ControlDecoder.Control(new ControlMessage.RegSend(Packets.FROM, Packets.NAME), null);

    /** What Jazzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        new FragmentsFuzzTest().assembles(input);
    }

    @FuzzInputs
    void assembles(byte[] input) {
        var assembler = new FragmentAssembler(MAX_BYTES, new FragmentShare(2L * MAX_BYTES));
        var open = new HashMap<Long, Expected>();
        for (int i = 0; i + BYTES_EACH <= input.length; i += BYTES_EACH) {
            long sequence = input[i] & 0xF;
            int wrong = input[i] >> 4 & 0xF;
            byte[] part = new byte[input[i + 2] & 0xFF];
            Arrays.fill(part, (byte) i);
            boolean goesOn = wrong < 0x8
                    ? fragment(assembler, open, sequence, input[i + 1] & 0xFF, part)
                    : wrongFragment(assembler, open, sequence, wrong);
            assertThat(assembler.bufferedBytes()).isLessThanOrEqualTo(MAX_BYTES);
            if (!goesOn) {
                return;
            }
            assertThat(assembler.bufferedBytes() == 0).isEqualTo(open.isEmpty());
        }
    }

    /** Gives what the model says is right; only the bytes held may refuse it. */
    private static boolean fragment(
            FragmentAssembler assembler, Map<Long, Expected> open, long sequence, int count, byte[] part) {
        Expected expected = open.get(sequence);
        try {
            if (expected == null) {
                expected = new Expected(count + 2L);
                assembler.checkFirst(sequence, expected.missing);
                assembler.begin(
                        sequence, expected.missing, CONTROL, 100, new Atom[0], ByteBuffer.wrap(part), part.length + 20);
                expected.add(part, part.length + 20);
                open.put(sequence, expected);
            } else {
                long number = expected.missing;
                expected.add(part, part.length + 18);
                FragmentAssembler.@Nullable Sequence complete =
                        assembler.add(sequence, number, ByteBuffer.wrap(part), part.length + 18);
                assertThat(complete != null).isEqualTo(expected.missing == 0);
                if (complete != null) {
                    complete.release();
                    assertThat(complete.payload().toByteArray()).isEqualTo(expected.payload.toByteArray());
                    assertThat(complete.wireBytes()).isEqualTo(expected.wireBytes);
                    assertThat(complete.control).isSameAs(CONTROL);
                    open.remove(sequence);
                }
            }
            return true;
        } catch (ProtocolException refused) {
            assertThat(refused).hasMessageContaining("bytes of messages not complete");
            assertThat(assembler.bufferedBytes() + part.length + 1024).isGreaterThan(MAX_BYTES);
            return false;
        }
    }

    /** Gives what is out of turn, which must be refused whatever came before. */
    private static boolean wrongFragment(
            FragmentAssembler assembler, Map<Long, Expected> open, long sequence, int wrong) {
        Expected expected = open.get(sequence);
        long number = expected == null ? 1 : expected.missing + (wrong - 0xB);
        try {
            if (expected != null && number == expected.missing) {
                assembler.checkFirst(sequence, 2);
            } else {
                assembler.add(sequence, number, ByteBuffer.allocate(1), 19);
            }
        } catch (ProtocolException refused) {
            return false;
        }
        throw new AssertionError("fragment " + number + " of sequence " + sequence + " was accepted");
    }
}
