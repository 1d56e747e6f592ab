package io.hawser.tls;

import io.hawser.term.NodeName;
import io.hawser.transport.Addresses;
import io.hawser.transport.ChannelBinding;
import io.hawser.transport.ChannelSecurity;
import io.hawser.transport.PeerIdentity;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.util.Optional;

/** A peer whose certificate was verified. Immutable. */
record VerifiedPeer(
        TrustJudge.Verified verified, ChannelSecurity channel, Optional<ChannelBinding> binding, SocketAddress address)
        implements PeerIdentity {
    @Override
    public Optional<String> refusal(NodeName name) {
        return verified.refusal(name);
    }

    @Override
    public boolean isVerified() {
        return true;
    }

    @Override
    public Optional<ChannelSecurity> security() {
        return Optional.of(channel);
    }

    @Override
    public Optional<InetAddress> origin() {
        return Addresses.ip(address);
    }

    @Override
    public String description() {
        return verified.names().describe() + " at " + Addresses.text(address);
    }
}
