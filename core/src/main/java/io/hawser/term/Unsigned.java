package io.hawser.term;

/** Checks of unsigned ranges. */
final class Unsigned {
    static final long MAX_32 = 0xFFFF_FFFFL;

    private Unsigned() {}

    static void check32(String what, long value) {
        if (value < 0 || value > MAX_32) {
            throw new IllegalArgumentException(what + ": " + value + " (expected: 0 to " + MAX_32 + ")");
        }
    }
}
