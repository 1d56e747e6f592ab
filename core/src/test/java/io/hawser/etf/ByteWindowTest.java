package io.hawser.etf;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.term.Binary;
import io.hawser.term.ListTerm;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import io.hawser.testing.RandomTerms;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A binary is read through a window as the same bytes in one buffer are: the same terms, the same errors. */
class ByteWindowTest {
    private static final DecodeLimits LIMITS = new DecodeLimits(1000, 1 << 20, 1 << 20, 64 << 20);

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final RandomTerms terms = new RandomTerms(random, false);

    @Test
    void readsWhatOneBufferReads() {
        System.out.println("ByteWindowTest seed " + seed);
        for (int i = 0; i < 20; i++) {
            byte[] bytes = encoded(400_000);
            assertThat(fromWindow(bytes, ByteInput.WINDOW_BYTES)).isEqualTo(fromBuffer(bytes));
            assertThat(fromWindow(bytes, 1 + random.nextInt(300))).isEqualTo(fromBuffer(bytes));
        }
    }

    @Test
    void refusesWhatOneBufferRefusesInTheSameWords() {
        System.out.println("ByteWindowTest seed " + seed);
        byte[] bytes = encoded(300_000);
        for (int i = 0; i < 300; i++) {
            byte[] bad = random.nextBoolean() ? truncated(bytes) : changed(bytes);
            assertThat(fromWindow(bad, ByteInput.WINDOW_BYTES)).isEqualTo(fromBuffer(bad));
            assertThat(fromWindow(bad, 1 + random.nextInt(300))).isEqualTo(fromBuffer(bad));
        }
    }

    @Test
    void readsTermsOneAfterTheOther() {
        var out = new ByteOutput(100);
        var expected = new ArrayList<Term>();
        for (int i = 0; i < 2000; i++) {
            Term term = terms.term(3);
            expected.add(term);
            TermEncoder.write(term, out);
        }
        var decoder = new TermDecoder(Binary.copyOf(out.toByteArray()), LIMITS);
        var found = new ArrayList<Term>();
        while (decoder.remaining() > 0) {
            found.add(decoder.readTerm());
        }
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void doesNotJoinALargeBinary() {
        Binary.Builder builder = Binary.builder();
        byte[] large = new byte[20_000_000];
        random.nextBytes(large);
        byte[] encoded = TermEncoder.encode(Tuple.of(Binary.copyOf(large), Binary.utf8("after")));
        for (int at = 0; at < encoded.length; at += 65_536) {
            builder.append(ByteBuffer.wrap(encoded, at, Math.min(65_536, encoded.length - at)));
        }
        Tuple tuple = (Tuple) new TermDecoder(builder.build(), LIMITS).readVersionedTerm();
        Binary found = (Binary) tuple.element(0);
        assertThat(found.asByteBuffers()).hasSizeGreaterThan(4);
        assertThat(found.asByteBuffer()).isEqualTo(ByteBuffer.wrap(large));
        assertThat(tuple.element(1)).isEqualTo(Binary.utf8("after"));
    }

    /** A list of terms of all sizes: some span windows. */
    private byte[] encoded(int size) {
        List<Term> some = new ArrayList<>();
        for (int left = size; left > 0; ) {
            Term next = switch (random.nextInt(200)) {
                case 0 -> Binary.copyOf(new byte[random.nextInt(150_000)]);
                case 1 -> ListTerm.ofBytes(new byte[random.nextInt(65_536)]);
                default -> terms.term(3);
            };
            some.add(next);
            left -= TermEncoder.encode(next).length;
        }
        return TermEncoder.encode(new ListTerm(some));
    }

    private byte[] truncated(byte[] bytes) {
        return Arrays.copyOf(bytes, random.nextInt(bytes.length));
    }

    private byte[] changed(byte[] bytes) {
        byte[] changed = bytes.clone();
        changed[random.nextInt(bytes.length)] = (byte) random.nextInt();
        return changed;
    }

    private static Object fromBuffer(byte[] bytes) {
        return read(new TermDecoder(ByteBuffer.wrap(bytes), LIMITS));
    }

    private static Object fromWindow(byte[] bytes, int windowBytes) {
        return read(new TermDecoder(Binary.copyOf(bytes), LIMITS, windowBytes));
    }

    /** Returns the term, or what was said about it, with how much heap it takes. */
    private static Object read(TermDecoder decoder) {
        try {
            Term term = decoder.readVersionedTerm();
            decoder.requireEnd();
            return List.of(term, decoder.heapBytes());
        } catch (EtfException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
