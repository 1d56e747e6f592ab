package io.hawser.term;

import java.util.regex.Pattern;

/**
 * A node's full name, {@code alive@host}. Immutable.
 *
 * <p>A name is long when its host part holds a dot, otherwise short; long-named and short-named nodes do not connect.
 *
 * @param alive the part before the {@code @}: letters, digits, {@code _} and {@code -}
 * @param host the part after it: printable ASCII without {@code @} and blanks
 */
public record NodeName(String alive, String host) {
    private static final Pattern ALIVE = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Pattern HOST = Pattern.compile("[!-?A-~]+");
    private static final int MAX_LENGTH = 255;

    /**
     * Checks both parts.
     *
     * @param alive the part before the {@code @}
     * @param host the part after it
     * @throws IllegalArgumentException if a part is empty or holds other characters, or both are longer than 255
     */
    public NodeName {
        if (!ALIVE.matcher(alive).matches()) {
            throw new IllegalArgumentException(
                    "node name: '" + Printable.of(alive) + "' before the @ (expected: letters, digits, _ and -)");
        }
        if (!HOST.matcher(host).matches()) {
            throw new IllegalArgumentException(
                    "node name: '" + Printable.of(host) + "' after the @ (expected: a host name)");
        }
        if (alive.length() + 1 + host.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("node name: " + (alive.length() + 1 + host.length())
                    + " characters (expected: at most " + MAX_LENGTH + ")");
        }
    }

    /**
     * Reads a full name.
     *
     * @param text {@code alive@host}
     * @return the name
     * @throws IllegalArgumentException if it is not of that form
     */
    public static NodeName parse(String text) {
        int at = text.indexOf('@');
        if (at < 0) {
            throw new IllegalArgumentException("node name: '" + Printable.of(text) + "' (expected: alive@host)");
        }
        return new NodeName(text.substring(0, at), text.substring(at + 1));
    }

    /**
     * Returns whether the host part holds a dot.
     *
     * @return true for a long name ({@code -name}), false for a short one ({@code -sname})
     */
    public boolean isLong() {
        return host.indexOf('.') >= 0;
    }

    /**
     * Returns the name as the atom that stands in pids.
     *
     * @return the atom {@code 'alive@host'}
     */
    public Atom atom() {
        return Atom.of(toString());
    }

    /**
     * Returns the full name.
     *
     * @return {@code alive@host}
     */
    @Override
    public String toString() {
        return alive + "@" + host;
    }
}
