package io.hawser.simulation;

import io.hawser.node.Mailbox;
import io.hawser.node.Message;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.NodeName;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.term.Tuple;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A process that looks at the order of what a node tells: nodes come up and go down by turns, what a node sends comes between
 * its nodeup and its nodedown, each monitor ends once, before the nodedown if the node is lost. It greets the watcher of each
 * node that comes up.
 */
final class Watcher {
    private static final Atom NAME = Atom.of("watcher");
    private static final Atom HELLO = Atom.of("hello");

    private final SimulatedCluster cluster;
    private final Node node;
    private final Mailbox mailbox;
    private final Set<Atom> up = new HashSet<>();
    private final Map<Reference, Pid> watched = new LinkedHashMap<>();
    private final Set<Reference> downs = new HashSet<>();
    private final Set<Reference> certain = new HashSet<>(); // on a connection that was up
    private final List<String> faults = new ArrayList<>();

    Watcher(SimulatedCluster cluster, Node node) {
        this.cluster = cluster;
        this.node = node;
        this.mailbox = node.register(NAME);
        mailbox.monitorNodes(true);
        mailbox.onMessage(this::onMessage);
    }

    void watch(Pid pid) {
        boolean isUp = up.contains(pid.node())
                && node.nodes().stream().anyMatch(peer -> peer.atom().equals(pid.node()));
        Reference ref = mailbox.monitor(pid);
        watched.put(ref, pid);
        if (isUp) {
            certain.add(ref);
        }
    }

    private void onMessage(Message message) {
        if (message instanceof Message.NodeUp event) {
            onNodeUp(event.node());
        } else if (message instanceof Message.NodeDown event) {
            onNodeDown(event.node());
        } else if (message instanceof Message.Down down) {
            onDown(down.ref());
        } else if (message instanceof Message.Sent sent
                && sent.term() instanceof Tuple hello
                && hello.element(1) instanceof Atom from) {
            check(up.contains(from), "a message of " + from.text() + ", which is not up");
        }
    }

    private void onNodeUp(Atom other) {
        check(up.add(other), other.text() + " came up twice");
        for (int i = 0; i < 3; i++) {
            mailbox.send(Tuple.of(NAME, other), Tuple.of(HELLO, node.name().atom(), Int.of(i)));
        }
    }

    private void onNodeDown(Atom other) {
        check(up.remove(other), other.text() + " went down and was not up");
        for (Reference ref : certain) {
            Pid pid = watched.get(ref);
            check(
                    pid == null || !pid.node().equals(other) || downs.contains(ref),
                    "no DOWN of " + pid + " before the nodedown");
        }
    }

    private void onDown(Reference ref) {
        check(watched.containsKey(ref), "a DOWN of a monitor that nobody made");
        check(downs.add(ref), "a second DOWN of " + watched.get(ref));
    }

    private void check(boolean holds, String otherwise) {
        if (!holds) {
            faults.add(node.name() + ": " + otherwise);
        }
    }

    List<String> faults() {
        return faults;
    }

    /** When all is quiet: nodes that are told up are, and monitors are over for those that ended, only. */
    void finish(List<String> wrong) {
        var connected = new HashSet<Atom>();
        node.nodes().stream().map(NodeName::atom).forEach(connected::add);
        if (!connected.equals(up)) {
            wrong.add(node.name() + ": was told that " + up + " are up (expected: " + connected + ")");
        }
        watched.forEach((ref, pid) -> {
            if (!downs.contains(ref) && !cluster.isAlive(pid)) {
                wrong.add(node.name() + ": no DOWN of " + pid + ", which has ended");
            }
        });
    }
}
