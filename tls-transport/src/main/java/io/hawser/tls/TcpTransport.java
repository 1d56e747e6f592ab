package io.hawser.tls;

import io.hawser.term.NodeName;
import io.hawser.transport.AcceptLimits;
import io.hawser.transport.ConnectionHandler;
import io.hawser.transport.Transport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Moves packets over TCP without any protection: peers are not verified, and anybody on the path can read and change
 * what they say. For networks where every machine is trusted; otherwise see {@link TlsTransport}.
 *
 * <p>Handshake packets have 2-byte lengths, later ones 4. Thread-safe.
 *
 * @see <a href="https://www.erlang.org/doc/apps/erts/erl_dist_protocol.html">Distribution protocol</a>
 */
public final class TcpTransport implements Transport {
    private final NettyTransport netty = new NettyTransport(new PlainSecurer());

    private TcpTransport() {}

    /**
     * Starts a transport without protection.
     *
     * @return the transport, with threads of its own until it is closed
     */
    public static TcpTransport plain() {
        return new TcpTransport();
    }

    @Override
    public String name() {
        return netty.name();
    }

    @Override
    public Listener listen(InetSocketAddress address, AcceptLimits limits, Supplier<ConnectionHandler> handlers) {
        return netty.listen(address, limits, handlers);
    }

    @Override
    public void connect(NodeName peer, InetSocketAddress address, Duration deadline, ConnectionHandler handler) {
        netty.connect(peer, address, deadline, handler);
    }

    @Override
    public void close() {
        netty.close();
    }
}
