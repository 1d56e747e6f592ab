package io.hawser.transport;

import io.hawser.term.NodeName;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.util.Optional;

/** A peer of which only the address is known. Immutable. */
record UnverifiedPeer(SocketAddress address) implements PeerIdentity {
    @Override
    public Optional<String> refusal(NodeName name) {
        return Optional.empty();
    }

    @Override
    public boolean isVerified() {
        return false;
    }

    @Override
    public Optional<ChannelSecurity> security() {
        return Optional.empty();
    }

    @Override
    public Optional<InetAddress> origin() {
        return Addresses.ip(address);
    }

    @Override
    public String description() {
        return "unverified peer at " + Addresses.text(address);
    }
}
