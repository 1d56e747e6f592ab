package io.hawser.cookie;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The acceptor's name and challenge.
 *
 * @param flags its distribution flags
 * @param challenge what the initiator's digest must cover, unsigned 32 bits
 * @param creation its creation
 * @param name its name, as it came
 */
record Challenge(long flags, long challenge, long creation, String name) {
    private static final int FIXED_BYTES = 19;

    // 'N', flags in 8 bytes, challenge in 4, creation in 4, name length in 2, the name; what follows is ignored
    static Challenge decode(ByteBuffer packet) {
        var in = new PacketReader("challenge", packet);
        in.tag('N');
        long flags = in.u64("flags");
        long challenge = in.u32("challenge");
        long creation = in.u32("creation");
        return new Challenge(flags, challenge, creation, in.text("name", in.u16("name length")));
    }

    ByteBuffer encode() {
        byte[] text = name.getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(FIXED_BYTES + text.length)
                .put((byte) 'N')
                .putLong(flags)
                .putInt((int) challenge)
                .putInt((int) creation)
                .putShort((short) text.length)
                .put(text)
                .flip();
    }
}
