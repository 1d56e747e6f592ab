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
    /** A binary of 1 KiB. */
    K1(1 << 10),
    /** A binary of 64 KiB. */
    K64(1 << 16),
    /** A binary of 1 MiB. */
    M1(1 << 20),
    /** A binary of 64 MiB. */
    M64(1 << 26);

    private static final Atom TICK = Atom.of("tick");

    private final int bytes;

    Kind(int bytes) {
        this.bytes = bytes;
    }

    static Kind named(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** How many of the smallest take as long as one, roughly. */
    int weight() {
        return 1 + (bytes >> 12);
    }

    /** What makes the messages of a burst: each of the small ones anew, as Erlang does. */
    Source source() {
        if (bytes == 0) {
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
