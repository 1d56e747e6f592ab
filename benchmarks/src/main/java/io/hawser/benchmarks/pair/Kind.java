package io.hawser.benchmarks.pair;

import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.Int;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.Arrays;
import java.util.Locale;

/** What is sent. */
enum Kind {
    /** {@code {tick, I}}. */
    SMALL(0),
    /** A binary of 27 bytes: as little as a frame of the floor can well have. */
    B27(27),
    /** A binary of 1 KiB. */
    K1(1 << 10),
    /** A binary of 64 KiB. */
    K64(1 << 16),
    /** A binary of 1 MiB. */
    M1(1 << 20),
    /** A binary of 64 MiB. */
    M64(1 << 26);

    /** What {@code {tick, I}} takes on the wire with its control message, about. */
    private static final int SMALL_FRAME_BYTES = 96;

    private static final Atom TICK = Atom.of("tick");

    private final int bytes;

    Kind(int bytes) {
        this.bytes = bytes;
    }

    static Kind named(String label) {
        for (Kind kind : values()) {
            if (kind.label().equals(label)) {
                return kind;
            }
        }
        throw new IllegalArgumentException(label + ": no kind of message (expected: small, b27, k1, k64, m1 or m64)");
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The size of the binary, 0 if this is none. */
    int bytes() {
        return bytes;
    }

    /** What the body of a frame holds where there are frames and no terms. */
    int frameBytes() {
        return this == SMALL ? SMALL_FRAME_BYTES : bytes;
    }

    /** Whether one sender is enough to be held up by nothing but the bytes. */
    boolean isLarge() {
        return bytes > K64.bytes;
    }

    /** How many of the smallest take as long as one, roughly. */
    int weight() {
        return 1 + (bytes >> 12);
    }

    /** What makes the messages of a burst: each of the small ones anew, as Erlang does. */
    Source source() {
        if (this == SMALL) {
            return i -> Tuple.of(TICK, Int.of(i));
        }
        byte[] content = new byte[bytes];
        Arrays.fill(content, (byte) 7);
        Term same = Binary.copyOf(content);
        return i -> same;
    }

    /** Makes messages. */
    interface Source {
        Term message(long number);
    }
}
