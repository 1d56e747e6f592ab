package io.hawser.cluster;

import io.hawser.cluster.GlobalMembers.Member;
import io.hawser.cluster.NameConflicts.Outcome;
import io.hawser.node.GenServer;
import io.hawser.node.Mailbox;
import io.hawser.node.Message;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.ListTerm;
import io.hawser.term.MapTerm;
import io.hawser.term.NodeName;
import io.hawser.term.Pid;
import io.hawser.term.Printable;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process {@code global_name_server}: keeps names, locks and members, and meets the name servers of other nodes. Speaks
 * version 8 of the protocol, that of OTP 25 to 28; nodes that speak an older one are left alone.
 *
 * <p>When two nodes connect, both send {@code init_connect}; their lockers lock what each knows; then both send
 * {@code exchange} with their names and {@code resolved} with what the other has to change, and tell the nodes they knew
 * before in {@code new_nodes}. Whoever hears of a node that way says {@code in_sync} to it.
 *
 * <p>Peers speak for each other here, as in OTP: whoever is admitted to the cluster is trusted with its names. What is
 * malformed is ignored. Confined to the handler of its mailbox, but for {@link #post}.
 */
final class GlobalServer implements GenServer.Callbacks, GlobalLocker.Listener {
    private static final Logger logger = LoggerFactory.getLogger(GlobalServer.class);
    private static final long VERSION = 8;

    /** Attempts to exchange names with a node while it stays connected; then it is left alone. */
    private static final int MAX_ATTEMPTS = 64;

    /** Calls of {@code sync} that wait here at the same time. */
    private static final int MAX_SYNCERS = 1024;

    private final Node node;
    private final Atom here;
    private final Mailbox self;
    private final Mailbox lockerMailbox;
    private final GlobalMembers members;
    private final GlobalNames names;
    private final GlobalLocks locks;
    private final GlobalLocker locker;
    private final Doorbell<Runnable> doorbell;

    private final Set<Atom> up = new HashSet<>();
    private final Set<Atom> removing = new HashSet<>();
    private final Map<Atom, GlobalSession> sessions = new HashMap<>();
    private final Map<Atom, Integer> attempts = new HashMap<>();
    private final List<Syncer> syncers = new ArrayList<>();
    private final LostConnections lostConnections = new LostConnections();
    private final Term incarnation = Int.of(ThreadLocalRandom.current().nextLong(1L << 58));
    private long lastTag;
    private long lastLoss;

    /** A caller that waits until these nodes know our names, and we theirs. */
    private record Syncer(GenServer.Call call, Set<Atom> nodes) {}

    GlobalServer(Mailbox self, Mailbox lockerMailbox) {
        this.node = self.node();
        this.here = node.name().atom();
        this.self = self;
        this.lockerMailbox = lockerMailbox;
        this.members = new GlobalMembers(here);
        this.names = new GlobalNames(self);
        this.locks = new GlobalLocks(self);
        this.locker = new GlobalLocker(lockerMailbox, locks, members, names, this);
        this.doorbell = new Doorbell<>(self);
    }

    GlobalLocker locker() {
        return locker;
    }

    GlobalMembers members() {
        return members;
    }

    GlobalNames names() {
        return names;
    }

    GlobalLocks locks() {
        return locks;
    }

    /** Has the name server run something; on any thread. */
    void post(Runnable task) {
        doorbell.leave(task);
    }

    // ---- calls

    @Override
    public void onCall(Mailbox server, GenServer.Call call) {
        try {
            Term reply = call.request() instanceof Atom question ? onQuestion(question) : onRequest(call);
            if (reply != null) {
                call.reply(self, reply);
            }
        } catch (Fields.MalformedException e) {
            logIgnored("call", call.request());
        }
    }

    private @Nullable Term onQuestion(Atom question) {
        return switch (question.text()) {
            case "get_known" -> members.knownTerm();
            case "get_synced" -> members.syncedTerm();
            case "get_protocol_version" -> Int.of(VERSION);
            case "get_names_ext" -> ListTerm.EMPTY;
            default -> null;
        };
    }

    private @Nullable Term onRequest(GenServer.Call call) {
        Fields request = Fields.of(call.request());
        switch (request.verb()) {
            case "set_lock/2" -> {
                Fields lock = Fields.of(request.term(1), 2);
                return Atom.of(locks.set(lock.term(0), lock.term(1), call.from()));
            }
            case "del_lock/2" -> {
                Fields lock = Fields.of(request.term(1), 2);
                locks.delete(lock.term(0), lock.term(1), call.from());
                return Atom.TRUE;
            }
            case "register/4", "register_ext/5" -> {
                insert(new GlobalName(request.term(1), request.pid(2), request.term(3)), locks.isHeldBy(call.from()));
                return Atoms.YES;
            }
            case "unregister/2" -> {
                names.delete(request.term(1));
                return Atom.OK;
            }
            case "sync/2" -> {
                return sync(call, request.list(1));
            }
            default -> throw new Fields.MalformedException();
        }
    }

    private void insert(GlobalName name, boolean isLocked) {
        if (!isLocked) {
            names.delete(name.name()); // the one who locked is gone, and the news of it overtook this
        } else if (!names.insert(name)) {
            logger.warn("{}: global name not registered: {} names are", node.name(), GlobalNames.MAX_NAMES);
        }
    }

    private @Nullable Term sync(GenServer.Call call, List<Term> nodes) {
        var missing = new HashSet<Atom>();
        for (Term term : nodes) {
            Atom other = Fields.as(Atom.class, term);
            if (!other.equals(here) && !members.isSynced(other) && up.contains(other)) {
                missing.add(other);
            }
        }
        if (missing.isEmpty()) {
            return Atom.OK;
        }
        if (syncers.size() < MAX_SYNCERS) {
            syncers.add(new Syncer(call, missing));
        }
        return null;
    }

    private void onSynced(Atom other) {
        syncers.forEach(syncer -> syncer.nodes.remove(other));
        syncers.removeIf(syncer -> {
            boolean done = syncer.nodes.isEmpty();
            if (done) {
                syncer.call.reply(self, Atom.OK);
            }
            return done;
        });
    }

    // ---- casts: two nodes meet

    @Override
    public void onCast(Mailbox server, Term request) {
        try {
            Fields cast = Fields.of(request);
            switch (cast.verb()) {
                case "init_connect/4" -> onInitConnect(cast);
                case "lock_set/5" -> onLockSet(cast);
                case "exchange/5" -> onExchange(cast);
                case "resolved/7" -> onResolved(cast);
                case "new_nodes/6" -> onNewNodes(cast);
                case "in_sync/3" -> onInSync(cast.atom(1));
                default -> throw new Fields.MalformedException();
            }
        } catch (Fields.MalformedException e) {
            logIgnored("cast", request);
        }
    }

    /** A visible node is connected, or an attempt begins anew. */
    private void connect(Atom other) {
        if (members.isKnown(other) || sessions.containsKey(other) || !up.contains(other)) {
            return;
        }
        if (attempts.merge(other, 1, Integer::sum) > MAX_ATTEMPTS) {
            logger.warn("{}: {} attempts to exchange names failed: no more", other.text(), MAX_ATTEMPTS);
            return;
        }
        var session = new GlobalSession(other, ++lastTag);
        sessions.put(other, session);
        Term me = Tuple.of(Atoms.LOCKER, Atoms.NO_LONGER_A_PID, MapTerm.EMPTY, lockerMailbox.self());
        Term version = Tuple.of(Int.of(VERSION), Int.of(session.tag));
        cast(other, Tuple.of(Atoms.INIT_CONNECT, version, here, me));
    }

    // {init_connect, {Version, HisTag, ...}, Node, {locker, _, _, HisLocker}}
    private void onInitConnect(Fields message) {
        Fields version = Fields.of(message.term(1));
        Atom other = message.atom(2);
        Pid hisLocker = Fields.of(message.term(3), 4).pid(3);
        if (version.tuple().arity() < 2 || !hisLocker.node().equals(other)) {
            throw new Fields.MalformedException();
        }
        Term hisTag = version.term(1);
        long hisVersion = version.integer(0);
        if (hisVersion < VERSION) {
            logger.warn(
                    "{}: speaks version {} of global (expected: {}): left alone", other.text(), hisVersion, VERSION);
            return;
        }
        GlobalSession session = sessions.get(other);
        if (session != null && session.isPending()) {
            cancelAt(other, hisTag);
            restart(session);
            session = sessions.get(other);
        }
        if (session == null) {
            return;
        }
        session.hisTag = hisTag;
        session.version = Math.min(hisVersion, VERSION);
        locker.tell(new GlobalLocker.Candidate(other, session.tag, hisLocker, hisTag));
        send(other, Tuple.of(Atoms.INIT_CONNECT_ACK, here, hisTag, Int.of(session.tag)));
    }

    // {init_connect_ack, Node, MyTag, HisTag}
    private void onInitConnectAck(Fields message) {
        GlobalSession session = sessions.get(message.atom(1));
        Term hisTag = message.term(3);
        if (session != null && message.term(2).equals(Int.of(session.tag)) && !hisTag.equals(session.hisTag)) {
            cancelAt(session.node, hisTag);
            restart(session);
        }
        // one for another tag answers an attempt that is over
    }

    // {cancel_connect, Node, MyTag}
    private void onCancelConnect(Fields message) {
        GlobalSession session = sessions.get(message.atom(1));
        if (session != null && message.term(2).equals(Int.of(session.tag))) {
            session.hisTag = null; // he has ended it
            restart(session);
        }
    }

    private void restart(GlobalSession session) {
        end(session, () -> {});
        connect(session.node);
    }

    /** Ends an attempt here, and at the other node if it takes part. */
    private void end(GlobalSession session, Runnable last) {
        sessions.remove(session.node);
        if (session.hisTag != null) {
            cancelAt(session.node, session.hisTag);
        }
        locker.tell(new GlobalLocker.Over(session.node, session.tag, last));
    }

    private void cancelAt(Atom other, Term hisTag) {
        send(other, Tuple.of(Atoms.CANCEL_CONNECT, here, hisTag));
    }

    private @Nullable GlobalSession session(Atom other, Term tag) {
        GlobalSession session = sessions.get(other);
        return session != null && session.isPending() && tag.equals(Int.of(session.tag)) ? session : null;
    }

    // {lock_set, HisLocker, IsSet, HisKnown, MyTag}
    private void onLockSet(Fields message) {
        Pid hisLocker = message.pid(1);
        boolean isSet = message.bool(2);
        GlobalSession session = session(hisLocker.node(), message.term(4));
        if (session != null && session.hisTag != null) {
            locker.tell(new GlobalLocker.LockSet(hisLocker.node(), session.tag, hisLocker, session.hisTag, isSet));
        }
    }

    @Override
    public void onLockSet(Atom other, long tag, Term requester) {
        post(() -> {
            GlobalSession session = session(other, Int.of(tag));
            if (session == null || session.hisTag == null) {
                return;
            }
            session.lockedBy = requester;
            cast(other, Tuple.of(Atoms.EXCHANGE, here, names.toTerm(), ListTerm.EMPTY, session.hisTag));
            compare(session);
        });
    }

    // {exchange, Node, [{Name, Pid, Method}], _, MyTag}
    private void onExchange(Fields message) {
        List<GlobalName> hisNames =
                message.list(2).stream().map(GlobalName::parse).toList();
        GlobalSession session = session(message.atom(1), message.term(4));
        if (session != null) {
            session.hisNames = hisNames;
            compare(session);
        }
    }

    private void compare(GlobalSession session) {
        if (session.lockedBy != null && session.hisNames != null && !session.isResolving) {
            session.isResolving = true;
            locker.tell(new GlobalLocker.Compare(session.node, session.tag, session.hisNames));
        }
    }

    @Override
    public void onCompared(Atom other, long tag, Outcome outcome) {
        post(() -> {
            GlobalSession session = session(other, Int.of(tag));
            if (session == null || session.hisTag == null) {
                return;
            }
            session.operations = outcome.ours();
            cast(
                    other,
                    Tuple.of(
                            Atoms.RESOLVED,
                            here,
                            NameOperation.toTerm(outcome.his()),
                            members.knownTerm(),
                            Atoms.UNUSED,
                            ListTerm.EMPTY,
                            session.hisTag));
            finish(session);
        });
    }

    // {resolved, Node, Operations, HisKnown, _, _, MyTag}
    private void onResolved(Fields message) {
        var operations = NameOperation.parse(message.list(2));
        var hisKnown = Member.parse(message.list(3));
        GlobalSession session = session(message.atom(1), message.term(6));
        if (session != null) {
            session.resolved = new GlobalSession.Resolved(operations, hisKnown);
            finish(session);
        }
    }

    /** Both sides have compared: the other node, and those it knows, are known from here on. */
    private void finish(GlobalSession session) {
        if (session.operations == null || session.resolved == null) {
            return;
        }
        var operations = new ArrayList<>(session.operations);
        operations.addAll(session.resolved.operations());
        var newNodes = new ArrayList<Member>();
        newNodes.add(new Member(session.node, session.version));
        newNodes.addAll(session.resolved.known());
        var before = members.known();
        apply(operations, locks.isRequestedBy(session.lockedBy));
        for (Member each : session.resolved.known()) {
            GlobalSession other = sessions.get(each.node());
            if (other != null) {
                end(other, () -> {});
            }
        }
        Term lock = session.lockedBy == null ? Atom.UNDEFINED : GlobalLocks.global(session.lockedBy);
        Term extra = ListTerm.of(Tuple.of(Atoms.VSN, Int.of(session.version)), Tuple.of(Atoms.LOCK, lock));
        Term news = Tuple.of(
                Atoms.NEW_NODES,
                here,
                NameOperation.toTerm(operations),
                ListTerm.EMPTY,
                GlobalMembers.toTerm(newNodes),
                extra);
        session.hisTag = null; // it ends well: nothing to cancel
        // told before the lock is released, so that they change their names under it
        end(session, () -> before.forEach(each -> GenServer.cast(lockerMailbox, server(each), news)));
        meet(members.add(newNodes), session.node);
        attempts.remove(session.node);
        synced(session.node);
    }

    private void apply(List<NameOperation> operations, boolean isLocked) {
        for (NameOperation operation : operations) {
            if (operation instanceof NameOperation.Insert insert) {
                insert(insert.entry(), isLocked);
            } else if (operation instanceof NameOperation.Delete delete) {
                names.delete(delete.name());
            }
        }
    }

    // {new_nodes, Node, Operations, _, Nodes, [{vsn, _}, {lock, {global, Requester}}]}
    private void onNewNodes(Fields message) {
        Atom teller = message.atom(1);
        var operations = NameOperation.parse(message.list(2));
        var nodes = Member.parse(message.list(4));
        var requester = lockRequester(message.list(5));
        meet(members.add(nodes), teller);
        apply(operations, locks.isRequestedBy(requester));
    }

    private static @Nullable Term lockRequester(List<Term> extra) {
        for (Term each : extra) {
            if (each instanceof Tuple pair
                    && pair.arity() == 2
                    && pair.element(0).equals(Atoms.LOCK)
                    && pair.element(1) instanceof Tuple lock
                    && lock.arity() == 2) {
                return lock.element(1);
            }
        }
        return null;
    }

    /** Connects to nodes that another has made known, and tells them that their names are here. */
    private void meet(List<Atom> added, Atom teller) {
        for (Atom other : added) {
            if (!other.equals(teller)) {
                node.connect(NodeName.parse(other.text()))
                        .whenComplete((connected, failure) -> post(() -> onMet(other, failure)));
            }
        }
    }

    private void onMet(Atom other, @Nullable Throwable failure) {
        if (failure == null) {
            cast(other, Tuple.of(Atoms.IN_SYNC, here, Atom.TRUE));
        } else {
            logger.atWarn().addKeyValue("peer", other.text()).log("global failed to connect: {}", failure.getMessage());
            onNodeDown(other);
        }
    }

    private void onInSync(Atom other) {
        GlobalSession session = sessions.get(other);
        if (session != null) {
            session.hisTag = null;
            end(session, () -> {});
        }
        synced(other);
    }

    private void synced(Atom other) {
        if (up.contains(other)) {
            members.synced(other);
            onSynced(other);
        }
    }

    // ---- other messages

    @Override
    public void onInfo(Mailbox server, Message message) {
        if (doorbell.isRing(message)) {
            for (Runnable task = doorbell.poll(); task != null; task = doorbell.poll()) {
                task.run();
            }
        } else if (message instanceof Message.NodeUp event) {
            onNodeUp(event.node());
        } else if (message instanceof Message.NodeDown event) {
            onNodeDown(event.node());
        } else if (message instanceof Message.Down down) {
            locks.onDown(down.ref());
            names.onDown(down.ref());
        } else if (message instanceof Message.Sent sent) {
            onSent(sent.term());
        }
    }

    void onNodeUp(Atom other) {
        if (up.add(other)) {
            connect(other);
        }
    }

    private void onSent(Term term) {
        try {
            Fields message = Fields.of(term);
            switch (message.verb()) {
                case "init_connect_ack/4" -> onInitConnectAck(message);
                case "cancel_connect/3" -> onCancelConnect(message);
                case "lost_connection/5" -> onLostConnection(message);
                case "remove_connection/2" -> onRemoveConnection(message.atom(1));
                case "whereis/3" -> onWhereis(message);
                default -> throw new Fields.MalformedException();
            }
        } catch (Fields.MalformedException e) {
            logIgnored("message", term);
        }
    }

    // {whereis, Name, {Pid, Tag}}
    private void onWhereis(Fields message) {
        GlobalName name = names.find(message.term(1));
        Term owner = name == null ? Atom.UNDEFINED : name.pid();
        Optional<GenServer.Call> call = GenServer.Call.parse(Tuple.of(Atoms.GEN_CALL, message.term(2), Atom.UNDEFINED));
        if (call.isPresent()) {
            call.get().reply(self, owner);
        } else {
            self.send(message.pid(2), owner);
        }
    }

    // ---- connections that are lost: no two nodes may be members of the cluster without seeing each other

    private void onNodeDown(Atom other) {
        up.remove(other);
        attempts.remove(other);
        forget(other);
        if (!removing.remove(other)) {
            var report = Tuple.of(Atoms.LOST_CONNECTION, here, incarnation, Int.of(++lastLoss), other);
            tellOfLoss(report, other);
        }
    }

    /** Forgets a node: as a member, and what has begun with it. Its names and locks go with their monitors. */
    private void forget(Atom other) {
        members.remove(other);
        GlobalSession session = sessions.get(other);
        if (session != null) {
            if (!up.contains(other)) {
                session.hisTag = null; // there is nobody to tell
            }
            end(session, () -> {});
        }
        onSynced(other); // nobody waits for a node that is gone
    }

    private void tellOfLoss(Term report, Atom except) {
        var told = new HashSet<>(members.known());
        sessions.values().stream().filter(GlobalSession::isPending).forEach(each -> told.add(each.node));
        told.remove(except);
        told.retainAll(up);
        told.forEach(each -> send(each, report));
    }

    private boolean isMember(Atom other) {
        GlobalSession session = sessions.get(other);
        return members.isKnown(other) || (session != null && session.isPending());
    }

    // {lost_connection, A, Creation, Id, B}
    private void onLostConnection(Fields message) {
        Atom reporter = message.atom(1);
        Atom lost = message.atom(4);
        if (!lostConnections.isNew(reporter, lost, message.term(2), message.integer(3))) {
            return;
        }
        tellOfLoss(message.tuple(), reporter);
        Atom leaver = lost.equals(here) ? reporter : lost;
        if (isMember(leaver)) {
            logger.atWarn()
                    .addKeyValue("peer", leaver.text())
                    .log("asked to disconnect: a member cannot see it (prevent_overlapping_partitions)");
            send(leaver, Tuple.of(Atoms.REMOVE_CONNECTION, here));
            removing.add(leaver);
            forget(leaver);
        }
    }

    private void onRemoveConnection(Atom other) {
        if (isMember(other)) {
            logger.atWarn()
                    .addKeyValue("peer", other.text())
                    .log("disconnects as it asked (prevent_overlapping_partitions)");
            removing.add(other);
            forget(other);
            node.disconnect(NodeName.parse(other.text()));
        }
    }

    // ---- sending

    private static Tuple server(Atom other) {
        return Tuple.of(Atoms.GLOBAL_NAME_SERVER, other);
    }

    private void cast(Atom other, Term request) {
        GenServer.cast(self, server(other), request);
    }

    private void send(Atom other, Term message) {
        self.send(server(other), message);
    }

    private void logIgnored(String kind, Term message) {
        logger.atDebug()
                .addKeyValue("kind", kind)
                .addArgument(() -> Printable.of(message.toString()))
                .log("ignored: {}");
    }
}
