package io.hawser.handshake;

import static java.util.Objects.requireNonNull;

import io.hawser.term.NodeName;
import io.hawser.transport.PeerIdentity;
import java.util.Optional;

/**
 * What a handshake knows of its connection. Immutable.
 *
 * @param self this node's name
 * @param creation this node's creation, unsigned 32 bits
 * @param flags the {@link DistFlag}s this node announces
 * @param dialled the name that was dialled; empty when accepting
 * @param peer who the transport says is at the other end
 * @param arbiter decides between this connection and others to the same peer
 */
public record HandshakeContext(
        NodeName self,
        long creation,
        long flags,
        Optional<NodeName> dialled,
        PeerIdentity peer,
        ConnectionArbiter arbiter) {
    private static final long MAX_CREATION = 0xFFFF_FFFFL;

    /**
     * Checks the parts.
     *
     * @param self this node's name
     * @param creation this node's creation
     * @param flags the flags this node announces
     * @param dialled the name that was dialled
     * @param peer who is at the other end
     * @param arbiter decides between connections
     * @throws IllegalArgumentException if the creation is negative or longer than 32 bits
     */
    public HandshakeContext {
        requireNonNull(self, "self");
        requireNonNull(dialled, "dialled");
        requireNonNull(peer, "peer");
        requireNonNull(arbiter, "arbiter");
        if (creation < 0 || creation > MAX_CREATION) {
            throw new IllegalArgumentException("creation: " + creation + " (expected: 0 to " + MAX_CREATION + ")");
        }
    }
}
