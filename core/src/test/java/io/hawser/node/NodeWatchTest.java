package io.hawser.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.peer.FakeHandshakes;
import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.Int;
import io.hawser.term.NodeName;
import io.hawser.term.Reference;
import io.hawser.term.Tuple;
import io.hawser.testing.ManualScheduler;
import io.hawser.transport.InMemoryLink;
import io.hawser.transport.InMemoryNetwork;
import io.hawser.transport.Transport;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node tells of its connections, and shows of them, in virtual time. */
final class NodeWatchTest {
    private static final Duration TICK_TIME = Duration.ofSeconds(60);
    private static final NodeName A = NodeName.parse("a@host");
    private static final NodeName B = NodeName.parse("b@host");

    private final ManualScheduler time = new ManualScheduler();
    private final InMemoryNetwork network = InMemoryNetwork.on(time);
    private final Directory directory = new Directory();
    private final List<Node> nodes = new ArrayList<>();
    private final List<String> events = new ArrayList<>();

    private Node a;
    private Node b;

    private Node start(String name, String cookie, Executor executor) {
        Node node = Node.start(NodeConfig.builder(name)
                .transport(network.transport())
                .handshake(new FakeHandshakes(cookie))
                .resolver(directory.resolver())
                .scheduler(time)
                .executor(executor)
                .tickTime(TICK_TIME)
                .build());
        directory.put(node.name(), node.address());
        nodes.add(node);
        return node;
    }

    private Node start(String name) {
        return start(name, "secret", Runnable::run);
    }

    @BeforeEach
    void startBoth() {
        a = start("a@host");
        b = start("b@host");
    }

    @AfterEach
    void closeAll() {
        nodes.forEach(Node::close);
        time.runReady();
    }

    private void connect() {
        a.connect(B);
        time.runReady();
        assertThat(a.nodes()).containsExactly(B);
    }

    private void note(NodeEvent event) {
        events.add(text(event));
    }

    private static String text(NodeEvent event) {
        if (event instanceof NodeEvent.NodeUp up) {
            return "up " + up.connection().node();
        } else if (event instanceof NodeEvent.NodeDown down) {
            return "down " + down.connection().node() + " " + down.reason() + ": " + down.detail();
        } else if (event instanceof NodeEvent.Suspected suspected) {
            assertThat(suspected.phi()).isGreaterThanOrEqualTo(8);
            return "suspected " + suspected.node() + " after "
                    + suspected.silence().toSeconds() + " s";
        } else if (event instanceof NodeEvent.Trusted trusted) {
            return "trusted " + trusted.node() + " after " + trusted.silence().toSeconds() + " s";
        } else if (event instanceof NodeEvent.Unreachable unreachable) {
            return "unreachable " + unreachable.reason();
        } else if (event instanceof NodeEvent.Refused refused) {
            return "refused "
                    + refused.code()
                            .map(code -> code.layer() + " " + code.name())
                            .orElse("");
        }
        return event.toString();
    }

    @Test
    void tellsOfNodesThatComeAndGoWithTheReasonInOtpsWords() {
        a.watch(this::note);
        connect();
        a.disconnect(B);
        time.runReady();
        connect();
        b.disconnect(A);
        time.runReady();
        connect();
        network.links().get(0).cut();
        time.runReady();
        assertThat(events)
                .containsExactly(
                        "up b@host",
                        "down b@host disconnect: b@host: disconnected",
                        "up b@host",
                        "down b@host connection_closed: the peer closed the connection",
                        "up b@host",
                        "down b@host connection_closed: 127.0.0.1:40001: connection reset by peer");
    }

    @Test
    void suspectsASilentPeerLongBeforeItIsGivenUp() {
        Mailbox box = a.mailbox();
        box.monitorNodes(true);
        a.watch(this::note);
        connect();
        time.advance(Duration.ofMinutes(10));
        assertThat(events).containsExactly("up b@host");
        network.links().forEach(InMemoryLink::stall);
        time.advance(Duration.ofSeconds(30));
        ConnectionInfo silent = a.connection(B).orElseThrow();
        assertThat(silent.liveness().suspected()).isTrue();
        assertThat(silent.liveness().phi()).isGreaterThan(8);
        assertThat(silent.liveness().silence()).isEqualTo(Duration.ofSeconds(30));
        network.links().forEach(InMemoryLink::resume);
        time.advance(Duration.ofMinutes(5));
        assertThat(a.connection(B).orElseThrow().liveness().phi()).isLessThan(0.1);
        network.links().forEach(InMemoryLink::stall);
        time.advance(Duration.ofMinutes(2));
        assertThat(events.subList(1, events.size()))
                .containsExactly(
                        "suspected b@host after 22 s",
                        "trusted b@host after 30 s",
                        "suspected b@host after " + events.get(3).replaceAll("\\D+", "") + " s",
                        "down b@host net_tick_timeout: net_tick_timeout");
        assertThat(poll(box).orElseThrow()).isEqualTo(new Message.NodeUp(B.atom()));
        assertThat(poll(box).orElseThrow()).isEqualTo(new Message.NodeDown(B.atom(), Atom.of("net_tick_timeout")));
    }

    @Test
    void showsConnectionsFromBothSides() {
        Mailbox at = b.register("box");
        connect();
        a.send(Tuple.of(Atom.of("box"), B.atom()), Int.of(1));
        time.advance(Duration.ofSeconds(7));
        ConnectionInfo ours = a.snapshot().connections().get(0);
        ConnectionInfo theirs = b.snapshot().connections().get(0);
        assertThat(ours.dialled()).isTrue();
        assertThat(theirs.dialled()).isFalse();
        assertThat(ours.age()).isEqualTo(Duration.ofSeconds(7));
        assertThat(ours.messagesOut()).isEqualTo(1);
        assertThat(theirs.liveness().silence()).isEqualTo(Duration.ofSeconds(7));
        assertThat(ours.liveness().sinceSent()).isEqualTo(Duration.ofSeconds(7));
        assertThat(theirs.backlog().unreadBytes()).isGreaterThan(0);
        assertThat(poll(at)).isPresent();
        assertThat(b.connection(A).orElseThrow().backlog()).isEqualTo(new ConnectionInfo.Backlog(0, 0, false));
    }

    @Test
    void showsWhatIsQueuedForAPeerThatDoesNotRead() {
        connect();
        network.links().forEach(InMemoryLink::stall);
        Mailbox box = a.mailbox();
        box.trySend(Tuple.of(Atom.of("box"), B.atom()), Binary.copyOf(new byte[50_000]));
        time.runReady();
        assertThat(a.connection(B).orElseThrow().backlog().outgoingBytes()).isBetween(50_000L, 51_000L);
    }

    @Test
    void showsWhomItCouldNotReachAndForgetsOnceItCan() {
        a.watch(this::note);
        NodeName late = NodeName.parse("late@host");
        a.connect(late);
        time.runReady();
        AbsentPeer absent = a.snapshot().absent().get(0);
        assertThat(absent.stage()).isEqualTo(AbsentPeer.Stage.WAITING);
        assertThat(absent.lastFailure().orElseThrow().reason()).startsWith("late@host: no node of that name");
        time.advance(Duration.ofSeconds(5));
        a.connect(late);
        time.runReady();
        time.advance(Duration.ofSeconds(5));
        absent = a.snapshot().absent().get(0);
        assertThat(absent.stage()).isEqualTo(AbsentPeer.Stage.IDLE);
        assertThat(absent.lastFailure().orElseThrow().count()).isEqualTo(2);
        assertThat(absent.lastFailure().orElseThrow().age()).isEqualTo(Duration.ofSeconds(5));
        start("late@host");
        a.connect(late);
        time.runReady();
        assertThat(a.snapshot().absent()).isEmpty();
        assertThat(events).hasSize(3).last().isEqualTo("up late@host");
    }

    @Test
    void remembersABoundedNumberOfThem() {
        for (int i = 0; i < Absences.MAX + 10; i++) {
            a.connect(NodeName.parse("n" + i + "@host"));
        }
        time.advance(Duration.ofMinutes(1));
        assertThat(a.snapshot().absent()).hasSize(Absences.MAX);
    }

    @Test
    void tellsOfThoseItRefusesTenASecondAndCountsTheRest() {
        a.watch(this::note);
        List<NodeEvent> told = new ArrayList<>();
        a.watch(told::add);
        for (int i = 0; i < 25; i++) {
            start("stranger" + i + "@host", "guess", Runnable::run).connect(A);
            time.runReady();
        }
        assertThat(events).hasSize(10).allMatch("refused HANDSHAKE COOKIE"::equals);
        time.advance(Duration.ofSeconds(1));
        start("last@host", "guess", Runnable::run).connect(A);
        time.runReady();
        assertThat(((NodeEvent.Refused) told.get(10)).leftOut()).isEqualTo(15);
    }

    /** All of one life comes before the next: what links and monitors owe too. */
    @Test
    void tellsOfAnEndBeforeTheNextBeginning() {
        List<String> all = new ArrayList<>();
        Mailbox box = a.mailbox();
        box.monitorNodes(true);
        Mailbox there = b.register("there");
        for (int life = 0; life < 20; life++) {
            Reference ref = box.monitor(Tuple.of(Atom.of("there"), B.atom()));
            time.runReady();
            there.send(box.self(), Int.of(life));
            time.runReady();
            b.disconnect(A);
            there.send(box.self(), Int.of(-1)); // makes the next connection at once
            time.runReady();
            all.add(read(box, ref));
            a.disconnect(B);
            time.runReady();
            read(box, ref);
        }
        assertThat(all).allMatch("[NodeUp, Sent, Down, NodeDown, NodeUp, Sent]"::equals);
    }

    private static Optional<Message> poll(Mailbox box) {
        try {
            return box.receive(Duration.ZERO);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String read(Mailbox box, Reference ref) {
        List<String> kinds = new ArrayList<>();
        for (Optional<Message> next = poll(box); next.isPresent(); next = poll(box)) {
            if (next.get() instanceof Message.Down down) {
                assertThat(down.ref()).isEqualTo(ref);
            }
            kinds.add(next.get().getClass().getSimpleName());
        }
        return kinds.toString();
    }

    @Test
    void aListenerThatFailsIsToldOnAndHarmsNobody() {
        a.watch(event -> {
            throw new IllegalStateException("listener");
        });
        a.watch(this::note);
        a.watch(event -> {
            note(event);
            throw new AssertionError("listener");
        });
        connect();
        a.disconnect(B);
        time.runReady();
        assertThat(events).hasSize(4);
    }

    @Test
    void aListenerThatIsBehindMissesTheLatestAndIsToldHowMany() {
        var tasks = new ArrayDeque<Runnable>();
        var watcher = new Watcher(this::note, tasks::add, gone -> {});
        int more = 10;
        for (int i = 0; i < Watcher.CAPACITY + more; i++) {
            watcher.tell(new NodeEvent.Trusted(B, Duration.ofSeconds(i)));
        }
        assertThat(tasks).hasSize(1);
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
        assertThat(events).hasSize(Watcher.CAPACITY + 1);
        assertThat(events.get(Watcher.CAPACITY)).isEqualTo("Missed[count=10]");
        assertThat(watcher.missed()).isEqualTo(more);
        watcher.tell(new NodeEvent.Trusted(B, Duration.ZERO));
        tasks.remove().run();
        assertThat(events).last().isEqualTo("trusted b@host after 0 s");
        watcher.close();
        watcher.tell(new NodeEvent.Trusted(B, Duration.ZERO));
        assertThat(tasks).isEmpty();
    }

    @Test
    void tellsOfNewCredentials() {
        List<Consumer<Instant>> changed = new ArrayList<>();
        Transport inner = network.transport();
        Transport changing = (Transport) Proxy.newProxyInstance(
                Transport.class.getClassLoader(), new Class<?>[] {Transport.class}, (self, method, arguments) -> {
                    if (method.getName().equals("whenCredentialsChange")) {
                        @SuppressWarnings("unchecked") // as declared
                        var told = (Consumer<Instant>) arguments[0];
                        changed.add(told);
                        return null;
                    }
                    return method.invoke(inner, arguments);
                });
        Node node = Node.start(NodeConfig.builder("tls@host")
                .transport(changing)
                .handshake(new FakeHandshakes("secret"))
                .resolver(directory.resolver())
                .scheduler(time)
                .executor(Runnable::run)
                .build());
        nodes.add(node);
        node.watch(this::note);
        changed.get(0).accept(Instant.EPOCH);
        assertThat(events).containsExactly("CredentialsChanged[ownExpires=1970-01-01T00:00:00Z]");
    }

    @Test
    void writesToAFlightRecording(@TempDir Path temporary) throws IOException {
        Path file = temporary.resolve("flight.jfr");
        try (var recording = new Recording()) {
            recording.start();
            connect();
            network.links().forEach(InMemoryLink::stall);
            time.advance(Duration.ofMinutes(2));
            start("stranger@host", "guess", Runnable::run).connect(A);
            time.runReady();
            recording.stop();
            recording.dump(file);
        }
        assertThat(RecordingFile.readAllEvents(file).stream()
                        .filter(event -> event.getEventType().getName().startsWith("hawser."))
                        .map(event -> event.getEventType().getName() + " " + event.getString("node")))
                .contains(
                        "hawser.Handshake a@host",
                        "hawser.ConnectionUp a@host",
                        "hawser.TickLate a@host",
                        "hawser.ConnectionDown a@host",
                        "hawser.Refused a@host",
                        "hawser.Handshake stranger@host");
    }

    @Test
    void aClosedWatchIsNotTold() {
        NodeWatch watch = a.watch(this::note);
        watch.close();
        watch.close();
        connect();
        assertThat(events).isEmpty();
    }
}
