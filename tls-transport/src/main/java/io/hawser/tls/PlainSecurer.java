package io.hawser.tls;

import io.hawser.term.NodeName;
import io.hawser.transport.ChannelBinding;
import io.hawser.transport.PeerIdentity;
import io.hawser.transport.TransportException;
import io.netty.channel.Channel;
import io.netty.channel.socket.SocketChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** No protection: TCP. Immutable. */
final class PlainSecurer implements ChannelSecurer {
    private static final int LENGTH_BYTES = 2;

    @Override
    public String name() {
        return "tcp";
    }

    @Override
    public int handshakeLengthBytes() {
        return LENGTH_BYTES;
    }

    @Override
    public void secure(SocketChannel channel, @Nullable NodeName dialled) {
        // nothing to add
    }

    @Override
    public boolean hasHandshake() {
        return false;
    }

    @Override
    public PeerIdentity identify(Channel channel) {
        return PeerIdentity.unverified(channel.remoteAddress());
    }

    @Override
    public boolean isRenewable(Channel channel) {
        return false;
    }

    @Override
    public void secureAgain(Channel channel) {
        throw new UnsupportedOperationException("TCP has nothing to renew");
    }

    @Override
    public ChannelBinding identifyAgain(Channel channel, PeerIdentity before) {
        throw new UnsupportedOperationException("TCP has nothing to renew");
    }

    @Override
    public Optional<TransportException> explain(String where, Throwable failure, WireTap tap, boolean open) {
        return Optional.empty();
    }
}
