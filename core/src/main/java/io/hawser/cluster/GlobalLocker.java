package io.hawser.cluster;

import io.hawser.cluster.NameConflicts.Outcome;
import io.hawser.node.GenServer;
import io.hawser.node.Mailbox;
import io.hawser.node.Message;
import io.hawser.term.Atom;
import io.hawser.term.ListTerm;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import io.hawser.term.TermOrder;
import io.hawser.term.Tuple;
import io.hawser.transport.Surroundings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the lock under which two nodes exchange their names: on this node, on all it knows, and, when this side begins, on
 * the other one, so that two sides that begin at once cannot wait for each other. Holds it until the name server says
 * that the exchange is over, or the other side lets its time run out: OTP's waits until that is over or disconnected. One
 * thing at a time, on a thread of its own that ends with the mailbox.
 *
 * <p>Thread-safe: events may be given by any thread.
 */
final class GlobalLocker implements Runnable {
    private static final Logger logger = LoggerFactory.getLogger(GlobalLocker.class);
    private static final Duration FIRST_PATIENCE = Duration.ofMillis(200);
    private static final Duration MAX_PATIENCE = Duration.ofSeconds(3);

    /**
     * How long the other side may take to answer that it has the lock too, or not. It may be waiting for a node that does not
     * answer it, for as long as {@link MultiCall} does, twice.
     */
    static final Duration ANSWER_PATIENCE = Duration.ofSeconds(75);

    /** How long it may take to tell its names then, and to say what comes of them. */
    static final Duration EXCHANGE_PATIENCE = Duration.ofMinutes(2);

    /** After so many refusals in a row an attempt begins anew. */
    static final int MAX_REFUSALS = 32;

    /** What the name server tells. */
    sealed interface Event {
        Atom node();

        long tag();
    }

    /** A node wants to exchange names. */
    record Candidate(Atom node, long tag, Pid locker, Term hisTag) implements Event {}

    /** The exchange with a node is over; what is left to do is done with the lock still set. */
    record Over(Atom node, long tag, Runnable last) implements Event {}

    /** The other side has set the lock, or could not. */
    record LockSet(Atom node, long tag, Pid locker, Term hisTag, boolean isSet) implements Event {}

    /** The names of both are to be compared. */
    record Compare(Atom node, long tag, List<GlobalName> names) implements Event {}

    /** The other side's locker knows of no attempt with this node; it does not say which one it was asked for. */
    private record Unknown(Atom node) implements Event {
        @Override
        public long tag() {
            return 0;
        }
    }

    /** Who is told how far it is. */
    interface Listener {
        /**
         * An attempt failed here: it is over.
         *
         * @param wasSilent whether the other side let its time run out
         */
        void onFailed(Atom node, long tag, boolean wasSilent);

        void onLockSet(Atom node, long tag, Term requester);

        void onCompared(Atom node, long tag, Outcome outcome);

        /** As {@link NameConflicts.Reach}. */
        boolean reaches(Atom node, Atom introducer);
    }

    private final Mailbox self;
    private final Surroundings surroundings;
    private final GlobalLocks locks;
    private final GlobalMembers members;
    private final NameConflicts conflicts;
    private final Listener listener;
    private final LockerEvents events;
    private final LimitedLog log = new LimitedLog(logger);
    private final Map<Atom, Candidate> candidates = new LinkedHashMap<>();
    private final Map<Atom, Integer> refusals = new HashMap<>(); // of candidates, in a row
    private boolean justSynced;

    GlobalLocker(Mailbox self, GlobalLocks locks, GlobalMembers members, GlobalNames names, Listener listener) {
        this.self = self;
        self.autoConnect(false);
        this.surroundings = self.node().surroundings();
        this.locks = locks;
        this.members = members;
        this.conflicts = new NameConflicts(self, names, listener::reaches);
        this.listener = listener;
        this.events = new LockerEvents(self);
    }

    /** Decides for a name whose owner is a process of this node; on any thread. */
    Term resolve(Atom caller, List<Term> arguments) {
        return conflicts.resolve(caller, arguments);
    }

    void tell(Event event) {
        events.leave(event);
    }

    /** How many events wait until what it is at is over. */
    int waiting() {
        return events.size();
    }

    @Override
    public void run() {
        try {
            while (self.isAlive()) {
                stepOrFail();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What fails costs the attempt it was for, and no other; unless the node is closing, and all is over. */
    private void stepOrFail() throws InterruptedException {
        try {
            step();
        } catch (RuntimeException e) {
            if (self.isAlive()) {
                log.atWarn().setCause(e).log("global failed to meet a node");
            }
        }
    }

    private void step() throws InterruptedException {
        Event event = next(any -> true, wanted().isEmpty() ? null : patience());
        justSynced = false;
        if (event == null) {
            if (!locks.isGlobalSet()) {
                begin();
            }
        } else if (event instanceof Candidate candidate) {
            candidates.put(candidate.node, candidate);
            refusals.remove(candidate.node);
        } else if (event instanceof LockSet other && other.isSet) {
            follow(other);
        } else if (event instanceof Over over) {
            finish(over);
        }
        // a lock the other side could not set, or names to compare, of an attempt that is over: nothing to do
    }

    /** How long to leave the other side, and the others that want the lock, the first move. */
    private Duration patience() {
        if (justSynced) {
            return Duration.ZERO;
        }
        int known = members.known().size();
        Duration patience = Duration.ofMillis(1000 + 100L * known);
        return known == 0 ? FIRST_PATIENCE : patience.compareTo(MAX_PATIENCE) < 0 ? patience : MAX_PATIENCE;
    }

    private void finish(Over over) {
        try {
            over.last.run();
        } finally {
            forget(over);
        }
    }

    private void forget(Event over) {
        Candidate candidate = candidates.get(over.node());
        if (candidate != null && candidate.tag == over.tag()) {
            candidates.remove(over.node());
            refusals.remove(over.node());
        }
    }

    /** Gives an attempt up here; the name server has the next one begin. */
    private void fail(Candidate other, boolean wasSilent) {
        forget(other);
        listener.onFailed(other.node, other.tag, wasSilent);
    }

    /** What is done for one attempt by a process that holds the lock, and whose end releases it wherever it is set. */
    private interface Attempt {
        void make(Mailbox holder) throws InterruptedException;
    }

    private void attempt(Candidate other, Attempt attempt) throws InterruptedException {
        try (Mailbox holder = LockCalls.holder(self.node())) {
            attempt.make(holder);
        } catch (RuntimeException e) {
            fail(other, false);
            throw e;
        }
    }

    // ---- this side begins

    /**
     * The candidates that this side begins with: those that have not become known through others. They stay candidates until
     * they say that they were told of us: one that was not begins itself, or else the two would never meet.
     */
    private List<Candidate> wanted() {
        return candidates.values().stream()
                .filter(each -> !members.isKnown(each.node))
                .toList();
    }

    private void begin() throws InterruptedException {
        var all = wanted();
        if (all.isEmpty()) {
            return;
        }
        Candidate other = all.get(surroundings.random().nextInt(all.size()));
        Term requester = requester(other.locker);
        attempt(other, holder -> {
            var calls = new LockCalls(locks, members, holder, requester);
            if (!lock(calls, List.of(other.node))) {
                return;
            }
            var locked = members.all();
            locked.add(other.node);
            forgetMessages();
            tellLockSet(other.locker, other.hisTag, true);
            awaitOther(other, requester);
            calls.release(locked);
        });
    }

    /** Returns once the lock is needed no more. */
    private void awaitOther(Candidate other, Term requester) throws InterruptedException {
        Event event = await(each -> isAnswer(each, other), other, ANSWER_PATIENCE);
        if (event instanceof LockSet answer && answer.isSet) {
            refusals.remove(other.node);
            awaitOver(other, requester);
        } else if (event instanceof Over over) {
            finish(over);
        } else if (event instanceof Unknown || refusals.merge(other.node, 1, Integer::sum) >= MAX_REFUSALS) {
            fail(other, false);
        }
    }

    private static boolean isAnswer(Event event, Candidate asked) {
        return event instanceof Unknown
                ? event.node().equals(asked.node)
                : isOf(event, asked) && (event instanceof LockSet || event instanceof Over);
    }

    // ---- the other side has begun

    private void follow(LockSet other) throws InterruptedException {
        Candidate candidate = candidates.get(other.node);
        if (candidate == null || candidate.tag != other.tag) {
            tellLockSet(other.locker, other.hisTag, false);
            return;
        }
        Term requester = requester(other.locker);
        attempt(candidate, holder -> {
            var calls = new LockCalls(locks, members, holder, requester);
            boolean isSet = lock(calls, List.of());
            tellLockSet(other.locker, other.hisTag, isSet);
            if (isSet) {
                var locked = members.all();
                awaitOver(candidate, requester);
                calls.release(locked);
            }
        });
    }

    // ---- both have the lock

    private void awaitOver(Candidate other, Term requester) throws InterruptedException {
        listener.onLockSet(other.node, other.tag, requester);
        Predicate<Event> ofThis = each -> isOf(each, other) && (each instanceof Compare || each instanceof Over);
        for (; ; ) {
            Event event = await(ofThis, other, EXCHANGE_PATIENCE);
            if (event == null) {
                return;
            } else if (event instanceof Compare compare) {
                listener.onCompared(other.node, other.tag, conflicts.compare(other.node, compare.names));
            } else if (event instanceof Over over) {
                finish(over);
                justSynced = true;
                return;
            }
        }
    }

    private static boolean isOf(Event event, Candidate candidate) {
        return event.node().equals(candidate.node) && event.tag() == candidate.tag;
    }

    // ---- the lock

    /** Both sides lock for the same requester, so that what both know is locked by both. */
    private Term requester(Pid other) {
        var both = new ArrayList<Term>(List.of(self.self(), other));
        both.sort(TermOrder.standard());
        return new ListTerm(both);
    }

    /** Locks the boss, then this node and the extra ones, then the rest; all or none. */
    private boolean lock(LockCalls calls, List<Atom> extra) throws InterruptedException {
        Atom here = self.node().name().atom();
        Atom boss = LockCalls.boss(members.all());
        if (!calls.canSetHere() || !calls.set(List.of(boss))) {
            return false;
        }
        var near = new ArrayList<Atom>(extra);
        near.add(here);
        near.remove(boss);
        if (!calls.set(near)) {
            calls.delete(List.of(boss));
            return false;
        }
        var rest = members.known().stream().filter(each -> !each.equals(boss)).toList();
        if (!calls.set(rest)) {
            near.add(boss);
            calls.delete(near);
            return false;
        }
        return true;
    }

    private void tellLockSet(Pid other, Term hisTag, boolean isSet) {
        Tuple server = NameServers.at(other.node());
        Term known = members.knownTerm();
        GenServer.cast(self, server, Tuple.of(Atoms.LOCK_SET, self.self(), Atom.of(isSet), known, hisTag));
    }

    /**
     * What a locker is told whose attempt is over here: the refusal that names none, as OTP's lockers say it to a locker.
     *
     * @param locker the one that refuses
     */
    static Tuple unknown(Pid locker) {
        return Tuple.of(Atoms.LOCK_SET, locker, Atom.FALSE, ListTerm.EMPTY);
    }

    // ---- events

    /** What comes next of an attempt; null if nothing comes in time, and the attempt is over. */
    private @Nullable Event await(Predicate<Event> wanted, Candidate other, Duration patience)
            throws InterruptedException {
        Event event = next(wanted, patience);
        if (event == null) {
            log.atWarn()
                    .addKeyValue("peer", other.node.text())
                    .log("global names not exchanged: nothing came for {} s", patience.toSeconds());
            fail(other, true);
        }
        return event;
    }

    /** The first event that is wanted; others stay, in order. Null if none came in time. */
    private @Nullable Event next(Predicate<Event> wanted, @Nullable Duration timeout) throws InterruptedException {
        long deadline = surroundings.nanoTime() + (timeout == null ? 0 : timeout.toNanos());
        for (; ; ) {
            Event event = events.poll(wanted);
            if (event != null) {
                return event;
            }
            if (timeout == null) {
                self.receive(); // says that there are events, or is what a peer sent here, which means nothing now
            } else {
                long left = deadline - surroundings.nanoTime();
                if (left <= 0) {
                    return null;
                }
                Optional<Message> message = self.receive(Duration.ofNanos(left));
                Event heard = message.isPresent() ? heard(message.get()) : null;
                if (heard != null && wanted.test(heard)) {
                    return heard;
                }
            }
        }
    }

    // {lock_set, HisLocker, false, _}
    private @Nullable Event heard(Message message) {
        boolean refuses = message instanceof Message.Sent sent
                && sent.term() instanceof Tuple said
                && said.arity() == 4
                && said.element(0).equals(Atoms.LOCK_SET)
                && said.element(2).equals(Atom.FALSE);
        return refuses ? self.origin().map(Unknown::new).orElse(null) : null;
    }

    /** What peers have sent here so far is no answer to what is asked next. */
    private void forgetMessages() throws InterruptedException {
        while (self.receive(Duration.ZERO).isPresent()) {
            // whether there are events is looked up in any case
        }
    }
}
