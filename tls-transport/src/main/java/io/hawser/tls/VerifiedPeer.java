package io.hawser.tls;

import io.hawser.term.NodeName;
import io.hawser.transport.Addresses;
import io.hawser.transport.ChannelBinding;
import io.hawser.transport.ChannelSecurity;
import io.hawser.transport.PeerIdentity;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.util.Optional;

/**
 * A peer whose certificate was verified. Thread-safe: what it shows is one volatile field; only a renewal changes it, and
 * never which node it is.
 */
final class VerifiedPeer implements PeerIdentity {
    private final Optional<ChannelBinding> binding;
    private final SocketAddress address;
    private final LivePeers.LivePeer live;
    private volatile Session session;

    /** What was found in one session of TLS. */
    record Session(TrustJudge.Verified verified, ChannelSecurity security) {}

    VerifiedPeer(Session session, Optional<ChannelBinding> binding, SocketAddress address, LivePeers.LivePeer live) {
        this.session = session;
        this.binding = binding;
        this.address = address;
        this.live = live;
    }

    Session session() {
        return session;
    }

    void renewed(Session other) {
        session = other;
    }

    LivePeers.LivePeer live() {
        return live;
    }

    @Override
    public Optional<String> refusal(NodeName name) {
        return session.verified().refusal(name);
    }

    @Override
    public boolean isVerified() {
        return true;
    }

    @Override
    public Optional<ChannelSecurity> security() {
        return Optional.of(session.security());
    }

    @Override
    public Optional<ChannelBinding> binding() {
        return binding;
    }

    @Override
    public Optional<InetAddress> origin() {
        return Addresses.ip(address);
    }

    @Override
    public String description() {
        return session.verified().names().describe() + " at " + Addresses.text(address);
    }

    @Override
    public String toString() {
        return description();
    }
}
