package io.hawser.examples.attack;

import io.hawser.term.NodeName;
import io.hawser.transport.AcceptLimits;
import io.hawser.transport.Connection;
import io.hawser.transport.ConnectionHandler;
import io.hawser.transport.Transport;
import io.hawser.transport.TransportException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A transport that also keeps why each accepted connection ended; the log leaves lines out. Thread-safe. */
final class WatchedTransport implements Transport {
    private final Transport watched;
    private final BlockingQueue<String> endings = new LinkedBlockingQueue<>();

    WatchedTransport(Transport watched) {
        this.watched = watched;
    }

    /** Waits until the next accepted connection has ended, and says why, as {@link #ending} does. */
    String ending() {
        try {
            String ending = endings.poll(20, TimeUnit.SECONDS);
            if (ending == null) {
                throw new AssertionError("no connection ended");
            }
            return ending;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public String name() {
        return watched.name();
    }

    @Override
    public void runAs(NodeName self) {
        watched.runAs(self);
    }

    @Override
    public boolean offerProtocols(List<String> protocols) {
        return watched.offerProtocols(protocols);
    }

    @Override
    public Listener listen(InetSocketAddress address, AcceptLimits limits, Supplier<ConnectionHandler> handlers) {
        return watched.listen(address, limits, () -> new Watched(handlers.get()));
    }

    @Override
    public void connect(NodeName peer, InetSocketAddress address, Duration deadline, ConnectionHandler handler) {
        watched.connect(peer, address, deadline, handler);
    }

    @Override
    public void close() {
        watched.close();
    }

    /** Why a connection ended: the code if there is one, and the sentence; empty for an orderly close. */
    static String ending(@Nullable TransportException cause) {
        return cause == null ? "" : cause.code().map(code -> code.name() + " ").orElse("") + cause.getMessage();
    }

    private final class Watched implements ConnectionHandler {
        private final ConnectionHandler handler;

        Watched(ConnectionHandler handler) {
            this.handler = handler;
        }

        @Override
        public void onOpen(Connection connection) {
            handler.onOpen(connection);
        }

        @Override
        public void onPacket(ByteBuffer packet) {
            handler.onPacket(packet);
        }

        @Override
        public void onActivity() {
            handler.onActivity();
        }

        @Override
        public void onReadComplete() {
            handler.onReadComplete();
        }

        @Override
        public void onReady() {
            handler.onReady();
        }

        @Override
        public void onClosed(@Nullable TransportException cause) {
            handler.onClosed(cause);
            endings.add(ending(cause));
        }
    }
}
