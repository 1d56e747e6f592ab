package io.hawser.cookie;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The acceptor's introduction and nonce. */
final class StrongChallenge {
    private static final int FIXED_BYTES = 15 + StrongSession.NONCE_BYTES;

    private final Introduction acceptor;
    private final byte[] nonce;

    StrongChallenge(Introduction acceptor, byte[] nonce) {
        this.acceptor = acceptor;
        this.nonce = nonce;
    }

    // 'C', flags in 8 bytes, creation in 4, nonce in 32, name length in 2, the name
    static StrongChallenge decode(ByteBuffer packet) {
        var in = new PacketReader("strong challenge", packet);
        in.tag('C');
        long flags = in.u64("flags");
        long creation = in.u32("creation");
        byte[] nonce = in.bytes("nonce", StrongSession.NONCE_BYTES);
        String name = in.text("name", in.u16("name length"));
        in.end();
        return new StrongChallenge(new Introduction(name, creation, flags), nonce);
    }

    ByteBuffer encode() {
        byte[] text = acceptor.name().getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(FIXED_BYTES + text.length)
                .put((byte) 'C')
                .putLong(acceptor.flags())
                .putInt((int) acceptor.creation())
                .put(nonce)
                .putShort((short) text.length)
                .put(text)
                .flip();
    }

    Introduction acceptor() {
        return acceptor;
    }

    byte[] nonce() {
        return nonce;
    }
}
