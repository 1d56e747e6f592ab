package io.hawser.peer;

import io.hawser.dist.ControlMessage;
import io.hawser.handshake.ConnectionArbiter;
import io.hawser.handshake.ConnectionArbiter.Verdict;
import io.hawser.term.Atom;
import io.hawser.term.NodeName;
import io.hawser.term.Term;
import io.hawser.transport.RefusalCode;
import io.hawser.transport.Scheduler.Cancellable;
import io.hawser.transport.TransportException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Everything this node has to do with one other: the connection, the try to make one, those the peer tries to make, and
 * who waits for them.
 *
 * <pre>
 *   none ── send, connect ──> pending(out) ── admitted ──> up ── claim ──> up + pending(in)
 *     └──── claim ──────────> pending(in)  ── admitted ──> up
 * </pre>
 *
 * <p>Where both sides try at once, the one with the greater name goes on with its own try. A claim costs a connection
 * that is up nothing before it is admitted; then the newest claim wins. Nor does it end our own try: anybody can claim.
 * The peer ends that, with {@code nok}, if the claim was its own; only a try that the peer has not heard of yet gives way,
 * once and for {@link #CLAIM_GRACE}. A connection that ends is reported before the
 * next begins: {@code falling} is the one being reported, {@code next} the one that waits for it.
 *
 * <p>Thread-safe: one lock, under which all of this is decided; what follows from it is done after.
 *
 * @see <a href="https://www.erlang.org/doc/apps/erts/erl_dist_protocol.html#distribution-handshake">Distribution
 *     handshake, simultaneous connects</a>
 */
final class Route {
    /** How long a try that was hung up on waits for the peer's own to arrive. */
    static final Duration LOST_RACE_WAIT = Duration.ofMillis(500);

    /** How long an attempt waits for claims that are not proved, rather than dial. */
    static final Duration CLAIM_GRACE = Duration.ofMillis(500);

    /** How often one attempt dials at most, when tries lose against the peer's and those come to nothing. */
    static final int MAX_DIALS = 3;

    /** How a dial ended without an admitted connection. */
    enum End {
        /** For a reason of its own. */
        FAILED,
        /** The peer closed without a word: its own try may be on its way. */
        HUNG_UP,
        /** The peer prefers its own try, or another connection is up. */
        SUPERSEDED
    }

    /** What an admitted connection does next. */
    enum Turn {
        /** It is next. */
        GO,
        /** It waits for {@link Admission#proceed()}. */
        WAIT,
        /** Another goes on instead. */
        SUPERSEDED
    }

    /** What to send on: the connection that is up, or the next. */
    static final long ANY = 0;

    /** What to send on: as {@link #ANY}, unless that would take a try to connect that nobody makes yet. */
    static final long WITHIN_REACH = -5;

    /** The signal was not sent: there is no room. */
    static final long REFUSED = 0;

    /** The signal was not sent: this route is no longer in the table. */
    static final long RETIRED = -1;

    /** The signal was not sent: the node is neither connected nor being connected to. */
    static final long OUT_OF_REACH = -4;

    /** There is nothing to hold: the node is connected. */
    static final long CONNECTED = 0;

    /** The signal was not sent: more waits for a connection than may. */
    static final long EXCEEDED = -3;

    private static final long ELSEWHERE = -2; // to be sent on the connection that is up

    private final PeerContext context;
    private final NodeName name;
    private final Atom node;
    private final boolean weAreGreater;
    private final Consumer<Route> whenIdle;

    private final ReentrantLock lock = new ReentrantLock();
    private final PendingSignals queue;
    private volatile long connectionId; // of the connection that the queue waits for; written under the lock
    private final Damping damping;
    private final Set<Admission> incoming = new LinkedHashSet<>();
    private List<CompletableFuture<@Nullable Void>> callers = new ArrayList<>();
    private @Nullable Attempt attempt;
    private @Nullable Dial outgoing;
    private @Nullable Admission next;
    private volatile @Nullable ActiveConnection up;
    private @Nullable ActiveConnection falling;
    private boolean reporting; // onUnreachable is being called
    private boolean closed;
    private boolean retired; // no longer in the table
    private long claims;
    private boolean awaitsDampingEnd;
    private boolean held; // introduced: what is sent waits until it is its turn
    private long holds; // the number of the last
    private @Nullable TransportException
            inVain; // why the hold is to be released once it is known who connects just now
    private @Nullable CompletableFuture<@Nullable Void> introduced; // it is its turn

    Route(PeerContext context, NodeName name, Consumer<Route> whenIdle) {
        this.context = context;
        this.name = name;
        this.node = name.atom();
        this.weAreGreater = ConnectionArbiter.simultaneous(context.settings().self(), name) == Verdict.NOK;
        this.whenIdle = whenIdle;
        this.queue = new PendingSignals(
                lock, context.settings().surroundings(), context.settings().highWaterBytes());
        this.damping =
                new Damping(context.now(), Objects.hash(context.settings().self(), name));
        this.connectionId = context.nextConnection();
    }

    NodeName name() {
        return name;
    }

    Atom node() {
        return node;
    }

    @Nullable
    ActiveConnection up() {
        return up;
    }

    /** Says how it stands with a node that is wanted and not connected; null for others. */
    @Nullable
    PeerAttempt attempt() {
        lock.lock();
        try {
            boolean connecting = attempt != null || next != null; // whoever claims to be it has proved nothing
            boolean waits = awaitsDampingEnd || held;
            return up == null && (connecting || waits) ? new PeerAttempt(name, connecting) : null;
        } finally {
            lock.unlock();
        }
    }

    // ---- sending ----

    /**
     * Sends a signal, queueing it for the next connection while there is none.
     *
     * @param wanted the number of the connection it must leave on, or else be dropped; {@link #ANY} to leave on the one
     *     that is up, or on the next; {@link #WITHIN_REACH}
     * @param hasUnread whether the sender has messages to read
     * @return the number of the connection it leaves on, or is lost with; {@link #REFUSED}, {@link #RETIRED},
     *     {@link #OUT_OF_REACH} or {@link #EXCEEDED}
     */
    long send(
            ControlMessage control, @Nullable Term payload, Outbox.Mode mode, long wanted, BooleanSupplier hasUnread) {
        long sent = ELSEWHERE;
        while (sent == ELSEWHERE) {
            ActiveConnection current = up;
            Outbox.Outcome outcome = current == null || (wanted > ANY && wanted != current.id())
                    ? Outbox.Outcome.GONE
                    : current.offer(control, payload, mode, hasUnread);
            sent = switch (outcome) {
                case FULL -> REFUSED;
                case GONE -> enqueue(control, payload, mode, wanted, current);
                case QUEUED, LOST, EXCEEDED -> current == null ? ELSEWHERE : current.id();
            };
        }
        return sent;
    }

    /** Queues a signal until there is a connection. Returns {@link #ELSEWHERE} if {@code gone} is not the one that is up. */
    private long enqueue(
            ControlMessage control,
            @Nullable Term payload,
            Outbox.Mode mode,
            long wanted,
            @Nullable ActiveConnection gone) {
        long size = wanted <= ANY || wanted == connectionId ? PendingSignals.sizeOf(payload) : 0;
        return decide(after -> {
            if (retired) {
                return RETIRED;
            }
            if (wanted > ANY && wanted != connectionId) {
                return up != null && up != gone && up.id() == wanted ? ELSEWHERE : wanted;
            }
            if (wanted == WITHIN_REACH && !isWithinReach(gone)) {
                return OUT_OF_REACH;
            }
            long here = connectionId;
            if (mode == Outbox.Mode.TRY && queue.isCongested()) {
                return REFUSED;
            }
            if (mode == Outbox.Mode.ANSWER && wanted <= ANY && queue.bytes() > Outbox.MAX_ANSWER_BYTES) {
                return EXCEEDED;
            }
            if (mode == Outbox.Mode.WAIT && !queue.awaitRoom(() -> !closed && (up == null || up == gone))) {
                return here;
            }
            if (retired) { // it went on while we waited
                return RETIRED;
            }
            if (closed) {
                return here;
            }
            if (up != null && up != gone) {
                return ELSEWHERE;
            }
            if (wanted == WITHIN_REACH && !isWithinReach(gone)) {
                return OUT_OF_REACH; // since we waited
            }
            queue.add(control, payload, size);
            return connectionId;
        });
    }

    /** Whether what is queued waits for a connection that is wanted without it, and is lost if that is not made. */
    private boolean isWithinReach(@Nullable ActiveConnection gone) {
        return held || attempt != null || !callers.isEmpty() || (up != null && up != gone);
    }

    // ---- connecting ----

    /**
     * Wants a connection.
     *
     * @return completes when it is there or cannot be made; null if this route is no longer in the table
     */
    @Nullable
    CompletionStage<@Nullable Void> connect() {
        return decide(after -> {
            if (retired) {
                return null;
            }
            var caller = new CompletableFuture<@Nullable Void>();
            if (closed) {
                caller.completeExceptionally(PeerContext.failure(name + ": this node is closed"));
            } else if (up != null) {
                caller.complete(null);
            } else {
                callers.add(caller);
            }
            return caller;
        });
    }

    /**
     * What is sent to a node that was introduced waits from here on: it does not make this node dial.
     *
     * @return the number of this hold, which takes the place of any before it; {@link #CONNECTED} or {@link #RETIRED} if
     *     there is none
     */
    long hold() {
        return decide(after -> {
            if (retired) {
                return RETIRED;
            }
            if (up != null) {
                return CONNECTED;
            }
            held = true;
            inVain = null;
            return ++holds;
        });
    }

    /** Dials the node that was introduced. What waits for it goes on waiting if that comes to nothing. */
    CompletionStage<@Nullable Void> dialIntroduced(long hold) {
        return decide(after -> {
            var dialled = new CompletableFuture<@Nullable Void>();
            if (closed) {
                dialled.completeExceptionally(PeerContext.failure(name + ": this node is closed"));
            } else if (up != null) {
                dialled.complete(null);
            } else if (!isHeld(hold)) {
                dialled.completeExceptionally(PeerContext.failure(name + ": was connected, and is not any more"));
            } else {
                introduced = dialled;
            }
            return dialled;
        });
    }

    /** It was introduced in vain: what was sent meanwhile is lost, unless somebody else connects just now. */
    void giveUpHold(long hold, Throwable reason) {
        decide(after -> {
            if (isHeld(hold)) {
                inVain = PeerContext.failure(String.valueOf(reason.getMessage()));
            }
            return true;
        });
    }

    /** False for one that came to a connection, was released, or has been taken the place of. */
    private boolean isHeld(long hold) {
        return held && hold == holds;
    }

    boolean disconnect() {
        return decide(after -> hangUp(after, Ending.DISCONNECT, name + ": disconnected"));
    }

    /** Drops everything and closes the connection. */
    void close() {
        decide(after -> {
            String reason = name + ": this node is closed";
            closed = true;
            held = false;
            inVain = null;
            dropQueue(after, PeerContext.failure(reason));
            giveUpDial(after, reason);
            endAttempt(after);
            endIntroduced(after, PeerContext.failure(reason));
            incoming.forEach(claim -> after.add(() -> claim.abandon(PeerContext.failure(reason))));
            Admission waiting = next;
            if (waiting != null) {
                after.add(() -> waiting.abandon(PeerContext.failure(reason)));
            }
            return hangUp(after, Ending.NET_KERNEL_TERMINATED, reason);
        });
    }

    private boolean hangUp(List<Runnable> after, Ending how, String reason) {
        ActiveConnection current = up;
        if (current == null) {
            return false;
        }
        up = null;
        falling = current;
        after.add(() -> {
            current.refuseMore();
            current.hangUp(how, PeerContext.failure(reason));
        });
        return true;
    }

    // ---- what connections report ----

    /** Says what becomes of a connection the peer made; null if this route is no longer in the table. */
    @Nullable
    Verdict claim(Admission claim) {
        return decide(after -> {
            if (retired) {
                return null;
            }
            if (closed) {
                return Verdict.NOT_ALLOWED;
            }
            Verdict verdict = up != null || next != null ? Verdict.ALIVE : Verdict.OK;
            Attempt current = attempt;
            if (outgoing != null && current != null) {
                if (!current.gaveWay && outgoing.withdraw()) {
                    endDial();
                    current.dials--;
                } else if (weAreGreater) {
                    return Verdict.NOK;
                } else {
                    verdict = Verdict.OK_SIMULTANEOUS;
                }
            }
            if (current != null && !current.insists) {
                current.hungUpReason = null;
            }
            claim.claim(++claims);
            incoming.add(claim);
            return verdict;
        });
    }

    /** Returns whether a connection that was dialled is still the one wanted. */
    boolean wants(Admission dialled) {
        lock.lock();
        try {
            return isOurs(dialled) && up == null && next == null;
        } finally {
            lock.unlock();
        }
    }

    private boolean isOurs(Admission admission) {
        return outgoing != null && outgoing.admission() == admission;
    }

    /** A connection passed the handshake. Says when it may begin; with {@link Turn#GO} {@link #up} follows. */
    Turn admit(Admission admitted) {
        return decide(after -> {
            boolean ours = isOurs(admitted);
            if (closed || !(incoming.remove(admitted) || ours)) {
                return Turn.SUPERSEDED;
            }
            Admission waiting = next;
            if ((up != null && up.claim() > admitted.claim())
                    || (waiting != null && waiting.claim() > admitted.claim())) {
                return Turn.SUPERSEDED;
            }
            if (ours) {
                endDial();
            } else {
                giveUpDial(after, name + ": its own try to connect goes on instead");
            }
            String reason = name + ": replaced by a newer connection";
            if (waiting != null) {
                after.add(() -> waiting.abandon(PeerContext.failure(reason)));
            }
            hangUp(after, Ending.DISCONNECT, reason);
            next = admitted;
            return falling == null ? Turn.GO : Turn.WAIT;
        });
    }

    /** Returns the number of the connection that {@link #up} is to follow for. */
    long nextConnection() {
        return connectionId;
    }

    /** A connection begins; returns false if another is to go on instead. On its event loop. */
    boolean up(Admission admitted, ActiveConnection begun) {
        return decide(after -> {
            if (closed || next != admitted || begun.id() != connectionId) {
                return false;
            }
            next = null;
            connectionId = context.nextConnection();
            damping.succeeded();
            queue.moveTo((control, payload) -> begun.offer(control, payload, Outbox.Mode.ALWAYS, () -> false));
            up = begun;
            held = false;
            inVain = null;
            endAttempt(after);
            endIntroduced(after, null);
            return true;
        });
    }

    /** The listener knows of the connection: tells those who wait for it. */
    void connected() {
        decide(after -> {
            List<CompletableFuture<@Nullable Void>> waiting = takeCallers();
            if (!waiting.isEmpty()) {
                after.add(() -> context.complete(() -> waiting.forEach(caller -> caller.complete(null))));
            }
            return true;
        });
    }

    /** A connection that was up is closed. On its event loop. */
    void down(ActiveConnection ended, String reason) {
        decide(after -> {
            if (up == ended) {
                up = null;
            }
            falling = ended;
            return true;
        });
        context.tellDown(ended, reason);
        decide(after -> {
            falling = null;
            if (next != null) {
                after.add(next::proceed);
            }
            return true;
        });
    }

    /** A claim came to nothing. */
    void claimEnded(Admission claim) {
        decide(after -> {
            incoming.remove(claim);
            if (next == claim) {
                next = null;
            }
            return true;
        });
    }

    /** A dial came to nothing; does nothing if it was given up before. */
    void dialEnded(Admission dialled, String reason, @Nullable RefusalCode code, End end) {
        decide(after -> {
            if (next == dialled) {
                next = null;
            } else if (isOurs(dialled)) {
                endDial();
            } else {
                return false;
            }
            Attempt current = attempt;
            if (current == null) {
                return false;
            }
            // the smaller name's try may have lost against one that has not arrived yet
            if (end == End.SUPERSEDED || (end == End.HUNG_UP && !weAreGreater)) {
                current.hungUpReason = reason;
                after.add(() -> later(LOST_RACE_WAIT, () -> stopWaiting(current, end)));
            } else {
                fail(after, new TransportException(reason, null, code), reason);
            }
            return true;
        });
    }

    private void stopWaiting(Attempt waited, End end) {
        decide(after -> {
            String reason = waited.hungUpReason;
            if (attempt == waited && reason != null) {
                waited.hungUpReason = null;
                if (incoming.isEmpty() && (end == End.HUNG_UP || waited.dials == MAX_DIALS)) {
                    fail(after, reason);
                }
            }
            return true;
        });
    }

    private void expire(Attempt expired) {
        decide(after -> {
            if (attempt == expired && next == null) {
                String doing = outgoing != null ? outgoing.doing() : "waiting for its own try to connect";
                String reason = name + ": not connected within "
                        + context.settings().acceptLimits().setupDeadline().toMillis() + " ms, " + doing;
                giveUpDial(after, reason);
                fail(after, reason);
            }
            return true;
        });
    }

    // ---- decisions; all below is called under the lock ----

    private <T extends @Nullable Object> T decide(Function<List<Runnable>, T> decision) {
        var after = new ArrayList<Runnable>(2);
        T result;
        lock.lock();
        try {
            result = decision.apply(after);
            releaseHold(after);
            advance(after);
            retireIfIdle(after);
        } finally {
            lock.unlock();
        }
        after.forEach(Runnable::run);
        return result;
    }

    /** What waited for a node that was introduced in vain makes nobody dial: it is lost, or waits for another's try. */
    private void releaseHold(List<Runnable> after) {
        TransportException reason = inVain;
        if (reason == null || (attempt == null && next != null)) {
            return; // the peer's own try has been admitted: it waits for the outcome of that
        }
        held = false;
        inVain = null;
        if (attempt == null && callers.isEmpty() && !queue.isEmpty()) {
            fail(after, reason, String.valueOf(reason.getMessage()));
        }
    }

    /** Dials if somebody wants a connection and none is there, on its way or ending. */
    private void advance(List<Runnable> after) {
        boolean asked = !callers.isEmpty() || introduced != null;
        boolean wanted = asked || (!held && !queue.isEmpty());
        if (!wanted || closed || reporting || up != null || falling != null || next != null) {
            return;
        }
        Attempt current = attempt;
        if (current == null) {
            if (!asked && !damping.isOver(context.now())) {
                awaitDampingEnd(after);
                return;
            }
            current = beginAttempt(after);
        }
        if (outgoing != null || current.hungUpReason != null) {
            return;
        }
        if (incoming.isEmpty() || (current.insists && current.dials < MAX_DIALS)) {
            dial(after, current);
        } else if (!current.gaveWay) {
            current.gaveWay = true;
            Attempt waiting = current;
            after.add(() -> later(CLAIM_GRACE, () -> decide(then -> waiting.insists = true)));
        }
    }

    private Attempt beginAttempt(List<Runnable> after) {
        Duration deadline = context.settings().acceptLimits().setupDeadline();
        var begun = new Attempt(context.now() + deadline.toNanos());
        attempt = begun;
        after.add(() -> begun.expireAfter(later(deadline, () -> expire(begun))));
        return begun;
    }

    private void dial(List<Runnable> after, Attempt current) {
        if (current.dials == MAX_DIALS) {
            fail(after, name + ": " + MAX_DIALS + " tries lost against its own, and those came to nothing");
        } else if (!context.beginDial()) {
            fail(after, name + ": " + PeerContext.MAX_DIALS + " other nodes are being connected to already");
        } else {
            current.dials++;
            var dial = new Dial(context, this, current.deadlineNanos, introduced != null && callers.isEmpty());
            dial.admission().claim(++claims);
            outgoing = dial;
            after.add(dial::begin);
        }
    }

    private void giveUpDial(List<Runnable> after, String reason) {
        Dial ours = outgoing;
        if (ours != null) {
            endDial();
            after.add(() -> ours.giveUp(reason));
        }
    }

    private void endDial() {
        outgoing = null;
        context.endDial();
    }

    private void endAttempt(List<Runnable> after) {
        Attempt ended = attempt;
        attempt = null;
        if (ended != null) {
            after.add(ended::end);
        }
    }

    /** Ends the attempt without a connection: all who waited for it hear why. */
    private void fail(List<Runnable> after, String reason) {
        fail(after, PeerContext.failure(reason), reason);
    }

    private void fail(List<Runnable> after, TransportException failure, String reason) {
        endAttempt(after);
        endIntroduced(after, failure);
        if (held && callers.isEmpty()) {
            return; // it is tried again, or given up, by whoever holds it
        }
        long connection = connectionId;
        connectionId = context.nextConnection();
        boolean heard = !callers.isEmpty();
        dropQueue(after, failure);
        reporting = true;
        damping.failed(context.now());
        after.add(() -> {
            if (!heard) { // whoever only sent something gets no exception
                context.rejections()
                        .warn(name.toString(), reason, failure.code().orElse(null));
            }
            context.tellUnreachable(node, connection, reason);
            decide(then -> reporting = false);
        });
    }

    private void endIntroduced(List<Runnable> after, @Nullable TransportException failure) {
        CompletableFuture<@Nullable Void> dialled = introduced;
        introduced = null;
        if (dialled != null) {
            after.add(() -> {
                if (failure == null) {
                    dialled.complete(null);
                } else {
                    dialled.completeExceptionally(failure);
                }
            });
        }
    }

    private void dropQueue(List<Runnable> after, TransportException failure) {
        queue.drop();
        List<CompletableFuture<@Nullable Void>> waiting = takeCallers();
        if (!waiting.isEmpty()) {
            after.add(() -> context.complete(() -> waiting.forEach(caller -> caller.completeExceptionally(failure))));
        }
    }

    private List<CompletableFuture<@Nullable Void>> takeCallers() {
        List<CompletableFuture<@Nullable Void>> taken = callers;
        callers = new ArrayList<>();
        return taken;
    }

    private void awaitDampingEnd(List<Runnable> after) {
        if (!awaitsDampingEnd) {
            awaitsDampingEnd = true;
            Duration left = damping.left(context.now());
            after.add(() -> later(left, () -> decide(then -> awaitsDampingEnd = false)));
        }
    }

    private void retireIfIdle(List<Runnable> after) {
        boolean busy = up != null
                || falling != null
                || next != null
                || outgoing != null
                || attempt != null
                || reporting
                || held
                || introduced != null
                || !incoming.isEmpty()
                || !queue.isEmpty()
                || !callers.isEmpty();
        if (busy || retired) {
            return;
        }
        if (!damping.isOver(context.now()) && !closed) {
            awaitDampingEnd(after); // remembered until then, so that sends do not dial at once
        } else {
            retired = true;
            after.add(() -> whenIdle.accept(this));
        }
    }

    private Cancellable later(Duration delay, Runnable task) {
        return context.settings().scheduler().schedule(delay, task);
    }
}
