package io.hawser.epmd;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Collection;

/**
 * The bytes of EPMD's requests and answers. Names are bytes to EPMD, so they are read as Latin-1.
 *
 * @see <a href="https://www.erlang.org/doc/apps/erts/erl_dist_protocol.html">Distribution protocol, EPMD protocol</a>
 */
final class EpmdWire {
    static final int ALIVE2_REQ = 120;
    static final int ALIVE2_X_RESP = 118;
    static final int ALIVE2_RESP = 121;
    static final int PORT_PLEASE2_REQ = 122;
    static final int PORT2_RESP = 119;
    static final int NAMES_REQ = 110;

    static final int OK = 0;
    static final int REFUSED = 1;
    static final int MAX_NAME_BYTES = 255;

    /** What epmd answers as the creation of a name it refuses. */
    private static final int NO_CREATION = 99;

    /** From this version on a node knows creations of four bytes. */
    private static final int VERSION_WITH_LONG_CREATION = 6;

    /** Everything of a description but the two texts: port, type, protocol, two versions, two lengths. */
    private static final int FIXED_BYTES = 2 + 1 + 1 + 2 + 2 + 2 + 2;

    private EpmdWire() {}

    // length u16 | 120 | description
    static ByteBuffer aliveRequest(EpmdNode node) {
        ByteBuffer out = ByteBuffer.allocate(2 + 1 + descriptionBytes(node));
        out.putShort((short) (out.capacity() - 2)).put((byte) ALIVE2_REQ);
        putDescription(out, node);
        return out.flip();
    }

    // length u16 | 122 | name
    static ByteBuffer portRequest(String name) {
        ByteBuffer out = ByteBuffer.allocate(2 + 1 + name.length());
        out.putShort((short) (1 + name.length())).put((byte) PORT_PLEASE2_REQ);
        return out.put(name.getBytes(ISO_8859_1)).flip();
    }

    // length u16 | 110
    static ByteBuffer namesRequest() {
        return ByteBuffer.allocate(3).putShort((short) 1).put((byte) NAMES_REQ).flip();
    }

    // 118 | result u8 | creation u32, or to nodes of OTP 22 and older: 121 | result u8 | creation u16
    static ByteBuffer aliveAnswer(int highest, int result, long creation) {
        long told = result == OK ? creation : NO_CREATION;
        if (highest >= VERSION_WITH_LONG_CREATION) {
            ByteBuffer out = ByteBuffer.allocate(6);
            return out.put((byte) ALIVE2_X_RESP)
                    .put((byte) result)
                    .putInt((int) told)
                    .flip();
        }
        // these nodes have two bits for it, and keep 0 for themselves
        long shortened = result == OK ? told % 3 + 1 : told;
        ByteBuffer out = ByteBuffer.allocate(4);
        return out.put((byte) ALIVE2_RESP)
                .put((byte) result)
                .putShort((short) shortened)
                .flip();
    }

    // 119 | 0 | description
    static ByteBuffer portAnswer(EpmdNode node) {
        ByteBuffer out = ByteBuffer.allocate(2 + descriptionBytes(node));
        out.put((byte) PORT2_RESP).put((byte) OK);
        putDescription(out, node);
        return out.flip();
    }

    // 119 | 1
    static ByteBuffer unknownAnswer() {
        return ByteBuffer.allocate(2).put((byte) PORT2_RESP).put((byte) REFUSED).flip();
    }

    // port of EPMD u32 | one line of text per node
    static ByteBuffer namesAnswer(int epmdPort, Collection<EpmdNode> nodes) {
        var text = new StringBuilder();
        nodes.forEach(node -> text.append("name ")
                .append(node.name())
                .append(" at port ")
                .append(node.port())
                .append('\n'));
        ByteBuffer out = ByteBuffer.allocate(4 + text.length()).putInt(epmdPort);
        return out.put(text.toString().getBytes(ISO_8859_1)).flip();
    }

    /**
     * Reads a description: port u16, type u8, protocol u8, highest u16, lowest u16, name length u16, name, extra length
     * u16, extra.
     *
     * @param in exactly one description
     * @throws IllegalArgumentException if it is shorter or longer than its lengths say
     */
    static EpmdNode readDescription(ByteBuffer in) {
        try {
            int port = Short.toUnsignedInt(in.getShort());
            int type = Byte.toUnsignedInt(in.get());
            int protocol = Byte.toUnsignedInt(in.get());
            int highest = Short.toUnsignedInt(in.getShort());
            int lowest = Short.toUnsignedInt(in.getShort());
            String name = readText(in);
            String extra = readText(in);
            if (in.hasRemaining()) {
                throw new IllegalArgumentException("EPMD description: " + in.remaining() + " bytes left over");
            }
            return new EpmdNode(name, port, type, protocol, highest, lowest, extra);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("EPMD description: shorter than its lengths say", e);
        }
    }

    private static String readText(ByteBuffer in) {
        int length = Short.toUnsignedInt(in.getShort());
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] text = new byte[length];
        in.get(text);
        return new String(text, ISO_8859_1);
    }

    private static int descriptionBytes(EpmdNode node) {
        return FIXED_BYTES + node.name().length() + node.extra().length();
    }

    private static void putDescription(ByteBuffer out, EpmdNode node) {
        out.putShort((short) node.port()).put((byte) node.type()).put((byte) node.protocol());
        out.putShort((short) node.highest()).putShort((short) node.lowest());
        out.putShort((short) node.name().length()).put(node.name().getBytes(ISO_8859_1));
        out.putShort((short) node.extra().length()).put(node.extra().getBytes(ISO_8859_1));
    }
}
