package io.hawser.etf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.ListTerm;
import io.hawser.term.MapTerm;
import io.hawser.term.NativeRecord;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import io.hawser.testing.Hex;
import io.hawser.testing.RandomTerms;
import io.hawser.testing.Vectors;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that lie. */
class HostileInputTest {
    private static final int SMALL_STACK = 256 * 1024;
    private static final int LONG_TERM = 2000;

    /** What decoding may allocate for each byte; tuples of one element, 2 bytes each, need about 40. */
    private static final long ALLOCATED_PER_BYTE = 96;

    private static final long ALLOCATED_ALWAYS = 64 * 1024;

    private static List<byte[]> validEncodings() {
        var all = new ArrayList<byte[]>();
        for (var vector : Vectors.lines("/io/hawser/etf/etf.jsonl")) {
            for (var forms : vector.get("enc")) {
                for (var hex : forms) {
                    byte[] bytes = Hex.bytes(hex.asText());
                    all.add(bytes);
                }
            }
        }
        return all;
    }

    @Test
    void rejectsEveryPrefixOfAValidEncoding() {
        for (byte[] bytes : validEncodings()) {
            int step = 1 + bytes.length / 200; // the prefixes of a long binary differ in their length only
            for (int length = 0; length < bytes.length; length += step) {
                assertThat(decodes(ByteBuffer.wrap(bytes, 0, length), DecodeLimits.STANDALONE))
                        .isFalse();
            }
        }
    }

    @Test
    void survivesEveryBitFlipOfAValidEncoding() {
        for (byte[] bytes : validEncodings()) {
            // the heads of long terms are where it matters
            int flipped = bytes.length < LONG_TERM ? Math.min(bytes.length, 250) : 16;
            for (int bit = 0; bit < 8 * flipped; bit++) {
                bytes[bit / 8] ^= (byte) (1 << bit % 8);
                decodes(ByteBuffer.wrap(bytes), DecodeLimits.CONNECTION);
                bytes[bit / 8] ^= (byte) (1 << bit % 8);
            }
        }
    }

    @Test
    void survivesRandomBytes() {
        long seed = System.nanoTime();
        System.out.println("HostileInputTest seed " + seed);
        var random = new Random(seed);
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = new byte[1 + random.nextInt(60)];
            random.nextBytes(bytes);
            for (int j = 1; j < bytes.length; j++) {
                if (random.nextInt(3) == 0) {
                    bytes[j] = (byte) (random.nextBoolean() ? 97 + random.nextInt(24) : random.nextInt(4));
                }
            }
            bytes[0] = (byte) 131;
            decodes(ByteBuffer.wrap(bytes), DecodeLimits.CONNECTION);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "83, no bytes left at offset 1 (expected: a term)",
        "'', version byte: no bytes (expected: 131)",
        "61, version byte: 97 (expected: 131)",
        "836e0900, 'SMALL_BIG_EXT at offset 1: n=9, 0 bytes remain (expected: at least 1 each)'",
        "8369ffffffff, 'LARGE_TUPLE_EXT at offset 1: n=4294967295, 0 bytes remain (expected: at least 1 each)'",
        "83747fffffff61016102, 'MAP_EXT at offset 1: n=2147483647, 4 bytes remain (expected: at least 2 each)'",
        "83680277016f7701ff, SMALL_ATOM_UTF8_EXT at offset 6: invalid UTF-8 in 1 bytes of text",
        "837901, tag 121 at offset 1: not a term that nodes exchange",
        "836f00010001000000, LARGE_BIG_EXT at offset 1: n=65537 (expected: at most 65536 bytes)",
        "835200, 'ATOM_CACHE_REF at offset 1: index 0, no distribution header'",
        "8374000000026101610261016103, 'SMALL_INTEGER_EXT at offset 12: ends an ill-formed term: map: a key stands twice among 2 (expected: different keys)'",
        "8350000000026d6d, compressed term at offset 1: not a zlib stream",
        "835000000002789c, compressed term at offset 1: zlib stream is cut short or needs a dictionary",
        "4300000002020000, version byte: 67 (expected: 131)",
        "8343000000000377016d77016e, NATIVE_RECORD_EXT at offset 1: flags 3 (expected: 0 or 1)",
    })
    void saysWhereAndWhat(String hex, String message) {
        assertThatThrownBy(() -> TermDecoder.decode(Hex.bytes(hex)))
                .isInstanceOf(EtfException.class)
                .hasMessage(message);
    }

    @Test
    void reservesNothingForElementsThatAreOnlyAnnounced() {
        // each of a thousand tuples claims all bytes that remain
        var claims = new ByteOutput(8 * 1024);
        claims.u8(131);
        for (int i = 1000; i > 0; i--) {
            claims.u8(105);
            claims.u32(5L * (i - 1));
        }
        assertThat(allocatedBy(() -> decodes(ByteBuffer.wrap(claims.toByteArray()), DecodeLimits.CONNECTION)))
                .isLessThan(ALLOCATED_ALWAYS + ALLOCATED_PER_BYTE * claims.size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "6801",
                "6c00000001",
                "7400000001",
                "6a",
                "6d00000000",
                "6b000100",
                "6101",
                "770161",
                "4d0000000101ff",
                "6c000000016a",
                "6e0100ff",
                "62000fffff",
                "58770161000000000000000000000000"
            })
    void allocatesInProportionToTheBytesThatCame(String unit) {
        byte[] bytes = Hex.bytes(unit);
        int repeats = 9_000;
        var out = new ByteOutput(repeats * bytes.length + 16);
        out.u8(131);
        boolean nests = unit.equals("6801") || unit.startsWith("6c") || unit.startsWith("74");
        if (!nests) {
            out.u8(105);
            out.u32(repeats);
        }
        for (int i = 0; i < repeats; i++) {
            out.bytes(bytes, 0, bytes.length);
            if (unit.startsWith("74")) {
                out.u8(106); // the key
            }
        }
        out.u8(106);
        byte[] packet = out.toByteArray();
        Runnable decode = () -> decodes(ByteBuffer.wrap(packet), DecodeLimits.CONNECTION);
        decode.run();
        assertThat(allocatedBy(decode)).isLessThan(ALLOCATED_ALWAYS + ALLOCATED_PER_BYTE * packet.length);
    }

    @Test
    void allocatesInProportionForListsAsTailsOfLists() {
        // [0 | [0 | [0 | ...]]], each a list of its own: joining them one by one would copy the square of their number
        int lists = 100_000;
        var out = new ByteOutput(16 * lists);
        out.u8(131);
        for (int i = 0; i < lists; i++) {
            out.u8(108);
            out.u32(1);
            out.u8(106);
        }
        out.u8(106);
        assertThat(allocatedBy(() -> assertThat(((ListTerm) TermDecoder.decode(out.toByteArray())).elements())
                        .hasSize(lists)))
                .isLessThan(ALLOCATED_ALWAYS + ALLOCATED_PER_BYTE * out.size());
    }

    @Test
    void forgetsAtomsThatAPeerMakesUp() {
        var decoder = new TermDecoder(ByteBuffer.allocate(0), DecodeLimits.CONNECTION);
        for (int i = 0; i < 100_000; i++) {
            decoder.reset(ByteBuffer.wrap(TermEncoder.encode(Atom.of("made_up_" + i))));
            assertThat(((Atom) decoder.readVersionedTerm()).text()).isEqualTo("made_up_" + i);
        }
        decoder.reset(ByteBuffer.wrap(Hex.bytes("6803" + "7703666f6f" + "7703666f6f" + "7303666f6f")));
        Tuple same = (Tuple) decoder.readTerm();
        assertThat(same.element(0)).isSameAs(same.element(1)).isSameAs(same.element(2));
    }

    @Test
    void takesDepthFromNoStack() throws InterruptedException {
        for (String layer : List.of("6801", "6c00000001", "740000000161 00", "7400000001")) {
            byte[] encoded = nested(layer, DecodeLimits.CONNECTION.maxDepth());
            onSmallStack(() -> {
                Term term = TermDecoder.decode(encoded);
                assertThat(TermEncoder.encode(term)).hasSameSizeAs(encoded);
                assertThat(TermDecoder.decode(encoded)).isEqualTo(term);
            });
        }
    }

    @Test
    void rejectsDeeperTermsThanTheLimit() {
        byte[] tooDeep = nested("6801", DecodeLimits.CONNECTION.maxDepth() + 1);
        assertThatThrownBy(() -> TermDecoder.decode(tooDeep))
                .isInstanceOf(EtfException.class)
                .hasMessage("SMALL_TUPLE_EXT at offset 20001: nested deeper than 10000");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64, 65, 66, 100, 200})
    void countsDepthAlikeOnAllLevels(int maxDepth) {
        var limits = new DecodeLimits(maxDepth, 8, 0, 1 << 20);
        for (String layer :
                List.of("6801", "6c00000001", "6c0000000161056c00000001", "740000000161 00", "7400000001")) {
            int levels = maxDepth;
            byte[] deepest = nested(layer, levels);
            byte[] tooDeep = nested(layer, levels + 1);
            assertThat(decodes(ByteBuffer.wrap(deepest), limits)).isTrue();
            assertThatThrownBy(() -> new TermDecoder(ByteBuffer.wrap(tooDeep), limits).readVersionedTerm())
                    .isInstanceOf(EtfException.class)
                    .hasMessageEndingWith("nested deeper than " + maxDepth);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 62, 63, 64, 65, 130})
    void readsListsThatGoOnInTheirTailOnAllLevels(int levels) {
        String around = "6801".repeat(levels);
        for (String list : List.of(
                "6c000000016105" + "6c00000001612a" + "6a",
                "6c000000016105" + "6b00012a",
                "6c00000000" + "6c00000002" + "6105612a" + "6a",
                "6c000000016105" + "6c00000000" + "6b00012a")) {
            Term term = TermDecoder.decode(Hex.bytes("83" + around + list));
            for (int i = 0; i < levels; i++) {
                term = ((Tuple) term).element(0);
            }
            assertThat(term).isEqualTo(ListTerm.of(Int.of(5), Int.of(42)));
        }
        Term improper = TermDecoder.decode(Hex.bytes("83" + around + "6c00000000" + "6105"));
        Term fun = TermDecoder.decode(Hex.bytes("83" + around + "4300000001017701617701627701636a"));
        for (int i = 0; i < levels; i++) {
            improper = ((Tuple) improper).element(0);
            fun = ((Tuple) fun).element(0);
        }
        assertThat(improper).isEqualTo(Int.of(5));
        assertThat(fun).isInstanceOf(NativeRecord.class);
    }

    @Test
    void encodesDeeperTermsThanItsStack() throws InterruptedException {
        Term term = ListTerm.EMPTY;
        for (int i = 0; i < 100_000; i++) {
            term = i % 2 == 0
                    ? Tuple.of(term, Int.of(i))
                    : MapTerm.ofEntries(new Term[] {Int.of(i)}, new Term[] {term});
        }
        Term deep = term;
        onSmallStack(() -> assertThat(TermEncoder.encode(deep)).hasSizeGreaterThan(700_000));
    }

    @Test
    void readsDirectAndOffsetBuffersAsItReadsArrays() {
        var terms = new RandomTerms(new Random(5), false);
        for (int i = 0; i < 300; i++) {
            Term first = terms.term(3);
            Term second = terms.term(3);
            var out = new ByteOutput(64);
            TermEncoder.write(first, out);
            TermEncoder.writeVersioned(second, out);
            for (ByteBuffer target :
                    List.of(ByteBuffer.allocateDirect(out.size() + 9), ByteBuffer.allocate(out.size() + 9))) {
                target.position(2);
                ByteBuffer packet =
                        target.slice().put(3, out.toByteArray()).position(3).limit(out.size() + 3);
                for (ByteBuffer view : List.of(packet.duplicate(), packet.asReadOnlyBuffer(), packet)) {
                    var decoder = new TermDecoder(view, DecodeLimits.CONNECTION);
                    assertThat(decoder.remaining()).isEqualTo(out.size());
                    assertThat(decoder.readTerm()).isEqualTo(first);
                    assertThat(decoder.remaining()).isEqualTo(view.remaining());
                    assertThat(decoder.readVersionedTerm()).isEqualTo(second);
                    assertThat(view.hasRemaining()).isFalse();
                }
            }
        }
    }

    @Test
    void refusesCompressedTermsOnConnections() {
        byte[] bytes = Hex.bytes("835000000002789c4b64040000c50063");
        assertThat(TermDecoder.decode(bytes)).isEqualTo(Int.of(1));
        assertThatThrownBy(() -> new TermDecoder(ByteBuffer.wrap(bytes), DecodeLimits.CONNECTION).readVersionedTerm())
                .isInstanceOf(EtfException.class)
                .hasMessage("compressed term at offset 1: 2 bytes when inflated (expected: at most 0)");
    }

    @Test
    void inflatesNoFurtherThanTheLimit() {
        byte[] zeros = new byte[50_000_000];
        zeros[0] = 109; // a binary
        ByteBuffer.wrap(zeros).putInt(1, zeros.length - 5);
        var deflater = new Deflater();
        deflater.setInput(zeros);
        deflater.finish();
        var packed = new ByteArrayOutputStream();
        byte[] chunk = new byte[64 * 1024];
        while (!deflater.finished()) {
            packed.write(chunk, 0, deflater.deflate(chunk));
        }
        deflater.end();
        var bomb = new ByteOutput(100_000);
        bomb.u8(131);
        bomb.u8(80);
        bomb.u32(1000); // understates
        bomb.bytes(ByteBuffer.wrap(packed.toByteArray()));
        assertThat(allocatedBy(() -> assertThatThrownBy(() -> TermDecoder.decode(bomb.toByteArray()))
                        .hasMessage("compressed term at offset 1: more bytes when inflated than the 1000 announced")))
                .isLessThan(2_000_000);
        bomb.setU32(2, zeros.length);
        var limits = new DecodeLimits(10, 8, 1_000_000, 1_000_000);
        assertThatThrownBy(() -> new TermDecoder(bomb.asByteBuffer(), limits).readVersionedTerm())
                .hasMessage("compressed term at offset 1: 50000000 bytes when inflated (expected: at most 1000000)");
    }

    /** Returns whether bytes are a term; any failure but the one that says so fails the test. */
    private static boolean decodes(ByteBuffer bytes, DecodeLimits limits) {
        try {
            new TermDecoder(bytes, limits).readVersionedTerm();
            return true;
        } catch (EtfException e) {
            return false;
        }
    }

    private static long allocatedBy(Runnable action) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        action.run(); // classes are loaded now
        long before = threads.getCurrentThreadAllocatedBytes();
        action.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static byte[] nested(String layer, int depth) {
        byte[] head = Hex.bytes(layer);
        var out = new ByteOutput(depth * 8);
        out.u8(131);
        for (int i = 0; i < depth; i++) {
            out.bytes(head, 0, head.length);
        }
        out.u8(106);
        if (layer.startsWith("6c") || layer.equals("7400000001")) {
            for (int i = 0; i < depth; i++) {
                out.u8(106); // the tail, or the value of a map that is a key
            }
        }
        return out.toByteArray();
    }

    private static void onSmallStack(Runnable action) throws InterruptedException {
        var failure = new AtomicReference<Throwable>();
        var thread = new Thread(null, action, "small-stack", SMALL_STACK);
        thread.setUncaughtExceptionHandler((t, e) -> failure.set(e));
        thread.start();
        thread.join();
        assertThat(failure.get()).isNull();
    }
}
