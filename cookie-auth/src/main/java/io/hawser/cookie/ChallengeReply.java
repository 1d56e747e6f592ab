package io.hawser.cookie;

import java.nio.ByteBuffer;

/** The initiator's proof and its own challenge. */
final class ChallengeReply {
    private final long challenge;
    private final byte[] digest;

    ChallengeReply(long challenge, byte[] digest) {
        this.challenge = challenge;
        this.digest = digest;
    }

    // 'r', challenge in 4 bytes, digest in 16
    static ChallengeReply decode(ByteBuffer packet) {
        var in = new PacketReader("challenge reply", packet);
        in.tag('r');
        var reply = new ChallengeReply(in.u32("challenge"), in.bytes("digest", Digest.BYTES));
        in.end();
        return reply;
    }

    ByteBuffer encode() {
        return ByteBuffer.allocate(1 + Integer.BYTES + Digest.BYTES)
                .put((byte) 'r')
                .putInt((int) challenge)
                .put(digest)
                .flip();
    }

    /** What the acceptor's digest must cover, unsigned 32 bits. */
    long challenge() {
        return challenge;
    }

    /** The digest of the acceptor's challenge. */
    byte[] digest() {
        return digest;
    }
}
