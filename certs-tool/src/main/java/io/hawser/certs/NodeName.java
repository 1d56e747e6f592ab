package io.hawser.certs;

/**
 * The full name of an Erlang node, in the form that a certificate can carry.
 *
 * <p>Narrower than what Erlang allows: the name is made of {@code A-Z a-z 0-9 . _ -}, the host is a lower-case DNS name and
 * never an IP address, so that {@code spiffe://trust-domain/node/host/name} needs no escapes. Immutable, thread-safe.
 *
 * @param alive the part before {@code @}
 * @param host the part after {@code @}
 */
public record NodeName(String alive, String host) implements Comparable<NodeName> {
    /**
     * Checks both parts.
     *
     * @param alive the part before {@code @}
     * @param host the part after {@code @}
     * @throws CertsException if one of them is not allowed ({@code NAME_INVALID}, {@code NAME_IP_LITERAL},
     *     {@code NAME_WILDCARD})
     */
    public NodeName {
        Names.alive(alive, alive + "@" + host);
        Names.host(host, alive + "@" + host);
    }

    /**
     * Reads {@code name@host}.
     *
     * @param text the whole name
     * @return the name
     * @throws CertsException if it is not allowed
     */
    public static NodeName parse(String text) {
        int at = text.indexOf('@');
        if (at < 0) {
            throw Names.invalid(text, "a node name has the form name@host");
        }
        return new NodeName(text.substring(0, at), text.substring(at + 1));
    }

    @Override
    public int compareTo(NodeName other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return alive + "@" + host;
    }
}
