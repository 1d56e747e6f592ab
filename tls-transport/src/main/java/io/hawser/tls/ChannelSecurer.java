package io.hawser.tls;

import io.hawser.term.NodeName;
import io.hawser.transport.ChannelBinding;
import io.hawser.transport.PeerIdentity;
import io.hawser.transport.TransportException;
import io.netty.channel.Channel;
import io.netty.channel.socket.SocketChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What lies between the socket and the packets: nothing, or TLS. Thread-safe. */
interface ChannelSecurer {
    /** The transport's name. */
    String name();

    /** How many bytes a length has before the peers are connected. */
    int handshakeLengthBytes();

    /** Adds what protects a channel; {@code dialled} is null for one that was accepted. */
    void secure(SocketChannel channel, @Nullable NodeName dialled);

    /** Whether a channel is only ready after a handshake of its own. */
    boolean hasHandshake();

    /** Who is at the other end. Called once the channel is ready. */
    PeerIdentity identify(Channel channel);

    /** Whether a channel that is ready can be secured again while it stands: its peer knows how. See {@link Renewal}. */
    boolean isRenewable(Channel channel);

    /** Has a channel that stands do its handshake from anew, with the newest settings, as the same side. */
    void secureAgain(Channel channel);

    /**
     * Who is at the other end after that.
     *
     * @param before what {@link #identify} returned; shows the new certificates from now on
     * @return the certificates of both sides
     * @throws TransportException if it is another node
     */
    ChannelBinding identifyAgain(Channel channel, PeerIdentity before);

    /** Says in one sentence why a channel failed; empty if what protects it has nothing to do with it. */
    Optional<TransportException> explain(String where, Throwable failure, WireTap tap, boolean open);
}
