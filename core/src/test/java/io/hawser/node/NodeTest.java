package io.hawser.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.term.Atom;
import io.hawser.term.NodeName;
import io.hawser.term.Reference;
import io.hawser.testing.Await;
import io.hawser.transport.TransportException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names, connections, events and the end of a node. */
class NodeTest {
    private static final Duration SOON = MemoryNetwork.SOON;
    private static final Atom CLOSED = Atom.of("connection_closed");
    private static final Atom SERVER = Atom.of("server");

    private final MemoryNetwork network = new MemoryNetwork();
    private final Node node = network.start("a@host");
    private final Node other = network.start("b@host");
    private final Node hidden = network.start("h@host", builder -> builder.hidden(true));

    @AfterEach
    void stop() {
        network.close();
    }

    @Test
    void givesANameToOneMailboxAtATime() {
        Mailbox first = node.register("server");
        assertThatThrownBy(() -> node.register("server"))
                .isInstanceOf(NameTakenException.class)
                .hasMessage("register server: taken by " + first.self() + " (expected: a free name)");
        assertThatThrownBy(() -> node.register(Atom.of("second"), first))
                .isInstanceOf(NameTakenException.class)
                .hasMessage("register second: the mailbox is registered as server");
        assertThat(node.whereis(SERVER)).contains(first.self());
        first.close();
        assertThat(node.whereis(SERVER)).isEmpty();
        Mailbox next = node.register("server");
        assertThat(node.unregister(SERVER)).isTrue();
        assertThat(node.unregister(SERVER)).isFalse();
        node.register(SERVER, next);
        assertThat(next.name()).contains(SERVER);
        assertThat(node.registered()).contains(SERVER, Atom.of("net_kernel"), Atom.of("rex"));
        assertThatThrownBy(() -> node.register(Atom.UNDEFINED, node.mailbox()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> node.register(Atom.of("x"), other.mailbox()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void leavesNoMailboxBehindWhenTheNameIsTaken() {
        node.register("server");
        int before = node.stats().mailboxes();
        assertThatThrownBy(() -> node.register("server")).isInstanceOf(NameTakenException.class);
        assertThat(node.stats().mailboxes()).isEqualTo(before);
    }

    @Test
    void connectsAndDisconnects() throws Exception {
        node.connect(other.name(), SOON);
        node.connect(hidden.name(), SOON);
        node.connect(node.name(), SOON);
        assertThat(node.nodes()).containsExactly(other.name());
        assertThat(node.hiddenNodes()).containsExactly(hidden.name());
        assertThat(node.connections())
                .extracting(ConnectionInfo::node, ConnectionInfo::hidden, ConnectionInfo::transport)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(other.name(), false, "memory"),
                        org.assertj.core.groups.Tuple.tuple(hidden.name(), true, "memory"));
        assertThat(node.disconnect(other.name())).isTrue();
        assertThat(node.disconnect(other.name())).isFalse();
        Await.until(SOON, "down", () -> node.nodes().isEmpty());
    }

    @Test
    void saysWhyItCannotConnect() {
        assertThatThrownBy(() -> node.connect(NodeName.parse("nowhere@nowhere"), SOON))
                .isInstanceOf(TransportException.class)
                .hasMessage("nowhere@nowhere: no such node");
    }

    @Test
    void tellsOfNodesThatComeAndGo() throws Exception {
        Mailbox visible = node.mailbox();
        visible.monitorNodes(true);
        Mailbox all = node.mailbox();
        all.monitorNodes(true, NodeKind.ALL);
        Mailbox none = node.mailbox();
        none.monitorNodes(true);
        none.monitorNodes(false);
        node.connect(hidden.name(), SOON);
        node.connect(other.name(), SOON);
        network.cut("a@host", "h@host");
        network.cut("a@host", "b@host");
        assertThat(List.of(next(visible), next(visible)))
                .containsExactly(
                        new Message.NodeUp(other.name().atom()),
                        new Message.NodeDown(other.name().atom(), CLOSED));
        assertThat(List.of(next(all), next(all), next(all), next(all)))
                .containsExactly(
                        new Message.NodeUp(hidden.name().atom()),
                        new Message.NodeUp(other.name().atom()),
                        new Message.NodeDown(hidden.name().atom(), CLOSED),
                        new Message.NodeDown(other.name().atom(), CLOSED));
        assertThat(none.receive(Duration.ZERO)).isEmpty();
    }

    private static Message next(Mailbox mailbox) throws InterruptedException {
        return mailbox.receive(SOON).orElseThrow();
    }

    @Test
    void tellsOfLinksAndMonitorsBeforeItTellsThatTheNodeIsDown() throws Exception {
        Mailbox remote = other.mailbox(MailboxOptions.DEFAULT.withTrapExit(true));
        Mailbox box = node.mailbox(MailboxOptions.DEFAULT.withTrapExit(true));
        box.monitorNodes(true);
        box.link(remote.self());
        Reference ref = box.monitor(remote.self());
        remote.send(box.self(), SERVER);
        assertThat(next(box)).isEqualTo(new Message.NodeUp(other.name().atom()));
        assertThat(next(box)).isEqualTo(new Message.Sent(SERVER));
        network.cut("a@host", "b@host");
        assertThat(List.of(next(box), next(box)))
                .containsExactlyInAnyOrder(
                        new Message.Exit(remote.self(), Atom.of("noconnection")),
                        new Message.Down(ref, remote.self(), Atom.of("noconnection")));
        assertThat(next(box)).isEqualTo(new Message.NodeDown(other.name().atom(), CLOSED));
        assertThat(next(remote)).isEqualTo(new Message.Exit(box.self(), Atom.of("noconnection")));
    }

    @Test
    void tellsThatANodeCannotBeReached() throws Exception {
        Mailbox box = node.mailbox(MailboxOptions.DEFAULT.withTrapExit(true));
        for (String name : List.of("nowhere@nowhere", "no node name at all")) {
            var pid = new io.hawser.term.Pid(Atom.of(name), 1, 0, 4);
            Reference ref = box.monitor(pid);
            assertThat(next(box)).isEqualTo(new Message.Down(ref, pid, Atom.of("noconnection")));
            box.link(pid);
            assertThat(next(box)).isEqualTo(new Message.Exit(pid, Atom.of("noconnection")));
            box.send(pid, SERVER);
            box.exit(pid, SERVER);
            box.unlink(pid);
        }
        assertThat(box.receive(Duration.ZERO)).isEmpty();
    }

    @Test
    void countsMessages() throws Exception {
        Mailbox remote = other.mailbox();
        Mailbox box = node.mailbox();
        box.send(remote.self(), SERVER);
        next(remote);
        Await.until(SOON, "up here", () -> !node.nodes().isEmpty());
        assertThat(node.stats().messagesOut()).isEqualTo(1);
        assertThat(other.stats().messagesIn()).isEqualTo(1);
        assertThat(other.connections().get(0).messagesIn()).isEqualTo(1);
        network.cut("a@host", "b@host");
        Await.until(SOON, "down", () -> node.nodes().isEmpty() && other.nodes().isEmpty());
        assertThat(other.stats().messagesIn()).isEqualTo(1);
        assertThat(other.stats().bytesIn()).isEqualTo(MemoryNetwork.WIRE_BYTES);
        assertThat(other.stats().connections()).isZero();
    }

    @Test
    void endsItsMailboxesWhenItIsClosed() throws Exception {
        Mailbox box = node.mailbox();
        Mailbox watcher = other.mailbox();
        Reference ref = watcher.monitor(box.self());
        watcher.send(box.self(), SERVER);
        next(box);
        node.close();
        node.close();
        assertThat(next(watcher)).isEqualTo(new Message.Down(ref, box.self(), Atom.of("shutdown")));
        assertThat(box.exitReason()).contains(Atom.of("shutdown"));
        assertThatThrownBy(node::mailbox)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("node a@host: closed");
    }

    @Test
    void countsNothingOnceItIsClosed() {
        node.register("server");
        node.close();
        assertThat(node.stats().mailboxes()).isZero();
        assertThat(node).hasToString("node a@host");
    }

    @Test
    void leavesNothingBehindWhenProcessesEnd() throws Exception {
        Mailbox remote = other.mailbox();
        for (int i = 0; i < 100; i++) {
            Mailbox box = node.mailbox();
            box.alias();
            box.monitor(remote.self(), AliasMode.EXPLICIT_UNALIAS);
            box.link(remote.self());
            box.unlink(remote.self());
            box.monitorNodes(true);
            box.close();
        }
        assertThat(node.stats().mailboxes()).isZero();
        assertThat(node.kernel().processes.aliasCount()).isZero();
        assertThat(node.kernel().peers.relatedCount()).isZero();
    }
}
