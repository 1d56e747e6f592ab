package io.hawser.cluster;

import io.hawser.cluster.GlobalMembers.Member;
import io.hawser.cluster.NameConflicts.Outcome;
import io.hawser.node.Mailbox;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.MapTerm;
import io.hawser.term.Pid;
import io.hawser.term.Printable;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the name servers of two nodes meet. Speaks version 8 of the protocol, that of OTP 25 to 28; nodes that speak an older
 * one are left alone.
 *
 * <p>When two nodes connect, both send {@code init_connect}; their lockers lock what each knows; then both send
 * {@code exchange} with their names and {@code resolved} with what the other has to change, and tell the nodes they knew
 * before in {@code new_nodes}. Whoever hears of a node that way says {@code in_sync} to it.
 *
 * <p>Confined to the handler of the name server's mailbox, but for what the locker calls.
 */
final class GlobalMeetings implements GlobalLocker.Listener {
    static final long VERSION = 8;

    private static final Logger logger = LoggerFactory.getLogger(GlobalMeetings.class);

    /** Who is told what comes of it: the name server. */
    interface Listener {
        /** Runs something on the name server's handler. */
        void post(Runnable task);

        /** A node and this one know each other's names. */
        void onSynced(Atom node);

        /** A node that others know cannot be connected. */
        void onUnreachable(Atom node);

        /** A node is a member no more, connected or not. */
        void onRemoved(Atom node);
    }

    private static final SecureRandom TAGS = new SecureRandom(); // who guesses one speaks for another

    /** When a node that connects by itself has had time to say that it was told of us. */
    private static final Duration LATER = Duration.ofSeconds(2);

    private final Mailbox self;
    private final Node node;
    private final Atom here;
    private final Mailbox lockerMailbox;
    private final NameServers servers;
    private final GlobalMembers members;
    private final GlobalNames names;
    private final GlobalLocks locks;
    private final GlobalLocker locker;
    private final NameExchange exchange;
    private final GlobalIntroductions introductions;
    private final Listener listener;

    /** Nodes that members know and that are not dialled: they may connect by themselves, and take us for known then. */
    private final Map<Atom, Member> unmet = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Atom, Member> eldest) {
            return size() > GlobalMembers.MAX_KNOWN;
        }
    };

    private final Set<Atom> early = new HashSet<>(); // connected nodes that know us, and whom we were not told of
    private final Set<Atom> again = new HashSet<>(); // of those, who begin all the same: they have forgotten us since
    private final Set<Atom> untold = new HashSet<>(); // connected nodes that may be told of us within a moment
    private final Set<Atom> leftAlone = new HashSet<>(); // connected nodes that speak too old a version
    private final Map<Atom, GlobalSession> sessions = new HashMap<>();
    private final AttemptPace pace;
    private final LimitedLog log = new LimitedLog(logger);

    GlobalMeetings(
            Mailbox self,
            Mailbox lockerMailbox,
            GlobalMembers members,
            GlobalNames names,
            GlobalLocks locks,
            Listener listener) {
        this.self = self;
        this.node = self.node();
        this.here = node.name().atom();
        this.lockerMailbox = lockerMailbox;
        this.servers = new NameServers(self);
        this.members = members;
        this.names = names;
        this.locks = locks;
        this.locker = new GlobalLocker(lockerMailbox, locks, members, names, this);
        this.pace = new AttemptPace(node.surroundings());
        this.exchange = new NameExchange(self, lockerMailbox, members, names, locks, this);
        this.introductions = new GlobalIntroductions(node, members, listener::post);
        this.listener = listener;
    }

    GlobalLocker locker() {
        return locker;
    }

    boolean isUp(Atom other) {
        return members.isConnected(other);
    }

    void onNodeUp(Atom other) {
        if (!members.connected(other)) {
            return;
        }
        if (unmet.containsKey(other)) { // it says in_sync if it was told of us too
            node.scheduler().schedule(LATER, () -> listener.post(() -> meetAnew(other)));
        } else {
            connect(other);
        }
    }

    private void meetAnew(Atom other) {
        if (unmet.remove(other) != null) {
            connect(other);
        }
    }

    void onNodeDown(Atom other) {
        members.disconnected(other);
        early.remove(other);
        again.remove(other);
        pace.forget(other);
        leftAlone.remove(other);
        forget(other);
    }

    /** Whether a node takes part, or is about to. */
    boolean isMember(Atom other) {
        GlobalSession session = sessions.get(other);
        return members.isKnown(other) || (session != null && session.isPending());
    }

    /** The nodes now connected that take part, or are about to; a copy. */
    Set<Atom> reachable() {
        var all = members.connected();
        all.removeIf(other -> !isMember(other));
        return all;
    }

    /** A name of a node we were told of ended before we reached it: its names are to be exchanged when we do. */
    void onNameLost(Atom other) {
        if (!isUp(other)) {
            members.remove(other);
        }
    }

    /** Forgets a node: as a member, and what has begun with it. Its names and locks go with their monitors. */
    void forget(Atom other) {
        members.remove(other);
        GlobalSession session = sessions.get(other);
        if (session != null) {
            if (!isUp(other)) {
                session.hisTag = null; // there is nobody to tell
            }
            end(session, () -> {});
        }
    }

    void onCast(Fields cast) {
        switch (cast.verb()) {
            case "init_connect/4" -> onInitConnect(cast);
            case "lock_set/5" -> onLockSet(cast);
            case "exchange/5" -> inSession(itself(cast.atom(1)), cast.term(4), s -> exchange.onExchange(s, cast));
            case "resolved/7" -> inSession(itself(cast.atom(1)), cast.term(6), s -> exchange.onResolved(s, cast));
            case "new_nodes/6" -> onNewNodes(cast);
            case "in_sync/3" -> onInSync(itself(cast.atom(1)));
            default -> throw new Fields.MalformedException();
        }
    }

    /** Returns the node that a message says it is of, which must be the one it came from: no node speaks for another. */
    private Atom itself(Atom named) {
        if (self.origin().filter(named::equals).isEmpty()) {
            throw new Fields.MalformedException();
        }
        return named;
    }

    /** A visible node is connected, or an attempt begins anew. */
    private void connect(Atom other) {
        if (members.isKnown(other) || sessions.containsKey(other) || !isUp(other)) {
            return;
        }
        var session = new GlobalSession(other, TAGS.nextLong(1L << 58));
        sessions.put(other, session);
        Duration pause = pace.next(other);
        if (pause.isZero()) {
            begin(session);
        } else {
            node.scheduler().schedule(pause, () -> listener.post(() -> begin(session)));
        }
    }

    /** Tells the other side of an attempt, unless it is over before its time has come. */
    private void begin(GlobalSession session) {
        if (sessions.get(session.node) != session) {
            return;
        }
        session.hasBegun = true;
        Term me = Tuple.of(Atoms.LOCKER, Atoms.NO_LONGER_A_PID, MapTerm.EMPTY, lockerMailbox.self());
        Term version = Tuple.of(Int.of(VERSION), Int.of(session.tag));
        servers.cast(session.node, Tuple.of(Atoms.INIT_CONNECT, version, here, me));
        if (session.wish != null) {
            join(session, session.wish);
        }
    }

    // {init_connect, {Version, HisTag, ...}, Node, {locker, _, _, HisLocker}}
    private void onInitConnect(Fields message) {
        Fields version = Fields.of(message.term(1));
        Atom other = itself(message.node(2));
        Pid hisLocker = Fields.of(message.term(3), 4).pid(3);
        if (version.tuple().arity() < 2 || !hisLocker.node().equals(other)) {
            throw new Fields.MalformedException();
        }
        Term hisTag = Int.of(version.integer(1));
        long hisVersion = version.integer(0);
        if (hisVersion < VERSION) {
            if (isUp(other) && leftAlone.add(other)) {
                logger.warn(
                        "{}: speaks version {} of global (expected: {}): left alone",
                        Printable.of(other.text()),
                        hisVersion,
                        VERSION);
            }
            return;
        }
        meetAnew(other); // it was not told of us
        if (early.remove(other)) {
            again.add(other);
        }
        if (members.isSynced(other) && !sessions.containsKey(other)) { // it has forgotten us since
            members.remove(other);
            connect(other);
        }
        GlobalSession session = sessions.get(other);
        if (session != null && session.isPending()) {
            cancelAt(other, hisTag); // it begins anew, too, and says so: the tag it has now is over
            restart(session);
            return;
        }
        if (session == null) {
            if (isUp(other) && untold.add(other)) {
                node.scheduler().schedule(LATER, () -> listener.post(() -> meetUnlessTold(other)));
            }
            return;
        }
        session.wish = new GlobalSession.Wish(hisTag, hisLocker, Math.min(hisVersion, VERSION));
        if (session.hasBegun) {
            join(session, session.wish);
        }
    }

    /** Both sides have begun. */
    private void join(GlobalSession session, GlobalSession.Wish his) {
        session.hisTag = his.tag();
        session.version = his.version();
        session.isCandidate = true;
        locker.tell(new GlobalLocker.Candidate(session.node, session.tag, his.locker(), his.tag()));
        servers.send(session.node, Tuple.of(Atoms.INIT_CONNECT_ACK, here, his.tag(), Int.of(session.tag)));
    }

    // {init_connect_ack, Node, MyTag, HisTag}
    void onInitConnectAck(Fields message) {
        GlobalSession session = sessions.get(itself(message.atom(1)));
        Term hisTag = message.term(3);
        if (session != null && message.term(2).equals(Int.of(session.tag)) && !hisTag.equals(session.hisTag)) {
            cancelAt(session.node, hisTag);
            restart(session);
        }
        // one for another tag answers an attempt that is over
    }

    // {cancel_connect, Node, MyTag}
    void onCancelConnect(Fields message) {
        GlobalSession session = sessions.get(itself(message.atom(1)));
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
    void end(GlobalSession session, Runnable last) {
        sessions.remove(session.node);
        exchange.forget(session);
        try {
            if (session.hisTag != null) {
                cancelAt(session.node, session.hisTag);
            }
        } finally {
            if (session.isCandidate) {
                locker.tell(new GlobalLocker.Over(session.node, session.tag, last));
            }
        }
    }

    @Override
    public void onFailed(Atom other, long tag, boolean wasSilent) {
        listener.post(() -> inSession(other, Int.of(tag), session -> {
            if (wasSilent) {
                pace.wasSilent(other);
            }
            restart(session);
        }));
    }

    private void cancelAt(Atom other, Term hisTag) {
        servers.send(other, Tuple.of(Atoms.CANCEL_CONNECT, here, hisTag));
    }

    private @Nullable GlobalSession session(Atom other, Term tag) {
        GlobalSession session = sessions.get(other);
        return session != null && session.isPending() && tag.equals(Int.of(session.tag)) ? session : null;
    }

    // {lock_set, HisLocker, IsSet, HisKnown, MyTag}
    private void onLockSet(Fields message) {
        Pid hisLocker = message.pid(1);
        boolean isSet = message.bool(2);
        GlobalSession session = session(itself(hisLocker.node()), message.term(4));
        if (session != null) {
            locker.tell(new GlobalLocker.LockSet(hisLocker.node(), session.tag, hisLocker, session.hisTag(), isSet));
        } else if (isSet) { // of an attempt that is over here: he is not to wait, and holds the lock of all names
            self.send(hisLocker, GlobalLocker.unknown(lockerMailbox.self()));
        }
    }

    @Override
    public void onLockSet(Atom other, long tag, Term requester) {
        listener.post(() -> inSession(other, Int.of(tag), session -> exchange.begin(session, requester)));
    }

    @Override
    public void onCompared(Atom other, long tag, Outcome outcome) {
        listener.post(() -> inSession(other, Int.of(tag), session -> exchange.onCompared(session, outcome)));
    }

    /** Does a step of an attempt, if it is not over: one that fails ends it, with its lock, and the next begins. */
    private void inSession(Atom other, Term tag, Consumer<GlobalSession> step) {
        GlobalSession session = session(other, tag);
        if (session == null) {
            return;
        }
        try {
            step.accept(session);
        } catch (RuntimeException e) {
            if (sessions.get(other) == session) {
                members.remove(other);
                restart(session);
            }
            throw e; // logged by who called
        }
    }

    // {new_nodes, Node, Operations, _, Nodes, [{vsn, _}, {lock, {global, Requester}}]}
    private void onNewNodes(Fields message) {
        Atom introducer = self.origin().orElse(here); // not who it says it is
        var operations = NameOperation.parse(message.list(2));
        var nodes = Member.parse(message.list(4));
        var requester = lockRequester(message.list(5));
        meet(nodes, introducer);
        names.apply(operations, introducer, locks.isRequestedBy(requester), owner -> reaches(owner.node(), introducer));
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

    /** Whether a node exchanges its names with us anew, whatever others were told of it before. */
    private boolean beginsAgain(Atom other) {
        return again.contains(other) && sessions.containsKey(other);
    }

    /** An exchange of names has come to its end. */
    void exchangedWith(Atom other) {
        again.remove(other);
        early.remove(other);
    }

    /** Connects to nodes that another has made known, and tells those that are new that their names are here. */
    void meet(List<Member> named, Atom introducer) {
        List<Member> added = members.add(
                named.stream().filter(each -> !beginsAgain(each.node())).toList());
        for (Member member : named) {
            Atom other = member.node();
            if (members.isExpected(other) && !other.equals(introducer)) {
                introductions.nameToo(other, introducer);
            }
        }
        for (Member member : added) {
            Atom other = member.node();
            if (early.remove(other)) {
                settle(other);
            }
            if (!other.equals(introducer)) {
                introductions.begin(other, introducer, (isUp, failure) -> onMet(member, isUp, failure));
            }
        }
    }

    /** Whether a node is connected, or being connected to; begins to connect to one that is not. On any thread. */
    @Override
    public boolean reaches(Atom other, Atom introducer) {
        return introductions.reaches(other, introducer);
    }

    private void onMet(Member member, boolean wasUp, @Nullable Throwable failure) {
        Atom other = member.node();
        boolean isUp = wasUp || isConnectedNow(other); // a failure that comes after it has connected is none
        if (isUp && !members.isKnown(other)) {
            connect(other); // lost and found meanwhile: what was told of it is over
        } else if (isUp) {
            servers.cast(other, Tuple.of(Atoms.IN_SYNC, here, Atom.TRUE));
        } else if (failure == null) {
            members.remove(other);
            unmet.put(other, member);
        } else {
            log.atWarn().addKeyValue("peer", other.text()).log("global failed to connect: {}", failure.getMessage());
            listener.onUnreachable(other);
        }
    }

    /** Whether a node is connected, the news of which may still wait. */
    private boolean isConnectedNow(Atom other) {
        return isUp(other) || node.nodes().stream().anyMatch(peer -> peer.atom().equals(other));
    }

    private void onInSync(Atom other) {
        Member met = unmet.remove(other);
        if (met != null) {
            members.add(List.of(met));
        }
        if (members.isKnown(other)) {
            settle(other);
        } else if (isUp(other)) {
            early.add(other); // he was told of us, and we may be told of him yet
        }
    }

    private void settle(Atom other) {
        GlobalSession session = sessions.get(other);
        if (session != null) {
            session.hisTag = null;
            end(session, () -> {});
        }
        synced(other);
    }

    /** A node begins to exchange names that is known: it was not told of us, at least not in this life of its. */
    private void meetUnlessTold(Atom other) {
        untold.remove(other);
        if (members.isKnown(other) && !members.isSynced(other)) {
            members.remove(other);
            connect(other);
        }
    }

    /** Both sides of an attempt have compared, and what is left to do is done with the lock still set. */
    void over(GlobalSession session, Runnable last) {
        session.hisTag = null; // it ends well: nothing to cancel
        end(session, last);
        pace.forget(session.node);
        synced(session.node);
    }

    /** Ends an attempt with a node that is known now. */
    void endWith(Atom other) {
        GlobalSession session = sessions.get(other);
        if (session != null && !beginsAgain(other)) {
            end(session, () -> {});
        }
    }

    private void synced(Atom other) {
        if (isUp(other)) {
            members.synced(other);
            listener.onSynced(other);
        }
    }
}
