package io.hawser.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hawser.term.NodeName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Moves packets between nodes of one JVM, over an {@link InMemoryNetwork}. Frames as TCP does: 2-byte lengths, then 4.
 *
 * <p>Thread-safe: connections are confined to the network's event loop.
 */
public final class InMemoryTransport implements Transport {
    private final InMemoryNetwork network;
    private final InetAddress source;
    private final Function<InetSocketAddress, PeerIdentity> identity;
    private final List<MemoryListener> listeners = new CopyOnWriteArrayList<>();
    private final Set<InMemoryConnection> connections = Collections.newSetFromMap(new ConcurrentSkipListMap<>(
            Comparator.comparingLong(InMemoryConnection::number))); // in order: closing is part of a schedule
    private volatile List<String> protocols = List.of();
    private volatile boolean closed;
    private volatile boolean vanished;

    InMemoryTransport(InMemoryNetwork network, InetAddress source, Function<InetSocketAddress, PeerIdentity> identity) {
        this.network = network;
        this.source = source;
        this.identity = identity;
    }

    @Override
    public String name() {
        return "memory";
    }

    /** Agrees on the first of the dialler's protocols that the listener speaks. */
    @Override
    public boolean offerProtocols(List<String> offered) {
        protocols = List.copyOf(offered);
        return true;
    }

    @Override
    public Listener listen(InetSocketAddress address, AcceptLimits limits, Supplier<ConnectionHandler> handlers) {
        if (closed) {
            throw new TransportException(Addresses.text(address) + ": cannot listen: the transport is closed");
        }
        var bound = address.getPort() != 0 ? address : withPort(address, network.freePort());
        var listener = new MemoryListener(bound, limits, handlers);
        network.add(listener);
        listeners.add(listener);
        return listener;
    }

    private static InetSocketAddress withPort(InetSocketAddress address, int port) {
        return address.isUnresolved()
                ? InetSocketAddress.createUnresolved(address.getHostString(), port)
                : new InetSocketAddress(address.getAddress(), port);
    }

    @Override
    public void connect(NodeName peer, InetSocketAddress address, Duration deadline, ConnectionHandler handler) {
        long started = network.scheduler().nanoTime();
        network.execute(() -> {
            Optional<MemoryListener> listener = network.find(address);
            if (closed) {
                handler.onClosed(new TransportException(Addresses.text(address) + ": the transport is closed"));
            } else if (listener.isEmpty()) {
                handler.onClosed(new TransportException(Addresses.text(address) + ": connection refused"));
            } else {
                connect(peer, listener.get(), deadline, handler, started);
            }
        });
    }

    private void connect(
            NodeName peer, MemoryListener listener, Duration deadline, ConnectionHandler handler, long started) {
        PeerIdentity shown = listener.transport().identity.apply(listener.address());
        Optional<String> refusal = shown.refusal(peer);
        if (refusal.isPresent()) {
            handler.onClosed(new TransportException(Addresses.text(listener.address()) + ": " + refusal.get()));
            return;
        }
        var from = new InetSocketAddress(source, network.sourcePort());
        PeerIdentity own = identity.apply(from);
        Optional<String> agreed = protocols.stream()
                .filter(listener.transport().protocols::contains)
                .findFirst();
        var link = new InMemoryLink(network, peer, from, listener.address());
        var dialler = new InMemoryConnection(network, handler, bound(shown, own, agreed), listener.address(), started);
        link.dialler(dialler);
        network.opened(link);
        connections.add(dialler);
        if (listener.transport().vanished) {
            link.stall(); // nobody answers there
        }
        dialler.whenClosed(() -> connections.remove(dialler));
        link.joined(dialler);
        dialler.begin(link.outward(), link.homeward(), deadline);
        dialler.whenPassable(() -> {
            if (listener.isClosed()) {
                dialler.close(new TransportException(Addresses.text(listener.address()) + ": connection refused"));
                return;
            }
            listener.accept(from, bound(own, shown, agreed), dialler, link, listener.gate.enter(source));
            dialler.open();
        });
    }

    /** What a peer that shows {@code peer} finds; in memory a description stands for a certificate. */
    private static PeerIdentity bound(PeerIdentity peer, PeerIdentity own, Optional<String> agreed) {
        return agreed.<PeerIdentity>map(protocol -> new BoundPeer(
                        peer,
                        ChannelBinding.of(
                                protocol,
                                own.description().getBytes(UTF_8),
                                peer.description().getBytes(UTF_8))))
                .orElse(peer);
    }

    /**
     * Returns where its connections come from.
     *
     * @return a loopback address that no other transport of the network has
     */
    public InetAddress source() {
        return source;
    }

    /**
     * Ends all at once, as a host does that loses power: nobody is told, the node's own handlers neither, and whoever was
     * connected hears nothing more. Who dials it waits in vain until {@link #close()}. Called on the network's event loop, or while it stands still.
     */
    public void vanish() {
        closed = true;
        vanished = true;
        connections.forEach(InMemoryConnection::vanish);
        connections.clear();
    }

    /** Closes all listeners and connections. Can be called twice. */
    @Override
    public void close() {
        closed = true;
        listeners.forEach(MemoryListener::close);
        connections.forEach(c -> c.close(null));
        network.forget(this);
    }

    /** A listener of this transport. Thread-safe. */
    final class MemoryListener implements Listener {
        private final InetSocketAddress address;
        private final AcceptLimits limits;
        private final Supplier<ConnectionHandler> handlers;
        private final AcceptGate gate;
        private volatile boolean over;

        private MemoryListener(InetSocketAddress address, AcceptLimits limits, Supplier<ConnectionHandler> handlers) {
            this.address = address;
            this.limits = limits;
            this.handlers = handlers;
            this.gate = new AcceptGate(limits);
        }

        boolean isClosed() {
            return over;
        }

        InMemoryTransport transport() {
            return InMemoryTransport.this;
        }

        boolean listensOn(InetSocketAddress wanted) {
            if (wanted.getPort() != address.getPort()) {
                return false;
            }
            InetAddress own = address.getAddress();
            return wanted.equals(address) || (own != null && own.isAnyLocalAddress());
        }

        private void accept(
                InetSocketAddress from,
                PeerIdentity shown,
                InMemoryConnection dialler,
                InMemoryLink link,
                AcceptGate.Place place) {
            long now = network.scheduler().nanoTime();
            var accepted = new InMemoryConnection(network, handlers.get(), shown, from, now);
            connections.add(accepted);
            accepted.whenAdmittedOrClosed(place::leave);
            accepted.whenClosed(() -> connections.remove(accepted));
            link.joined(accepted);
            accepted.join(dialler);
            dialler.join(accepted);
            accepted.begin(link.homeward(), link.outward(), limits.setupDeadline());
            accepted.open();
            place.whenDisplaced(accepted::displaced);
        }

        @Override
        public InetSocketAddress address() {
            return address;
        }

        @Override
        public void close() {
            over = true;
            listeners.remove(this);
            network.remove(this);
        }
    }
}
