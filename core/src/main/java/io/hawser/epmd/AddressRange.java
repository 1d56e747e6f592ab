package io.hawser.epmd;

import io.hawser.term.Printable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A network, as {@code 10.0.0.0/8} or {@code fd00::/8}. Immutable. */
final class AddressRange {
    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|\\d{1,2})";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern BITS = Pattern.compile("\\d{1,3}");

    private final byte[] prefix;
    private final int bits;

    private AddressRange(byte[] prefix, int bits) {
        this.prefix = prefix;
        this.bits = bits;
    }

    /**
     * Reads {@code ADDRESS/BITS}, or an address alone. Looks no name up.
     *
     * @throws IllegalArgumentException if it is something else, or the address has bits beyond those
     */
    static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        if (!IPV4.matcher(address).matches() && !IPV6.matcher(address).matches()) {
            throw malformed(text, null);
        }
        try {
            byte[] prefix = InetAddress.getByName(address).getAddress(); // of digits alone: nobody is asked
            int all = prefix.length * 8;
            String length = slash < 0 ? Integer.toString(all) : text.substring(slash + 1);
            int bits = BITS.matcher(length).matches() ? Integer.parseInt(length) : all + 1;
            if (bits > all || hasBitsBeyond(prefix, bits)) {
                throw malformed(text, null);
            }
            return new AddressRange(prefix, bits);
        } catch (UnknownHostException e) {
            throw malformed(text, e);
        }
    }

    private static IllegalArgumentException malformed(String text, @Nullable Exception cause) {
        return new IllegalArgumentException(
                "network: '" + Printable.of(text)
                        + "' (expected: an address, or the first of a network and its bits, such as 10.0.0.0/8 or fd00::/8)",
                cause);
    }

    private static boolean hasBitsBeyond(byte[] prefix, int bits) {
        for (int i = bits; i < prefix.length * 8; i++) {
            if (bit(prefix, i) != 0) {
                return true;
            }
        }
        return false;
    }

    boolean contains(byte[] address) {
        if (address.length != prefix.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            if (bit(address, i) != bit(prefix, i)) {
                return false;
            }
        }
        return true;
    }

    private static int bit(byte[] bytes, int index) {
        return bytes[index / 8] >> (7 - index % 8) & 1;
    }
}
