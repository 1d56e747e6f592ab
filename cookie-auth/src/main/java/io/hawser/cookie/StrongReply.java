package io.hawser.cookie;

import java.nio.ByteBuffer;

/** The initiator's nonce and proof. */
final class StrongReply {
    private final byte[] nonce;
    private final byte[] proof;

    StrongReply(byte[] nonce, byte[] proof) {
        this.nonce = nonce;
        this.proof = proof;
    }

    // 'R', nonce in 32 bytes, proof in 32
    static StrongReply decode(ByteBuffer packet) {
        var in = new PacketReader("strong reply", packet);
        in.tag('R');
        var reply = new StrongReply(in.bytes("nonce", StrongSession.NONCE_BYTES), in.bytes("proof", Hkdf.HASH_BYTES));
        in.end();
        return reply;
    }

    ByteBuffer encode() {
        return ByteBuffer.allocate(1 + StrongSession.NONCE_BYTES + Hkdf.HASH_BYTES)
                .put((byte) 'R')
                .put(nonce)
                .put(proof)
                .flip();
    }

    byte[] nonce() {
        return nonce;
    }

    byte[] proof() {
        return proof;
    }
}
