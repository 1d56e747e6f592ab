package io.hawser.cookie;

import java.nio.ByteBuffer;

/** The acceptor's proof. */
final class ChallengeAck {
    private final byte[] digest;

    ChallengeAck(byte[] digest) {
        this.digest = digest;
    }

    // 'a', digest in 16 bytes
    static ChallengeAck decode(ByteBuffer packet) {
        var in = new PacketReader("challenge ack", packet);
        in.tag('a');
        var ack = new ChallengeAck(in.bytes("digest", Digest.BYTES));
        in.end();
        return ack;
    }

    ByteBuffer encode() {
        return ByteBuffer.allocate(1 + Digest.BYTES).put((byte) 'a').put(digest).flip();
    }

    /** The digest of the initiator's challenge. */
    byte[] digest() {
        return digest;
    }
}
