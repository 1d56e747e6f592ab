package io.hawser.etf;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.term.Binary;
import io.hawser.term.Term;
import io.hawser.term.TermParseException;
import io.hawser.term.TermParser;
import io.hawser.term.TermPrinter;
import io.hawser.testing.AllocationMeter;
import io.hawser.testing.FuzzInputs;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whatever the bytes are: they are refused, or are a term that can be encoded, read back, printed and parsed. */
class TermDecoderFuzzTest {
    private static final int MAX_INFLATED_BYTES = 4096;
    private static final DecodeLimits LIMITS = new DecodeLimits(10_000, 64 * 1024, MAX_INFLATED_BYTES, 1 << 20);

    /** What a decoder may allocate for each byte it read, garbage included, and besides. */
    private static final int BYTES_PER_BYTE = 128;

    private static final int BYTES_AT_LEAST = 256 * 1024;

    /** Pids, ports, references and funs have no syntax, and a record that is not exported is read as one that is. */
    private static final Pattern NO_SYNTAX = Pattern.compile("#[^{]|(?<!<)<(?!<)");

    private final AllocationMeter meter = new AllocationMeter();

    /** What Jazzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        new TermDecoderFuzzTest().decodes(input);
    }

    @FuzzInputs
    void decodes(byte[] input) {
        long bound = BYTES_AT_LEAST + (long) BYTES_PER_BYTE * (input.length + MAX_INFLATED_BYTES);
        // the first time, classes may be loaded
        if (bytesAllocatedFor(input) > bound) {
            assertThat(bytesAllocatedFor(input)).isLessThanOrEqualTo(bound);
        }
        assertThatAWindowShowsTheSame(input);
        Term term = decodedOrNull(input);
        if (term != null) {
            byte[] encoded = TermEncoder.encode(term);
            assertThat(read(encoded)).isEqualTo(term).hasSameHashCodeAs(term);
            assertThat(TermEncoder.encode(read(encoded))).isEqualTo(encoded);
            assertIsPrintedSoThatItCanBeParsed(term);
        }
    }

    private static void assertThatAWindowShowsTheSame(byte[] input) {
        int windowBytes = 1 + input.length % 23;
        var window = new TermDecoder(Binary.copyOf(input), LIMITS, windowBytes);
        var buffer = new TermDecoder(ByteBuffer.wrap(input), LIMITS);
        assertThat(termOrMessage(window)).isEqualTo(termOrMessage(buffer));
    }

    private static Object termOrMessage(TermDecoder decoder) {
        try {
            Term term = decoder.readVersionedTerm();
            decoder.requireEnd();
            return term;
        } catch (EtfException refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    private long bytesAllocatedFor(byte[] input) {
        long before = meter.allocatedBytes();
        Term unused = decodedOrNull(input);
        return meter.allocatedBytes() - before;
    }

    private static @Nullable Term decodedOrNull(byte[] input) {
        try {
            return read(input);
        } catch (EtfException refused) {
            return null;
        }
    }

    private static Term read(byte[] bytes) {
        var decoder = new TermDecoder(ByteBuffer.wrap(bytes), LIMITS);
        Term term = decoder.readVersionedTerm();
        decoder.requireEnd();
        return term;
    }

    private static void assertIsPrintedSoThatItCanBeParsed(Term term) {
        String text = TermPrinter.print(term);
        assertThat(TermPrinter.pretty(term)).isNotEmpty();
        boolean hasSyntax = !NO_SYNTAX.matcher(text).find();
        try {
            Term parsed = TermParser.parse(text);
            if (hasSyntax) {
                assertThat(parsed).isEqualTo(term);
            }
        } catch (TermParseException e) {
            if (hasSyntax) {
                throw new AssertionError(text, e);
            }
        }
    }
}
