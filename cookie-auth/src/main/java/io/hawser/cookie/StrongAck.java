package io.hawser.cookie;

import java.nio.ByteBuffer;

/** The acceptor's proof. */
final class StrongAck {
    private final byte[] proof;

    StrongAck(byte[] proof) {
        this.proof = proof;
    }

    // 'A', proof in 32 bytes
    static StrongAck decode(ByteBuffer packet) {
        var in = new PacketReader("strong ack", packet);
        in.tag('A');
        var ack = new StrongAck(in.bytes("proof", Hkdf.HASH_BYTES));
        in.end();
        return ack;
    }

    ByteBuffer encode() {
        return ByteBuffer.allocate(1 + Hkdf.HASH_BYTES)
                .put((byte) 'A')
                .put(proof)
                .flip();
    }

    byte[] proof() {
        return proof;
    }
}
