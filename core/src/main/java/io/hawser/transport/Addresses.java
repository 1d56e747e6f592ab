package io.hawser.transport;

import io.hawser.term.Printable;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;

/** Prints addresses for errors and logs, and takes them apart. */
public final class Addresses {
    private Addresses() {}

    /**
     * Returns an address as text, never looking a name up.
     *
     * @param address the address
     * @return {@code 127.0.0.1:4711}, {@code [::1]:4711}, or {@code host:4711} for an unresolved one
     */
    public static String text(SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet)) {
            return Printable.of(String.valueOf(address));
        }
        InetAddress ip = inet.getAddress();
        if (ip == null) {
            return Printable.of(inet.getHostString()) + ":" + inet.getPort();
        }
        String literal = ip.getHostAddress();
        return (ip instanceof Inet6Address ? "[" + literal + "]" : literal) + ":" + inet.getPort();
    }

    /**
     * Returns the host's part of an address.
     *
     * @param address the address
     * @return empty if it is unresolved, or no address of a network
     */
    public static Optional<InetAddress> ip(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? Optional.ofNullable(inet.getAddress()) : Optional.empty();
    }
}
