package io.hawser.node;

import io.hawser.dist.ControlMessage;
import io.hawser.handshake.Handshakes;
import io.hawser.handshake.Peer;
import io.hawser.peer.PeerConnection;
import io.hawser.peer.PeerListener;
import io.hawser.peer.Peers;
import io.hawser.term.Atom;
import io.hawser.term.NodeName;
import io.hawser.term.Term;
import io.hawser.transport.Connection;
import io.hawser.transport.PeerIdentity;
import io.hawser.transport.Transport;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Nodes joined in memory, signals as objects: each node has one event loop, on which everything arrives in order.
 * Connections are made when something is sent, and can be cut, held up and refused.
 */
final class MemoryNetwork implements NodeStarter {
    static final int WIRE_BYTES = 10;

    private final ConcurrentHashMap<Atom, Endpoint> endpoints = new ConcurrentHashMap<>();
    private final AtomicInteger creations = new AtomicInteger(100);
    private final AtomicLong connections = new AtomicLong();
    private final List<Node> nodes = new ArrayList<>();

    /** Starts a node on this network. */
    Node start(String name) {
        return start(name, builder -> {});
    }

    @Override
    public Node start(String name, Consumer<NodeConfig.Builder> more) {
        NodeConfig.Builder builder = config(name);
        more.accept(builder);
        NodeConfig config = builder.build();
        Node node = Node.start(config, (settings, listener) -> new Endpoint(config.name(), listener, config.hidden));
        nodes.add(node);
        return node;
    }

    /** A configuration whose transport, handshake and resolver are never used. */
    static NodeConfig.Builder config(String name) {
        return NodeConfig.builder(name)
                .transport(unused(Transport.class, "memory"))
                .handshake(unused(Handshakes.class, ""))
                .resolver(unused(io.hawser.epmd.NodeResolver.class, ""));
    }

    private static <T> T unused(Class<T> type, String name) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
            if (method.getName().equals("name")) {
                return name;
            }
            throw new AssertionError("called: " + method);
        }));
    }

    /** Adds a peer that is not a node: it records what it gets, and says what the test wants it to say. */
    ScriptedPeer script(String name) {
        return new ScriptedPeer(NodeName.parse(name));
    }

    Endpoint endpoint(Node node) {
        Endpoint endpoint = endpoints.get(node.name().atom());
        if (endpoint == null) {
            throw new AssertionError("no endpoint: " + node.name());
        }
        return endpoint;
    }

    /** Cuts the connection between two nodes. */
    void cut(String a, String b) {
        Endpoint endpoint = endpoints.get(Atom.of(a));
        if (endpoint == null || !endpoint.disconnect(Atom.of(b))) {
            throw new AssertionError("not connected: " + a + " " + b);
        }
    }

    @Override
    public void close() {
        nodes.forEach(Node::close);
        endpoints.values().forEach(Endpoint::close);
    }

    /** One end of one connection. */
    static final class End implements PeerConnection {
        private final long id;
        private final Peer peer;
        private final Atom node;
        final AtomicLong consumed = new AtomicLong();
        final AtomicLong charged = new AtomicLong();
        final AtomicLong messagesOut = new AtomicLong();
        private final Connection connection;
        private final Runnable hangUp;

        End(long id, Endpoint other, boolean hidden, Runnable hangUp) {
            this.id = id;
            this.hangUp = hangUp;
            this.peer = new Peer(other.name, other.creation, hidden ? 0 : 1, "strong");
            this.node = other.name.atom();
            PeerIdentity identity = new PeerIdentity() {
                @Override
                public Optional<String> refusal(NodeName name) {
                    return Optional.empty();
                }

                @Override
                public boolean isVerified() {
                    return true;
                }

                @Override
                public Optional<io.hawser.transport.ChannelSecurity> security() {
                    return Optional.empty();
                }

                @Override
                public String description() {
                    return "memory " + other.name;
                }
            };
            this.connection = Connection.class.cast(Proxy.newProxyInstance(
                    Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (self, method, args) -> {
                        return switch (method.getName()) {
                            case "peer" -> identity;
                            case "bytesIn" -> charged.get();
                            case "bytesOut" -> 0L;
                            default -> throw new AssertionError("called: " + method);
                        };
                    }));
        }

        @Override
        public long id() {
            return id;
        }

        @Override
        public Peer peer() {
            return peer;
        }

        @Override
        public Atom node() {
            return node;
        }

        @Override
        public Connection connection() {
            return connection;
        }

        @Override
        public long messagesOut() {
            return messagesOut.get();
        }

        @Override
        public void consumed(int signals, long heapBytes) {
            consumed.addAndGet(heapBytes);
        }

        @Override
        public void hangUp(String reason) {
            hangUp.run();
        }
    }

    /** A node's place on the network. */
    final class Endpoint implements SignalCarrier {
        private final NodeName name;
        private final PeerListener listener;
        private final boolean hidden;
        private final long creation = creations.incrementAndGet();
        private final ConcurrentHashMap<Atom, End> ends = new ConcurrentHashMap<>();
        private final ExecutorService loop;
        private volatile boolean full;
        private volatile @Nullable RuntimeException fault;

        Endpoint(NodeName name, PeerListener listener, boolean hidden) {
            this.name = name;
            this.listener = listener;
            this.hidden = hidden;
            this.loop = Executors.newSingleThreadExecutor(task -> {
                var thread = new Thread(task, "loop-" + name);
                thread.setDaemon(true);
                return thread;
            });
        }

        @Override
        public void start() {
            endpoints.put(name.atom(), this);
        }

        @Override
        public InetSocketAddress address() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        }

        @Override
        public long creation() {
            return creation;
        }

        /** Makes senders wait, as a peer that reads too slowly does. */
        void full(boolean isFull) {
            full = isFull;
        }

        /** Makes messages fail to be sent, as one that is too long for any packet does; null to have them sent again. */
        void failSends(@Nullable RuntimeException failure) {
            fault = failure;
        }

        /** Waits until the node has been told everything that happened so far. */
        void settle() throws Exception {
            loop.submit(() -> {}).get(5, TimeUnit.SECONDS);
        }

        /** Holds up what the node is to be told from now on, until the latch is open. */
        void hold(CountDownLatch latch) {
            loop.execute(() -> {
                try {
                    latch.await(5, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        /** The connection's end here; null if there is none. */
        @Nullable
        End end(String peer) {
            return ends.get(Atom.of(peer));
        }

        @Override
        public long send(Atom node, ControlMessage signal, @Nullable Term payload, BooleanSupplier hasUnread) {
            RuntimeException failure = fault;
            if (failure != null) {
                throw failure;
            }
            while (full && !Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
            }
            return pass(node, signal, payload);
        }

        @Override
        public long trySend(Atom node, ControlMessage signal, @Nullable Term payload) {
            return full ? 0 : pass(node, signal, payload);
        }

        @Override
        public boolean trySend(Atom node, long connection, ControlMessage signal, @Nullable Term payload) {
            if (full) {
                return false;
            }
            answer(node, connection, signal, payload);
            return true;
        }

        @Override
        public long sendWithinReach(
                Atom node, ControlMessage signal, @Nullable Term payload, Peers.Room room, BooleanSupplier hasUnread) {
            if (!ends.containsKey(node)) {
                return Kernel.OUT_OF_REACH;
            }
            return room == Peers.Room.NEEDED ? trySend(node, signal, payload) : send(node, signal, payload, hasUnread);
        }

        private long pass(Atom node, ControlMessage signal, @Nullable Term payload) {
            synchronized (MemoryNetwork.this) {
                if (!join(node)) {
                    long none = connections.incrementAndGet();
                    run(() -> listener.onUnreachable(node, none, "no such node"));
                    return none;
                }
                long connection = Objects.requireNonNull(ends.get(node)).id;
                answer(node, connection, signal, payload);
                return connection;
            }
        }

        @Override
        public void answer(Atom node, long connection, ControlMessage signal, @Nullable Term payload) {
            synchronized (MemoryNetwork.this) {
                Endpoint other = endpoints.get(node);
                End here = ends.get(node);
                End end = other == null ? null : other.ends.get(name.atom());
                if (other != null && end != null && here != null && here.id == connection) {
                    if (signal instanceof ControlMessage.Send) {
                        here.messagesOut.incrementAndGet();
                    }
                    other.run(() -> {
                        end.charged.addAndGet(WIRE_BYTES);
                        other.listener.onSignal(end, signal, payload, WIRE_BYTES);
                    });
                }
            }
        }

        private boolean join(Atom node) {
            synchronized (MemoryNetwork.this) {
                Endpoint other = endpoints.get(node);
                if (other == null) {
                    return false;
                }
                if (!ends.containsKey(node)) {
                    End here = new End(
                            connections.incrementAndGet(), other, hidden || other.hidden, () -> disconnect(node));
                    End there = new End(
                            connections.incrementAndGet(), this, hidden || other.hidden, () -> disconnect(node));
                    ends.put(node, here);
                    other.ends.put(name.atom(), there);
                    run(() -> listener.onUp(here));
                    other.run(() -> other.listener.onUp(there));
                }
                return true;
            }
        }

        private void run(Runnable task) {
            if (!loop.isShutdown()) {
                loop.execute(task);
            }
        }

        @Override
        public CompletionStage<@Nullable Void> connect(Atom node) {
            var done = new CompletableFuture<@Nullable Void>();
            if (join(node)) {
                run(() -> done.complete(null));
            } else {
                done.completeExceptionally(new io.hawser.transport.TransportException(node.text() + ": no such node"));
            }
            return done;
        }

        @Override
        public boolean disconnect(Atom node) {
            synchronized (MemoryNetwork.this) {
                End here = ends.remove(node);
                if (here == null) {
                    return false;
                }
                run(() -> listener.onDown(here, "cut"));
                Endpoint other = endpoints.get(node);
                End there = other == null ? null : other.ends.remove(name.atom());
                if (other != null && there != null) {
                    other.run(() -> other.listener.onDown(there, "cut"));
                }
                return true;
            }
        }

        @Override
        public List<PeerConnection> connections() {
            return List.copyOf(ends.values());
        }

        @Override
        public void close() {
            synchronized (MemoryNetwork.this) {
                List.copyOf(ends.keySet()).forEach(this::disconnect);
                endpoints.remove(name.atom(), this);
                loop.shutdown();
            }
        }
    }

    /** A signal as a scripted peer got it. */
    record Received(ControlMessage signal, @Nullable Term payload) {}

    /** A peer whose every word is written by the test. */
    final class ScriptedPeer implements PeerListener {
        private final Endpoint endpoint;
        private final LinkedBlockingQueue<Received> received = new LinkedBlockingQueue<>();

        ScriptedPeer(NodeName name) {
            endpoint = new Endpoint(name, this, false);
            endpoint.start();
        }

        Atom node() {
            return endpoint.name.atom();
        }

        io.hawser.term.Pid pid(int id) {
            return new io.hawser.term.Pid(node(), id, 0, endpoint.creation);
        }

        io.hawser.term.Reference ref(int word) {
            return new io.hawser.term.Reference(node(), endpoint.creation, word, 2, 3);
        }

        Endpoint endpoint() {
            return endpoint;
        }

        void say(Node to, ControlMessage signal, @Nullable Term payload) {
            endpoint.send(to.name().atom(), signal, payload, () -> false);
        }

        void say(Node to, ControlMessage signal) {
            say(to, signal, null);
        }

        /** The next signal that came. */
        Received next() throws InterruptedException {
            Received next = received.poll(5, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing came");
            }
            return next;
        }

        /** Fails if anything but an answer to a probe comes: everything before it was handled by then. */
        void expectNothing(Node from) throws InterruptedException {
            var probe = ref(999_999);
            say(from, new ControlMessage.Monitor(pid(1), Atom.of("nobody has this name"), probe));
            Received next = next();
            if (!(next.signal instanceof ControlMessage.MonitorExit exit)
                    || !exit.ref().equals(probe)) {
                throw new AssertionError("came: " + next);
            }
        }

        @Override
        public void onUp(PeerConnection peer) {}

        @Override
        public void onSignal(PeerConnection peer, ControlMessage signal, @Nullable Term payload, int heapBytes) {
            received.add(new Received(signal, payload));
        }

        @Override
        public void onDown(PeerConnection peer, String reason) {}

        @Override
        public void onUnreachable(Atom node, long connection, String reason) {}
    }

    static final Duration SOON = Duration.ofSeconds(5);
}
