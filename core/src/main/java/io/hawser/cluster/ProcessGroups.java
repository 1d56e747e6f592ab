package io.hawser.cluster;

import io.hawser.node.CallException;
import io.hawser.node.GenServer;
import io.hawser.node.Mailbox;
import io.hawser.node.MailboxOptions;
import io.hawser.node.Node;
import io.hawser.node.NodeKind;
import io.hawser.term.Atom;
import io.hawser.term.NodeName;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.TermOrder;
import io.hawser.term.Tuple;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Groups of processes that all nodes know: a scope of OTP's {@code pg}. Anything sent to a group is sent to its members,
 * one by one.
 *
 * <p>Each node keeps a copy, and hears of changes a moment later: members of other nodes are there once their node is
 * connected and its scope of the same name has answered, and gone when the connection is lost, until it is back. A process
 * leaves its groups when it ends. It can join a group several times, and has to leave it as often.
 *
 * <p>State is bounded: 65,536 groups in a scope, 4096 peers, 262,144 memberships for each of them. What exceeds that is not
 * joined.
 *
 * <p>Thread-safe.
 *
 * @see <a href="https://www.erlang.org/doc/apps/kernel/pg.html">pg</a>
 */
public final class ProcessGroups implements AutoCloseable {
    /** The scope that {@code pg:start_link/0} starts. */
    public static final Atom DEFAULT_SCOPE = Atom.of("pg");

    private static final Duration FOREVER = Duration.ofDays(365);

    private final Node node;
    private final Mailbox mailbox;
    private final Reference key;
    private final GroupTable table = new GroupTable();

    private ProcessGroups(Node node, Mailbox mailbox) {
        this.node = node;
        this.mailbox = mailbox;
        this.key = node.makeReference();
    }

    /**
     * Starts the default scope, {@code pg}, and looks for it on visible peers.
     *
     * @param node the node; it stays the caller's
     * @return the groups, until closed or until the node closes
     * @throws io.hawser.node.NameTakenException if the scope is started already
     * @throws IllegalStateException if the node is closed
     */
    public static ProcessGroups start(Node node) {
        return start(node, DEFAULT_SCOPE);
    }

    /**
     * Starts a scope, and looks for it on visible peers.
     *
     * @param node the node; it stays the caller's
     * @param scope the name of the scope, which its process is registered under
     * @return the groups, until closed or until the node closes
     * @throws io.hawser.node.NameTakenException if the name is registered already
     * @throws IllegalStateException if the node is closed
     */
    public static ProcessGroups start(Node node, Atom scope) {
        return start(node, scope, NodeKind.VISIBLE);
    }

    /**
     * Starts a scope. OTP nodes look for a scope on visible peers only, but answer all: a hidden node finds the groups of
     * its peers, and is found in them, if it looks itself.
     *
     * @param node the node; it stays the caller's
     * @param scope the name of the scope, which its process is registered under
     * @param peers on which peers to look for it
     * @return the groups, until closed or until the node closes
     * @throws io.hawser.node.NameTakenException if the name is registered already
     * @throws IllegalStateException if the node is closed
     */
    public static ProcessGroups start(Node node, Atom scope, NodeKind peers) {
        Objects.requireNonNull(peers, "peers");
        Mailbox mailbox =
                node.mailbox(MailboxOptions.DEFAULT.withAsyncDist(true).withName(scope));
        mailbox.ignoreExits();
        var groups = new ProcessGroups(node, mailbox);
        groups.begin(scope, peers);
        return groups;
    }

    private void begin(Atom scope, NodeKind peers) {
        var server = new GroupServer(mailbox, scope, key, table);
        mailbox.monitorNodes(true, peers);
        GenServer.start(mailbox, server);
        if (peers != NodeKind.HIDDEN) {
            node.nodes().forEach(peer -> server.discover(peer.atom()));
        }
        if (peers != NodeKind.VISIBLE) {
            node.hiddenNodes().forEach(peer -> server.discover(peer.atom()));
        }
    }

    /**
     * Adds a process of this node to a group. Once this returns, it is a member here, and peers have been told, but for
     * those for whom more than the high-water mark is queued: they hear of it with all else once there is room.
     *
     * @param group the group, any term
     * @param pid the process
     * @return false if there are too many groups
     * @throws IllegalArgumentException if it is not a process of this node
     * @throws InterruptedException if the thread is interrupted while waiting; the process may be a member then
     * @throws IllegalStateException if the groups, or the node, are closed
     */
    public boolean join(Term group, Pid pid) throws InterruptedException {
        Objects.requireNonNull(group, "group");
        NodeName name = node.name();
        if (!pid.node().equals(name.atom()) || pid.creation() != node.creation()) {
            throw new IllegalArgumentException("join: " + pid + " (expected: a process of " + name + ")");
        }
        return ask(GroupServer.join(key, group, pid));
    }

    /**
     * Takes a process of this node out of a group, once if it joined several times. Waits as {@link #join} does.
     *
     * @param group the group
     * @param pid the process
     * @return false if it was no member
     * @throws InterruptedException if the thread is interrupted while waiting; the process may have left then
     * @throws IllegalStateException if the groups, or the node, are closed
     */
    public boolean leave(Term group, Pid pid) throws InterruptedException {
        return ask(GroupServer.leave(key, Objects.requireNonNull(group, "group"), pid));
    }

    /**
     * Has a process told who joins and leaves a group from now on, on any node, as {@code pg:monitor/1} does: by messages
     * <code>{Ref, join, Group, Pids}</code> and <code>{Ref, leave, Group, Pids}</code>, in order, none missing and none
     * twice. Ends with the process.
     *
     * @param watcher a process of this node
     * @param group the group
     * @return what the messages begin with, and who is a member now
     * @throws InterruptedException if the thread is interrupted while waiting; the process may be told then
     * @throws IllegalStateException if the groups, or the node, are closed
     */
    public Watch monitor(Mailbox watcher, Term group) throws InterruptedException {
        return watch(GroupServer.monitor(key, List.of(Objects.requireNonNull(group, "group")), watcher.self()));
    }

    /**
     * Has a process told who joins and leaves any group, as {@link #monitor} does for one and {@code pg:monitor_scope/0}
     * does in OTP.
     *
     * @param watcher a process of this node
     * @return what the messages begin with, and who is a member of which group now
     * @throws InterruptedException if the thread is interrupted while waiting; the process may be told then
     * @throws IllegalStateException if the groups, or the node, are closed
     */
    public Watch monitorScope(Mailbox watcher) throws InterruptedException {
        return watch(GroupServer.monitor(key, List.of(), watcher.self()));
    }

    /**
     * Ends what {@link #monitor} or {@link #monitorScope} began; what is in the mailbox already stays there.
     *
     * @param watch what that returned
     * @return false if it has ended already
     * @throws InterruptedException if the thread is interrupted while waiting
     * @throws IllegalStateException if the groups, or the node, are closed
     */
    public boolean demonitor(Watch watch) throws InterruptedException {
        return ask(GroupServer.demonitor(key, watch.ref()));
    }

    /**
     * A monitor of groups. Immutable.
     *
     * @param ref what its messages begin with
     * @param members the members when it began, by group; a process that joined several times is there as often
     */
    public record Watch(Reference ref, Map<Term, List<Pid>> members) {
        /**
         * Copies the members.
         *
         * @param ref what its messages begin with
         * @param members the members by group
         */
        public Watch {
            var sorted = new TreeMap<Term, List<Pid>>(TermOrder.exact());
            sorted.putAll(members);
            members = Collections.unmodifiableMap(sorted);
        }
    }

    private Watch watch(Tuple request) throws InterruptedException {
        Tuple reply = (Tuple) call(request);
        var members = new TreeMap<Term, List<Pid>>(TermOrder.exact());
        for (Term each : Fields.list(reply.element(1))) {
            Tuple entry = (Tuple) each;
            members.put(
                    entry.element(0),
                    Fields.list(entry.element(1)).stream().map(Pid.class::cast).toList());
        }
        return new Watch((Reference) reply.element(0), members);
    }

    private boolean ask(Tuple request) throws InterruptedException {
        return call(request).equals(Atom.TRUE);
    }

    private Term call(Tuple request) throws InterruptedException {
        try {
            return GenServer.call(node, mailbox.self(), request, FOREVER);
        } catch (CallException e) {
            throw new IllegalStateException("process groups of " + node.name() + ": closed", e);
        }
    }

    /**
     * Returns the members of a group, of all nodes; those of this node come first.
     *
     * @param group the group
     * @return a snapshot; empty if there is no such group; a process that joined several times is there as often
     */
    public List<Pid> members(Term group) {
        return table.members(group);
    }

    /**
     * Returns the members of a group that are processes of this node.
     *
     * @param group the group
     * @return a snapshot; a process that joined several times is there as often
     */
    public List<Pid> localMembers(Term group) {
        return table.localMembers(group);
    }

    /**
     * Returns the groups that have members.
     *
     * @return a snapshot
     */
    public Set<Term> groups() {
        return table.groups();
    }

    /** Ends the scope on this node: its processes leave the groups that other nodes see. Can be called twice. */
    @Override
    public void close() {
        mailbox.close();
    }
}
