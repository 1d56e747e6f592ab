package io.hawser.cookie;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The initiator's first message.
 *
 * @param old whether it has the form that nodes of OTP 23 and 24 send when they did not ask EPMD
 * @param flags its distribution flags; in the old form the low 32 bits
 * @param creation its creation; in the old form 0, as it comes with the complement
 * @param name its name, as it came
 */
record SendName(boolean old, long flags, long creation, String name) {
    private static final int OLD_VERSION = 5;
    private static final int FIXED_BYTES = 15;
    private static final int OLD_FIXED_BYTES = 7;

    static SendName decode(ByteBuffer packet) {
        var in = new PacketReader("send_name", packet);
        int tag = in.u8("tag");
        return switch (tag) {
            case 'N' -> decodeNew(in);
            case 'n' -> decodeOld(in);
            default -> throw in.malformed("tag " + tag + " (expected: " + (int) 'N' + " or " + (int) 'n' + ")");
        };
    }

    // 'N', flags in 8 bytes, creation in 4, name length in 2, the name; what follows is ignored, as OTP does
    private static SendName decodeNew(PacketReader in) {
        long flags = in.u64("flags");
        long creation = in.u32("creation");
        return new SendName(false, flags, creation, in.text("name", in.u16("name length")));
    }

    // 'n', version in 2 bytes, flags in 4, the name to the end
    private static SendName decodeOld(PacketReader in) {
        int version = in.u16("version");
        if (version != OLD_VERSION) {
            throw in.malformed("version " + version + " (expected: " + OLD_VERSION + ")");
        }
        long flags = in.u32("flags");
        return new SendName(true, flags, 0, in.rest("name"));
    }

    ByteBuffer encode() {
        byte[] text = name.getBytes(StandardCharsets.ISO_8859_1);
        if (old) {
            return ByteBuffer.allocate(OLD_FIXED_BYTES + text.length)
                    .put((byte) 'n')
                    .putShort((short) OLD_VERSION)
                    .putInt((int) flags)
                    .put(text)
                    .flip();
        }
        return ByteBuffer.allocate(FIXED_BYTES + text.length)
                .put((byte) 'N')
                .putLong(flags)
                .putInt((int) creation)
                .putShort((short) text.length)
                .put(text)
                .flip();
    }
}
