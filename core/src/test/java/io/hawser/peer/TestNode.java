package io.hawser.peer;

import io.hawser.dist.ControlMessage;
import io.hawser.epmd.DialPolicy;
import io.hawser.epmd.NodeResolver;
import io.hawser.handshake.DistFlag;
import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.Int;
import io.hawser.term.NodeName;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import io.hawser.transport.AcceptLimits;
import io.hawser.transport.Scheduler;
import io.hawser.transport.Surroundings;
import io.hawser.transport.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A peer layer with a listener that writes down what it is told, and checks the order of it. */
final class TestNode implements PeerListener, AutoCloseable {
    /** Where nodes are; shared by the nodes of a test. */
    static class Directory implements NodeResolver {
        final Map<NodeName, InetSocketAddress> addresses = new ConcurrentHashMap<>();

        @Override
        public Optional<InetSocketAddress> resolve(NodeName name, Duration timeout) {
            return Optional.ofNullable(addresses.get(name));
        }

        @Override
        public Optional<Long> publish(NodeName name, int port, Duration timeout) {
            addresses.put(name, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return Optional.of(1000L + port);
        }

        @Override
        public void close() {}
    }

    static class Builder {
        private final String name;
        private final Transport transport;
        private final Scheduler scheduler;
        private Executor executor = Runnable::run;
        private NodeResolver resolver;
        private DialPolicy dialPolicy = DialPolicy.DEFAULT;
        private String cookie = "secret";
        private long flags = DistFlag.RECOMMENDED_VISIBLE;
        private int highWater = 1 << 20;
        private int budget = 1 << 20;
        private long share = 1 << 24;
        private long termBytes = 1 << 26;
        private Executor decoder = Runnable::run;
        private Duration tickTime = Duration.ofSeconds(60);

        Builder(String name, Transport transport, Scheduler scheduler, NodeResolver resolver) {
            this.name = name;
            this.transport = transport;
            this.scheduler = scheduler;
            this.resolver = resolver;
        }

        Builder cookie(String value) {
            cookie = value;
            return this;
        }

        Builder flags(long value) {
            flags = value;
            return this;
        }

        Builder executor(Executor value) {
            executor = value;
            return this;
        }

        Builder resolver(NodeResolver value) {
            resolver = value;
            return this;
        }

        Builder dialPolicy(DialPolicy value) {
            dialPolicy = value;
            return this;
        }

        Builder highWater(int bytes) {
            highWater = bytes;
            return this;
        }

        Builder budget(int bytes) {
            budget = bytes;
            return this;
        }

        Builder share(long bytes) {
            share = bytes;
            return this;
        }

        Builder termBytes(long bytes) {
            termBytes = bytes;
            return this;
        }

        Builder decoder(Executor value) {
            decoder = value;
            return this;
        }

        Builder tickTime(Duration value) {
            tickTime = value;
            return this;
        }

        TestNode make() {
            var settings = new PeerSettings(
                    NodeName.parse(name),
                    flags,
                    transport,
                    new FakeHandshakes(cookie),
                    resolver,
                    dialPolicy,
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    AcceptLimits.DEFAULT,
                    tickTime,
                    1 << 24,
                    1 << 24,
                    termBytes,
                    highWater,
                    budget,
                    share,
                    scheduler,
                    executor,
                    decoder,
                    Surroundings.system());
            return new TestNode(settings);
        }

        TestNode start() {
            TestNode node = make();
            node.peers.start();
            return node;
        }
    }

    final Peers peers;
    final Atom atom;
    final List<String> events = new CopyOnWriteArrayList<>();
    final List<ControlMessage> signals = new CopyOnWriteArrayList<>();
    final List<Term> payloads = new CopyOnWriteArrayList<>();
    final List<Long> ended = new CopyOnWriteArrayList<>();
    final List<Boolean> suspicions = new CopyOnWriteArrayList<>();
    final List<String> pauses = new CopyOnWriteArrayList<>();
    final List<String> violations = new CopyOnWriteArrayList<>();
    final List<Integer> uncharged = new CopyOnWriteArrayList<>();
    volatile boolean keepsCharges;
    private final Map<PeerConnection, List<Integer>> charges = new ConcurrentHashMap<>();
    private final Map<Atom, PeerConnection> up = new ConcurrentHashMap<>();

    private TestNode(PeerSettings settings) {
        this.peers = new Peers(settings, this);
        this.atom = settings.self().atom();
    }

    @Override
    public void onUp(PeerConnection peer) {
        if (up.putIfAbsent(peer.node(), peer) != null) {
            violations.add("up twice: " + peer.node().text());
        }
        events.add("up " + peer.node().text());
    }

    @Override
    public void onSignal(PeerConnection peer, ControlMessage signal, @Nullable Term payload, int heapBytes) {
        if (up.get(peer.node()) != peer) {
            violations.add(
                    "signal of a connection that is not up: " + peer.node().text());
        }
        signals.add(signal);
        if (payload != null) {
            payloads.add(payload);
        }
        if (keepsCharges) {
            uncharged.add(heapBytes);
            charges.computeIfAbsent(peer, key -> new CopyOnWriteArrayList<>()).add(heapBytes);
        } else {
            peer.consumed(heapBytes);
        }
    }

    @Override
    public void onDown(PeerConnection peer, String reason) {
        if (!up.remove(peer.node(), peer)) {
            violations.add("down of a connection that is not up: " + peer.node().text());
        }
        ended.add(peer.id());
        events.add("down " + peer.node().text() + ": " + reason);
    }

    @Override
    public void onSuspicion(PeerConnection peer, boolean suspected, double phi, long silenceNanos) {
        if (up.get(peer.node()) != peer) {
            violations.add(
                    "suspicion of a connection that is not up: " + peer.node().text());
        }
        suspicions.add(suspected);
    }

    @Override
    public void onPaused(PeerConnection peer, long nanos) {
        pauses.add("reading " + peer.node().text());
    }

    @Override
    public void onSenderWaited(PeerConnection peer, long nanos, long queuedBytes) {
        pauses.add("sender " + peer.node().text());
    }

    @Override
    public void onUnreachable(Atom node, long connection, String reason) {
        ended.add(connection);
        events.add("unreachable " + node.text() + ": " + reason);
    }

    Pid pid(int id) {
        return new Pid(atom, id, 0, 4);
    }

    void send(TestNode to, long number) {
        send(to, 1, Int.of(number));
    }

    void send(TestNode to, int from, Term payload) {
        peers.send(to.atom, new ControlMessage.Send(pid(from), to.pid(1)), payload);
    }

    boolean trySend(TestNode to, Term payload) {
        return peers.trySend(to.atom, new ControlMessage.Send(pid(1), to.pid(1)), payload) != 0;
    }

    PeerConnection connectionTo(TestNode other) {
        return peers.connections().stream()
                .filter(c -> c.node().equals(other.atom))
                .findFirst()
                .orElseThrow();
    }

    /** Returns what a connection was charged while {@code keepsCharges} was set. */
    List<Integer> chargesOf(PeerConnection connection) {
        return charges.getOrDefault(connection, List.of());
    }

    boolean isUp(TestNode other) {
        return up.containsKey(other.atom);
    }

    /** Returns the integers received, in order. */
    List<Long> numbers() {
        var numbers = new ArrayList<Long>();
        for (Term payload : payloads) {
            if (payload instanceof Int number) {
                numbers.add(number.value());
            }
        }
        return numbers;
    }

    static Binary bytes(int size) {
        return Binary.copyOf(new byte[size]);
    }

    @Override
    public void close() {
        peers.close();
    }
}
