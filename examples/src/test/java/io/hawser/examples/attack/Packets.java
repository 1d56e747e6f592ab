package io.hawser.examples.attack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hawser.handshake.DistFlag;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The packets of OTP's handshake, with whatever an attacker puts into them.
 *
 * @see <a href="https://www.erlang.org/doc/apps/erts/erl_dist_protocol.html#distribution-handshake">Distribution
 *     handshake</a>
 */
final class Packets {
    private static final int CREATION = 77;

    private Packets() {}

    // 'N', flags u64, creation u32, name length u16, name
    static byte[] sendName(String name) {
        byte[] bytes = name.getBytes(ISO_8859_1);
        return ByteBuffer.allocate(15 + bytes.length)
                .put((byte) 'N')
                .putLong(DistFlag.RECOMMENDED_HIDDEN)
                .putInt(CREATION)
                .putShort((short) bytes.length)
                .put(bytes)
                .array();
    }

    // 's', text
    static byte[] status(String text) {
        return ("s" + text).getBytes(ISO_8859_1);
    }

    // 'N', flags u64, challenge u32, creation u32, name length u16, name
    static byte[] challenge(String name, int challenge) {
        byte[] bytes = name.getBytes(ISO_8859_1);
        return ByteBuffer.allocate(19 + bytes.length)
                .put((byte) 'N')
                .putLong(DistFlag.RECOMMENDED_HIDDEN)
                .putInt(challenge)
                .putInt(CREATION)
                .putShort((short) bytes.length)
                .put(bytes)
                .array();
    }

    /** The number in a challenge. */
    static int numberIn(byte[] challenge) {
        return ByteBuffer.wrap(challenge).getInt(9);
    }

    // 'r', challenge u32, digest 16
    static byte[] reply(int challenge, byte[] digest) {
        return ByteBuffer.allocate(5 + digest.length)
                .put((byte) 'r')
                .putInt(challenge)
                .put(digest)
                .array();
    }

    /** The digest in a reply. */
    static byte[] digestIn(byte[] reply) {
        return Arrays.copyOfRange(reply, 5, reply.length);
    }

    // 'a', digest 16
    static byte[] ack(byte[] digest) {
        return ByteBuffer.allocate(1 + digest.length)
                .put((byte) 'a')
                .put(digest)
                .array();
    }

    /** What whoever knows the cookie answers to a challenge. */
    static byte[] digest(String cookie, int challenge) {
        try {
            return MessageDigest.getInstance("MD5")
                    .digest((cookie + Integer.toUnsignedString(challenge)).getBytes(ISO_8859_1));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
