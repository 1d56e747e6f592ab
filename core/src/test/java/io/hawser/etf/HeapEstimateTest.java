package io.hawser.etf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.term.Atom;
import io.hawser.term.Term;
import io.hawser.testing.Hex;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The estimate held against what the heap says after a collection. */
class HeapEstimateTest {
    private static final int HEAP_BYTES = 24_000_000;
    private static final int ATTEMPTS = 3;

    /** What is collected or kept meanwhile by others. */
    private static final long NOISE_BYTES = 600_000;

    /** Elements count twice their reference. */
    private static final double AT_MOST = 2.1;

    @ParameterizedTest(name = "a tuple of {0}")
    @ValueSource(
            strings = {
                "6a", // [], as small integers, empty tuples and maps: the element alone
                "68016a", // {[]}
                "680261006101", // {0, 1}
                "68036a6a6a", // {[], [], []}
                "680e6a6a6a6a6a6a6a6a6a6a6a6a6a6a",
                "6c000000016a6a", // [[]]
                "6c0000000161616162", // [97|98], an improper list
                "6b000178", // "x"
                "7400000001616a6a", // #{106 => []}
                "7400000003616a6a616b6a61696a", // out of order
                "6d00000000", // <<>>
                "6d0000000178",
                "4d000000010180",
                "627fffffff",
                "6e0800ffffffffffffff7f",
                "6e1000ffffffffffffffffffffffffffffffff",
                "463ff8000000000000",
                "58770161000000010000000200000003",
                "7877016100000000000000010000002a",
                "5a0001770161000000010000002a",
                "5a0005770161000000010000002a0000000000000000000000000000002a",
                "71770161770162610a",
                "4300000001017701617701627701636a",
            })
    void isAboutWhatTheHeapHolds(String element) {
        byte[] unit = Hex.bytes(element);
        int repeats = HEAP_BYTES / (int) estimate(tuple(unit, 100)) * 100;
        byte[] tuple = tuple(unit, repeats);
        long estimate = estimate(tuple);
        long held = 0;
        for (int i = 0; i < ATTEMPTS; i++) {
            held = heldBy(tuple);
            if (estimate >= held - NOISE_BYTES && estimate <= AT_MOST * (held + NOISE_BYTES)) {
                return;
            }
        }
        assertThat((double) estimate).isBetween((double) held - NOISE_BYTES, AT_MOST * (held + NOISE_BYTES));
    }

    @Test
    void countsEachNewAtomAndSharedOnesOnce() {
        byte[] same = tuple(Hex.bytes("7703616263"), 1000);
        assertThat(estimate(same)).isBetween(8_000L, 8_200L);
        var different = new ByteOutput(16_000);
        different.u8(105);
        different.u32(1000);
        for (int i = 0; i < 1000; i++) {
            TermEncoder.write(Atom.of("name" + i), different);
        }
        assertThat(estimate(different.toByteArray())).isGreaterThan(1000 * (16 + 24 + 24));
    }

    @Test
    void refusesTermsBeyondTheBound() {
        assertThatThrownBy(() -> decoder(tuple(Hex.bytes("6a"), 1000), 5000).readTerm())
                .isInstanceOf(EtfException.class)
                .hasMessage("LARGE_TUPLE_EXT at offset 0: about 8056 bytes of heap (expected: at most 5000)");
        assertThat(decoder(tuple(Hex.bytes("6a"), 1000), 8056).readTerm()).isNotNull();
        assertThatThrownBy(() -> decoder(Hex.bytes("68026d00000064" + "00".repeat(100) + "6a"), 200)
                        .readTerm())
                .hasMessage("BINARY_EXT at offset 2: about 220 bytes of heap (expected: at most 200)");
    }

    @Test
    void boundsTheTermsOfOneBufferTogether() {
        TermDecoder decoder = decoder(Hex.bytes("68016a" + "68016a"), 100);
        decoder.readTerm();
        assertThatThrownBy(decoder::readTerm).isInstanceOf(EtfException.class);
        decoder.reset(ByteBuffer.wrap(Hex.bytes("68016a")));
        assertThat(decoder.readTerm()).isNotNull();
        assertThat(decoder.heapBytes()).isEqualTo(64);
    }

    @Test
    void boundsCompressedTermsAsOthers() {
        byte[] compressed = compressed(tuple(Hex.bytes("6a"), 1000));
        var limits = DecodeLimits.STANDALONE.withMaxHeapBytes(5000);
        assertThatThrownBy(() -> new TermDecoder(ByteBuffer.wrap(compressed), limits).readVersionedTerm())
                .hasMessage("LARGE_TUPLE_EXT at offset 0: about 8056 bytes of heap (expected: at most 5000)");
        var decoder = new TermDecoder(ByteBuffer.wrap(compressed), DecodeLimits.STANDALONE);
        decoder.readVersionedTerm();
        assertThat(decoder.heapBytes()).isEqualTo(8056);
    }

    private static byte[] compressed(byte[] term) {
        var deflater = new Deflater();
        deflater.setInput(term);
        deflater.finish();
        byte[] packed = new byte[term.length + 100];
        int length = deflater.deflate(packed);
        deflater.end();
        var out = new ByteOutput(length + 6);
        out.u8(131);
        out.u8(80);
        out.u32(term.length);
        out.bytes(packed, 0, length);
        return out.toByteArray();
    }

    /** A tuple of equal elements. */
    private static byte[] tuple(byte[] element, int repeats) {
        var out = new ByteOutput(repeats * element.length + 5);
        out.u8(105);
        out.u32(repeats);
        for (int i = 0; i < repeats; i++) {
            out.bytes(element, 0, element.length);
        }
        return out.toByteArray();
    }

    private static TermDecoder decoder(byte[] bytes, long maxHeapBytes) {
        return new TermDecoder(ByteBuffer.wrap(bytes), DecodeLimits.CONNECTION.withMaxHeapBytes(maxHeapBytes));
    }

    private static long estimate(byte[] bytes) {
        TermDecoder decoder = decoder(bytes, Long.MAX_VALUE);
        decoder.readTerm();
        return decoder.heapBytes();
    }

    private static long heldBy(byte[] bytes) {
        long before = usedAfterCollection();
        Term term = decoder(bytes, Long.MAX_VALUE).readTerm();
        try {
            return usedAfterCollection() - before;
        } finally {
            Reference.reachabilityFence(term);
        }
    }

    private static long usedAfterCollection() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
