package io.hawser.testing;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Bytes as lower case hex and back. */
public final class Hex {
    private Hex() {}

    /** Reads hex; white space between digits is ignored. */
    public static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s+", ""));
    }

    /** Writes bytes as hex. */
    public static String of(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** Writes what remains of the buffer as hex; its position stays. */
    public static String of(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return of(bytes);
    }
}
