package io.hawser.certs;

/**
 * Tells how deep bytes nest before a parser sees them: parsers of DER and BER, the JDK's too, call themselves for each level, and
 * two bytes make a level. Octet and bit strings count as well, since what they wrap is parsed sooner or later.
 */
final class DerDepth {
    /** Twice what a PKCS12 store with certificates has, which is the deepest of what is read here. */
    private static final int MAX_DEPTH = 64;

    private static final int CONSTRUCTED = 0x20;
    private static final int BIT_STRING = 3;
    private static final int OCTET_STRING = 4;
    private static final int INDEFINITE = -1;

    private final byte[] ber;
    private final int[] ends = new int[MAX_DEPTH + 1];
    private final boolean[] indefinite = new boolean[MAX_DEPTH + 1];
    private int depth;
    private int at;

    private DerDepth(byte[] ber) {
        this.ber = ber;
        ends[0] = ber.length;
    }

    /** Whether bytes are nested deeper than any certificate, CRL, request or key; bytes that are no DER are not. */
    static boolean isExceeded(byte[] ber) {
        return new DerDepth(ber).exceeded();
    }

    private boolean exceeded() {
        while (true) {
            while (depth > 0 && at >= ends[depth]) {
                depth--;
            }
            if (at >= ends[depth]) {
                return false;
            }
            if (indefinite[depth] && at + 1 < ends[depth] && ber[at] == 0 && ber[at + 1] == 0) {
                at += 2;
                indefinite[depth] = false;
                ends[depth] = at;
                continue;
            }
            if (!next()) {
                return true;
            }
        }
    }

    /** Identifier, length; then into the value or past it. False when that is too deep. */
    private boolean next() {
        int identifier = ber[at++];
        boolean longTag = (identifier & 0x1f) == 0x1f;
        while (longTag && at < ends[depth]) {
            longTag = (ber[at++] & 0x80) != 0;
        }
        int length = length();
        int end = length == INDEFINITE ? ends[depth] : (int) Math.min((long) at + length, ends[depth]);
        boolean constructed = (identifier & CONSTRUCTED) != 0;
        if (!constructed && identifier != OCTET_STRING && identifier != BIT_STRING) {
            at = end;
            return true;
        }
        if (depth == MAX_DEPTH) {
            return false;
        }
        if (!constructed && identifier == BIT_STRING && at < end) {
            at++; // how many bits are unused
        }
        depth++;
        ends[depth] = end;
        indefinite[depth] = constructed && length == INDEFINITE;
        return true;
    }

    /** One byte, or 0x80 and a number of bytes that hold it; none for the indefinite form. At most what an int holds. */
    private int length() {
        if (at >= ends[depth]) {
            return 0;
        }
        int first = ber[at++] & 0xff;
        if (first == 0x80) {
            return INDEFINITE;
        }
        if (first < 0x80) {
            return first;
        }
        long length = 0;
        for (int i = first & 0x7f; i > 0 && at < ends[depth]; i--) {
            length = Math.min((length << 8) | (ber[at++] & 0xff), Integer.MAX_VALUE);
        }
        return (int) length;
    }
}
