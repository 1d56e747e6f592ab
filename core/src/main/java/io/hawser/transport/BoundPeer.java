package io.hawser.transport;

import io.hawser.term.NodeName;
import java.net.InetAddress;
import java.util.Optional;

/** A peer with which a protocol was agreed on. Immutable. */
record BoundPeer(PeerIdentity peer, ChannelBinding agreed) implements PeerIdentity {
    @Override
    public Optional<String> refusal(NodeName name) {
        return peer.refusal(name);
    }

    @Override
    public boolean isVerified() {
        return peer.isVerified();
    }

    @Override
    public Optional<ChannelSecurity> security() {
        return peer.security();
    }

    @Override
    public Optional<ChannelBinding> binding() {
        return Optional.of(agreed);
    }

    @Override
    public Optional<InetAddress> origin() {
        return peer.origin();
    }

    @Override
    public String description() {
        return peer.description();
    }
}
