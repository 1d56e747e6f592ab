package io.hawser.transport;

import io.hawser.term.NodeName;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.util.Optional;

/**
 * Who is at the other end of a connection, as far as the transport can tell. Thread-safe; it never becomes another node, but
 * may show newer certificates for the same one while the connection stands.
 */
public interface PeerIdentity {
    /**
     * Returns the identity of a peer of which only the address is known; it may carry any name.
     *
     * @param address its address
     * @return an identity that is not verified
     */
    static PeerIdentity unverified(SocketAddress address) {
        return new UnverifiedPeer(address);
    }

    /**
     * Returns why the peer may not carry a node name.
     *
     * <p>The listener asks before it answers the claimed name; the dialler asks for the name it dialled before it sends
     * anything.
     *
     * @param name the whole name it claims or was dialled by
     * @return empty if it may; otherwise one line that says what was found and what was expected
     */
    Optional<String> refusal(NodeName name);

    /**
     * Returns whether the transport verified the peer. An unverified one may carry any name.
     *
     * @return true if its certificate was verified
     */
    boolean isVerified();

    /**
     * Returns what protects the connection now.
     *
     * @return empty if nothing does
     */
    Optional<ChannelSecurity> security();

    /**
     * Returns what a proof can be bound to, if the transport agreed with the peer on an application protocol.
     *
     * @return empty if none was agreed on, as with every Erlang node; that is what this does unless overridden
     */
    default Optional<ChannelBinding> binding() {
        return Optional.empty();
    }

    /**
     * Returns the network address it comes from, or was dialled at.
     *
     * @return empty if the transport has no such addresses; that is what this does unless overridden
     */
    default Optional<InetAddress> origin() {
        return Optional.empty();
    }

    /**
     * Returns a short description for logs: the identity in the certificate and the address.
     *
     * @return one line of printable text without secrets
     */
    String description();
}
