package io.hawser.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/**
 * Reads the elements of DER one after the other (X.690, 8.1), for the few extensions of which the JDK only gives the bytes.
 * Not thread-safe; used by one caller at a time.
 */
final class Der {
    private final byte[] bytes;
    private final int end;
    private int at;

    /** An element: its tag byte and its content. */
    static final class Element {
        private final int tag;
        private final byte[] content;

        private Element(int tag, byte[] content) {
            this.tag = tag;
            this.content = content;
        }

        int tag() {
            return tag;
        }

        Der inside() {
            return new Der(content);
        }

        String ascii() {
            return new String(content, US_ASCII);
        }
    }

    Der(byte[] bytes) {
        this.bytes = bytes;
        this.end = bytes.length;
    }

    boolean hasNext() {
        return at < end;
    }

    /**
     * Reads the next element.
     *
     * @throws IllegalArgumentException if there is none, or its length is not that of what follows
     */
    Element next() {
        int tag = octet();
        int length = octet();
        if (length >= 0x80) {
            int count = length & 0x7F;
            if (count == 0 || count > 3) {
                throw malformed();
            }
            length = 0;
            for (int i = 0; i < count; i++) {
                length = length << 8 | octet();
            }
        }
        if (length > end - at) {
            throw malformed();
        }
        byte[] content = Arrays.copyOfRange(bytes, at, at + length);
        at += length;
        return new Element(tag, content);
    }

    private int octet() {
        if (at >= end) {
            throw malformed();
        }
        return bytes[at++] & 0xFF;
    }

    private IllegalArgumentException malformed() {
        return new IllegalArgumentException("DER: cut off at byte " + at + " of " + end);
    }
}
