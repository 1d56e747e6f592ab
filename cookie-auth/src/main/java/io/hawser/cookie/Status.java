package io.hawser.cookie;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The acceptor's answer to a name, and the initiator's answer to {@code alive}.
 *
 * @param text the status, as it came
 */
record Status(String text) {
    static final String OK = "ok";
    static final String OK_SIMULTANEOUS = "ok_simultaneous";
    static final String NOK = "nok";
    static final String NOT_ALLOWED = "not_allowed";
    static final String ALIVE = "alive";
    static final String TRUE = "true";
    static final String FALSE = "false";

    /** Starts the answer to an initiator that asked for a name. */
    static final String NAMED = "named:";

    // 's', the text to the end
    static Status decode(ByteBuffer packet) {
        var in = new PacketReader("status", packet);
        in.tag('s');
        return new Status(in.rest("text"));
    }

    static ByteBuffer encode(String text) {
        return ByteBuffer.allocate(1 + text.length())
                .put((byte) 's')
                .put(text.getBytes(StandardCharsets.ISO_8859_1))
                .flip();
    }
}
