package io.hawser.handshake;

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
        ConnectionArbiter arbiter) {}
