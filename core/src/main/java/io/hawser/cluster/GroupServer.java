package io.hawser.cluster;

import io.hawser.node.GenServer;
import io.hawser.node.Mailbox;
import io.hawser.node.Message;
import io.hawser.term.Atom;
import io.hawser.term.ListTerm;
import io.hawser.term.Pid;
import io.hawser.term.Printable;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.TermOrder;
import io.hawser.term.Tuple;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process of one scope: knows which processes of this node are in which groups, tells the scope processes of other
 * nodes, and hears from them. A scope process of OTP ends when it gets a message it does not expect, so those it
 * made itself known to, and no others, are sent {@code sync}, {@code join} and {@code leave}. What is malformed is
 * ignored, and so are members that live on another node than the peer that reports them. It never connects, as OTP's does
 * not: a connection that was cut stays so.
 *
 * <p>Confined to the handler of its mailbox.
 */
final class GroupServer implements GenServer.Callbacks {
    /** Scope processes of other nodes that can be known. */
    static final int MAX_PEERS = 4096;

    /** Those of one node: the scope process there, and earlier ones whose end has not been told yet. */
    static final int MAX_OF_NODE = 4;

    private static final Atom GEN_CAST = Atom.of("$gen_cast");

    /** When to look again whether there is room. */
    private static final Duration LATER = Duration.ofMillis(100);

    private static final Logger logger = LoggerFactory.getLogger(GroupServer.class);

    private final Mailbox self;
    private final Atom scope;
    private final Reference key;
    private final GroupTable table;
    private final GroupWatchers watchers;
    private final LocalGroups locals;
    private final Map<Pid, Peer> peers = new LinkedHashMap<>();
    private final Map<Atom, Integer> peersOfNode = new HashMap<>();
    private final Quota quota;
    private final Doorbell<Runnable> tasks;
    private final LimitedLog log = new LimitedLog(logger);
    private boolean isRoundDue; // for those that are behind

    /** The scope process of another node. */
    private static final class Peer {
        final Reference monitor;
        final PeerGroups groups; // in which it has members
        boolean isFull; // said once
        boolean isDiscovered; // was asked for its groups
        boolean isBehind; // has not been told of the last changes here

        Peer(Reference monitor, PeerGroups groups) {
            this.monitor = monitor;
            this.groups = groups;
        }
    }

    /**
     * Makes the process of a scope.
     *
     * @param self its mailbox, registered under the name of the scope
     * @param key what requests of this node begin with; nobody else knows it
     */
    GroupServer(Mailbox self, Atom scope, Reference key, GroupTable table) {
        this.self = self;
        self.autoConnect(false);
        this.scope = scope;
        this.key = key;
        this.table = table;
        this.watchers = new GroupWatchers(self);
        this.locals = new LocalGroups(self);
        this.quota = PeerGroups.quota(self.node().name().atom());
        this.tasks = new Doorbell<>(self);
    }

    /** Refused: whoever is connected may ask, and no peer is to suspend or to end what all of them need. */
    @Override
    public boolean allowsSystem(Term request) {
        return false;
    }

    // ---- requests of this node

    static Tuple join(Reference key, Term group, Pid pid) {
        return Tuple.of(key, Atoms.JOIN, group, pid);
    }

    static Tuple leave(Reference key, Term group, Pid pid) {
        return Tuple.of(key, Atoms.LEAVE, group, pid);
    }

    /** Has a process told who joins and leaves one group, {@code [Group]}, or all, {@code []}. */
    static Tuple monitor(Reference key, List<Term> groups, Pid watcher) {
        return Tuple.of(key, Atoms.MONITOR, new ListTerm(groups), watcher);
    }

    static Tuple demonitor(Reference key, Reference monitor) {
        return Tuple.of(key, Atoms.DEMONITOR, monitor);
    }

    @Override
    public void onCall(Mailbox server, GenServer.Call call) {
        take(call.request(), () -> onRequest(call));
    }

    private void onRequest(GenServer.Call call) {
        if (!(call.request() instanceof Tuple asked)
                || asked.arity() == 0
                || !asked.element(0).equals(key)) {
            return;
        }
        if (asked.element(1).equals(Atoms.DEMONITOR)) {
            call.reply(self, Atom.of(watchers.remove((Reference) asked.element(2))));
        } else if (asked.element(1).equals(Atoms.MONITOR)) {
            call.reply(self, monitor(Fields.list(asked.element(2)), (Pid) asked.element(3)));
        } else if (call.request() instanceof Tuple request
                && request.arity() == 4
                && request.element(0).equals(key)
                && request.element(3) instanceof Pid pid) {
            Term group = request.element(2);
            boolean done = request.element(1).equals(Atoms.JOIN) ? join(group, pid) : leave(group, pid);
            call.reply(self, Atom.of(done));
        }
    }

    /** Returns <code>{Ref, [{Group, [Pid]}]}</code>: who is there when the news begins. */
    private Term monitor(List<Term> groups, Pid watcher) {
        Reference ref = watchers.add(watcher, groups.isEmpty() ? null : groups.get(0));
        return Tuple.of(
                ref,
                new ListTerm((groups.isEmpty() ? table.groups() : groups)
                        .stream()
                                .<Term>map(group -> Tuple.of(group, new ListTerm(List.copyOf(table.members(group)))))
                                .toList()));
    }

    private boolean join(Term group, Pid pid) {
        if (!table.hasRoomFor(group)) {
            return false;
        }
        locals.join(group, pid);
        table.addLocal(group, pid);
        watchers.tell(group, List.of(), List.of(pid));
        broadcast(Tuple.of(Atoms.JOIN, self.self(), group, pid));
        return true;
    }

    private boolean leave(Term group, Pid pid) {
        if (!locals.leave(group, pid)) {
            return false;
        }
        table.removeLocal(group, pid);
        watchers.tell(group, List.of(pid), List.of());
        broadcast(Tuple.of(Atoms.LEAVE, self.self(), pid, ListTerm.of(group)));
        return true;
    }

    /** Tells those that have room. Others hear nothing until there is room for all groups anew: nobody waits for them. */
    private void broadcast(Term message) {
        peers.forEach((pid, peer) -> {
            if (!peer.isBehind && !self.trySendIfConnected(pid, message)) {
                catchUp(pid, peer);
            }
        });
    }

    /** Sends all groups of this node, and asks for the peer's if need be, as soon as there is room. */
    private void catchUp(Pid pid, Peer peer) {
        Term groups = Tuple.of(GEN_CAST, Tuple.of(Atoms.SYNC, self.self(), locals.toTerm()));
        boolean told = self.trySendIfConnected(pid, groups);
        if (told && !peer.isDiscovered) {
            peer.isDiscovered = self.trySendIfConnected(pid, Tuple.of(Atoms.DISCOVER, self.self()));
        }
        peer.isBehind = !told || !peer.isDiscovered;
        if (peer.isBehind && !isRoundDue) {
            isRoundDue = true;
            later(this::catchUpAll);
        }
    }

    /** Another try for all that are behind. */
    private void catchUpAll() {
        isRoundDue = false;
        peers.forEach((pid, peer) -> {
            if (peer.isBehind) {
                catchUp(pid, peer);
            }
        });
    }

    /** Runs a task in the handler when there may be room. */
    private void later(Runnable task) {
        self.node().scheduler().schedule(LATER, () -> {
            if (self.isAlive()) {
                post(task);
            }
        });
    }

    /** Has the scope process run something; on any thread. */
    void post(Runnable task) {
        tasks.leave(task);
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            take(null, task);
        }
    }

    /** Handles something: what a peer said wrong is ignored, and whatever fails costs no more than itself. */
    private void take(@Nullable Term message, Runnable handling) {
        try {
            handling.run();
        } catch (Fields.MalformedException e) {
            log.atDebug()
                    .addKeyValue("scope", scope)
                    .addArgument(() -> message == null ? "" : Printable.of(message))
                    .log("ignored: {}");
        } catch (RuntimeException e) {
            if (!self.isAlive()) {
                throw e; // which is why
            }
            log.atWarn()
                    .addKeyValue("scope", scope)
                    .addKeyValue("peer", self.origin().map(Atom::text).orElse(""))
                    .setCause(e)
                    .log("pg failed to handle a message");
        }
    }

    // ---- peers

    @Override
    public void onCast(Mailbox server, Term request) {
        take(request, () -> {
            Fields cast = Fields.of(request);
            if (!cast.verb().equals("sync/3")) {
                throw new Fields.MalformedException();
            }
            onSync(peerPid(cast), cast.list(2));
        });
    }

    @Override
    public void onInfo(Mailbox server, Message message) {
        if (tasks.isRing(message)) {
            runTasks();
        } else if (message instanceof Message.NodeUp up) {
            take(null, () -> discover(up.node()));
        } else if (message instanceof Message.Down down) {
            take(null, () -> onDown(down));
        } else if (message instanceof Message.Sent sent) {
            take(sent.term(), () -> onSent(Fields.of(sent.term())));
        }
    }

    void discover(Atom node) {
        if (!self.trySendIfConnected(Tuple.of(scope, node), Tuple.of(Atoms.DISCOVER, self.self()))) {
            later(() -> {
                if (isConnected(node)) {
                    discover(node);
                }
            });
        }
    }

    private boolean isConnected(Atom node) {
        return self.node().connections().stream()
                .anyMatch(up -> up.node().atom().equals(node));
    }

    private void onSent(Fields message) {
        switch (message.verb()) {
            case "discover/2", "discover/3" -> onDiscover(peerPid(message)); // the third tells a version
            case "join/4" -> onJoin(peerPid(message), message.term(2), pids(message.term(3)));
            case "leave/4" -> onLeave(peerPid(message), pids(message.term(2)), message.list(3));
            default -> throw new Fields.MalformedException();
        }
    }

    private Pid peerPid(Fields message) {
        Pid peer = message.pid(1);
        if (!peer.node().equals(self.origin().orElse(null))) { // it speaks for itself, and nobody else is monitored
            throw new Fields.MalformedException();
        }
        return peer;
    }

    // {discover, Peer} or {discover, Peer, Version}
    private void onDiscover(Pid pid) {
        Peer peer = meet(pid);
        if (peer != null && !peer.isBehind) {
            catchUp(pid, peer);
        }
    }

    private @Nullable Peer meet(Pid pid) {
        Peer known = peers.get(pid);
        if (known == null && peers.size() < MAX_PEERS && peersOfNode.getOrDefault(pid.node(), 0) < MAX_OF_NODE) {
            known = new Peer(self.monitor(pid), new PeerGroups(pid.node(), quota));
            peers.put(pid, known);
            peersOfNode.merge(pid.node(), 1, Integer::sum);
        }
        return known;
    }

    // {sync, Peer, [{Group, [Pid]}]}
    private void onSync(Pid pid, List<Term> groups) {
        var members = new TreeMap<Term, List<Pid>>(TermOrder.exact());
        for (Term term : groups) {
            Fields entry = Fields.of(term, 2);
            members.put(entry.term(0), pids(entry.term(1)));
        }
        Peer peer = meet(pid);
        if (peer == null) {
            return;
        }
        peer.isDiscovered = true;
        var all = new TreeSet<>(TermOrder.exact());
        all.addAll(peer.groups.clear());
        all.addAll(members.keySet());
        for (Term group : all) {
            List<Pid> in = admitted(pid, peer, group, members.getOrDefault(group, List.of()));
            watchers.tell(group, table.replace(pid, group, in), in);
        }
    }

    // {join, Peer, Group, PidOrPids}
    private void onJoin(Pid pid, Term group, List<Pid> pids) {
        Peer peer = peers.get(pid);
        if (peer != null) {
            List<Pid> in = admitted(pid, peer, group, pids);
            table.add(pid, group, in);
            watchers.tell(group, List.of(), in);
        }
    }

    /** Those that may join, counted and noted with their peer. */
    private List<Pid> admitted(Pid pid, Peer peer, Term group, List<Pid> pids) {
        List<Pid> own =
                pids.stream().filter(each -> each.node().equals(pid.node())).toList();
        if (own.isEmpty()) {
            return own;
        }
        if (!table.hasRoomForPeers(group) || !peer.groups.add(group, own.size())) {
            if (!peer.isFull) {
                peer.isFull = true;
                log.atWarn().log("{}: more groups or members than can be kept: not joined", Printable.of(pid));
            }
            return List.of();
        }
        return own;
    }

    // {leave, Peer, PidOrPids, [Group]}
    private void onLeave(Pid pid, List<Pid> pids, List<Term> groups) {
        Peer peer = peers.get(pid);
        if (peer == null) {
            return;
        }
        var counts = PidList.counts(pids);
        var times = new TreeMap<Term, Integer>(TermOrder.exact());
        groups.forEach(group -> times.merge(group, 1, Integer::sum));
        times.forEach((group, often) -> {
            if (peer.groups.contains(group)) {
                List<Pid> left = table.remove(pid, group, counts, often);
                peer.groups.remove(group, left.size(), !table.has(pid, group));
                watchers.tell(group, left, List.of());
            }
        });
    }

    private static List<Pid> pids(Term pidOrPids) {
        if (pidOrPids instanceof Pid pid) {
            return List.of(pid);
        }
        return Fields.list(pidOrPids).stream()
                .map(each -> Fields.as(Pid.class, each))
                .toList();
    }

    private void onDown(Message.Down down) {
        watchers.onDown(down.ref());
        if (!(down.object() instanceof Pid pid)) {
            return;
        }
        Peer peer = peers.get(pid);
        if (peer != null && peer.monitor.equals(down.ref())) {
            peers.remove(pid);
            peersOfNode.computeIfPresent(pid.node(), (node, count) -> count == 1 ? null : count - 1);
            peer.groups.clear().forEach(group -> watchers.tell(group, table.replace(pid, group, List.of()), List.of()));
        }
        List<Term> left = locals.ended(pid, down.ref());
        if (!left.isEmpty()) {
            left.forEach(group -> {
                table.removeLocal(group, pid);
                watchers.tell(group, List.of(pid), List.of());
            });
            broadcast(Tuple.of(Atoms.LEAVE, self.self(), pid, new ListTerm(left)));
        }
    }
}
