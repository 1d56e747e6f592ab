package io.hawser.examples.attack;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Subject alternative names as DER, byte by byte, so that they can also be what no library would write.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.6">RFC 5280, subject alternative name</a>
 */
final class Names {
    /** The tags of GeneralName. */
    static final int OTHER = 0xA0;

    static final int MAIL = 0x81;
    static final int DNS = 0x82;
    static final int X400 = 0xA3;
    static final int DIRECTORY = 0xA4;
    static final int EDI_PARTY = 0xA5;
    static final int URI = 0x86;
    static final int IP = 0x87;
    static final int REGISTERED_ID = 0x88;

    private static final int SEQUENCE = 0x30;

    private Names() {}

    /** The names that certs-tool gives a node of the trust domain orga.test. */
    static byte[] of(String node) {
        return sequence(uri(uriOf(node)), dns(host(node)));
    }

    static String uriOf(String node) {
        return "spiffe://orga.test/node/" + host(node) + "/" + node.substring(0, node.indexOf('@'));
    }

    private static String host(String node) {
        return node.substring(node.indexOf('@') + 1);
    }

    static byte[] sequence(byte[]... names) {
        var content = new ByteArrayOutputStream();
        for (byte[] name : names) {
            content.writeBytes(name);
        }
        return tagged(SEQUENCE, content.toByteArray());
    }

    static byte[] uri(String text) {
        return tagged(URI, latin1(text));
    }

    static byte[] dns(String text) {
        return tagged(DNS, latin1(text));
    }

    // tag, then the length in one byte up to 127 and else in 0x82 and two bytes, then the content
    static byte[] tagged(int tag, byte[] content) {
        var out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length > 127) {
            out.write(0x82);
            out.write(content.length >> 8);
        }
        out.write(content.length);
        out.writeBytes(content);
        return out.toByteArray();
    }

    static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
