package io.hawser.tls;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A ClientHello or ServerHello as it was on the wire (RFC 8446, 4.1.2 and 4.1.3), as far as tests ask.
 *
 * @param suites those offered, or the one that was selected
 * @param extensions by number
 */
record Hello(List<Integer> suites, Map<Integer, byte[]> extensions) {
    private static final int SUPPORTED_GROUPS = 10;
    private static final int KEY_SHARE = 51;

    /** Reads the first message of what one side sent: one record, or several. */
    static Hello parse(byte[] sent) {
        var message = ByteBuffer.allocate(sent.length);
        var records = ByteBuffer.wrap(sent);
        while (records.remaining() > 5 && records.get(records.position()) == 22) {
            int length = records.getShort(records.position() + 3) & 0xFFFF;
            records.position(records.position() + 5);
            int n = Math.min(length, records.remaining());
            message.put(sent, records.position(), n);
            records.position(records.position() + n);
        }
        message.flip();
        boolean client = message.get() == 1;
        message.position(message.position() + 3 + 2 + 32);
        message.position(message.position() + 1 + (message.get(message.position()) & 0xFF)); // session id
        var suites = new ArrayList<Integer>();
        int count = client ? message.getShort() / 2 : 1;
        for (int i = 0; i < count; i++) {
            suites.add(message.getShort() & 0xFFFF);
        }
        message.position(
                message.position() + (client ? 1 + (message.get(message.position()) & 0xFF) : 1)); // compression
        var extensions = new LinkedHashMap<Integer, byte[]>();
        int end = (message.getShort() & 0xFFFF) + message.position();
        while (message.position() < end) {
            int type = message.getShort() & 0xFFFF;
            byte[] content = new byte[message.getShort() & 0xFFFF];
            message.get(content);
            extensions.put(type, content);
        }
        return new Hello(suites, extensions);
    }

    /** The groups a client offers, the preferred one first. */
    List<Integer> groups() {
        ByteBuffer list = ByteBuffer.wrap(extensions.get(SUPPORTED_GROUPS));
        list.getShort();
        var groups = new ArrayList<Integer>();
        while (list.hasRemaining()) {
            groups.add(list.getShort() & 0xFFFF);
        }
        return groups;
    }

    /** The group a server selected. */
    int selectedGroup() {
        return ByteBuffer.wrap(extensions.get(KEY_SHARE)).getShort() & 0xFFFF;
    }
}
