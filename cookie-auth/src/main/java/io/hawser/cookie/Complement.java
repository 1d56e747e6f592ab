package io.hawser.cookie;

import java.nio.ByteBuffer;

/**
 * What the old send_name left out.
 *
 * @param flagsHigh the high 32 bits of the initiator's flags
 * @param creation the initiator's creation
 */
record Complement(long flagsHigh, long creation) {
    private static final int BYTES = 9;

    // 'c', high flags in 4 bytes, creation in 4
    static Complement decode(ByteBuffer packet) {
        var in = new PacketReader("complement", packet);
        in.tag('c');
        var complement = new Complement(in.u32("flags"), in.u32("creation"));
        in.end();
        return complement;
    }

    ByteBuffer encode() {
        return ByteBuffer.allocate(BYTES)
                .put((byte) 'c')
                .putInt((int) flagsHigh)
                .putInt((int) creation)
                .flip();
    }
}
