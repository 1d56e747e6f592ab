package io.hawser.peer;

import io.hawser.epmd.DialPolicy;
import io.hawser.epmd.DialRefusal;
import io.hawser.handshake.ConnectionArbiter;
import io.hawser.handshake.ConnectionArbiter.Verdict;
import io.hawser.term.Atom;
import io.hawser.term.NodeName;
import io.hawser.term.Printable;
import io.hawser.transport.RefusalCode;
import io.hawser.transport.TransportException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Connects to nodes that peers name, so that a mesh forms by itself, and so that none of them decides whom this node dials:
 * under the {@link DialPolicy}, a few at a time, introducers in turn, each as long as most of what it names is there. A node
 * that several have named is dialled when it is the turn of any of them: it does not wait behind what one of them made up.
 *
 * <p>Both sides of a pair are introduced at about the same time. The one with the lesser name dials at once; the other waits
 * for that a while, part of it by lot, and dials then. What fails is tried again, after times that grow and are drawn from
 * zero on, so that nodes that failed together do not come back together. Until all that is over, what is sent to the node
 * waits.
 *
 * <p>Thread-safe: one lock; routes are called, and outcomes told, without it.
 */
final class Introductions {
    /** Nodes that one introducer has named and that are neither connected nor given up. */
    static final int MAX_OF_ONE = 4096;

    /** The same of all: half of {@link Peers#MAX_ROUTES}. */
    static final int MAX_OF_ALL = Peers.MAX_ROUTES / 2;

    /** Introducers that are remembered. */
    static final int MAX_INTRODUCERS = 4096;

    /** How often those under way can have been named in all; who names one beyond that has no turn for it. */
    static final int MAX_NAMINGS = 4 * MAX_OF_ALL;

    /** How often an introduced node is dialled at most. */
    static final int MAX_DIALS = 3;

    /** How long the greater name leaves the first move to the lesser, and how much longer by lot. */
    static final Duration YIELD = Duration.ofMillis(500);

    /** The longest time after the first dial that failed; doubles with each. */
    static final Duration FIRST_BACK_OFF = Duration.ofMillis(500);

    private final PeerContext context;
    private final DialPolicy policy;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Atom, Introduction> underWay = new LinkedHashMap<>();
    private final Map<Atom, Introducer> introducers = new LinkedHashMap<>();
    private final Set<Introducer> turns = new LinkedHashSet<>(); // for whom something waits; the first is next
    private final SplittableRandom lots;
    private int namings;
    private int dialling;

    Introductions(PeerContext context) {
        this.context = context;
        this.policy = context.settings().dialPolicy();
        this.lots =
                new SplittableRandom(context.now() ^ context.settings().self().hashCode());
    }

    /**
     * Begins to connect to a node.
     *
     * @param introducer the peer that named it
     * @param node the node
     * @param routes gives the node's route, another when that was given up
     * @return completes once it is connected; fails when it is not going to be, already when this returns if nothing is tried
     * @throws TransportException if there can be no route
     */
    CompletionStage<@Nullable Void> begin(Atom introducer, Atom node, Supplier<Route> routes) {
        Introduction made;
        lock.lock();
        try {
            Introduction known = underWay.get(node);
            Introducer by = introducer(introducer);
            if (known != null) {
                if (by != null && namings < MAX_NAMINGS && by.underWay < MAX_OF_ONE && by.hasBudget(context.now())) {
                    addNaming(known, by);
                }
                return known.outcome.minimalCompletionStage();
            }
            if (by == null || by.underWay >= MAX_OF_ONE || underWay.size() >= MAX_OF_ALL) {
                return refused(
                        Printable.of(node.text())
                                + ": too many introduced nodes wait to be connected to (expected: at most " + MAX_OF_ONE
                                + " of one introducer, " + MAX_OF_ALL + " of all)",
                        DialRefusal.TOO_MANY);
            }
            if (!by.hasBudget(context.now())) {
                tellSpent(by);
                return refused(spent(node), DialRefusal.BUDGET_SPENT);
            }
            String refusal = context.refusalOf(node);
            if (!refusal.isEmpty()) {
                by.spend(); // whoever names such nodes has harm in mind, or is mistaken
                return refused(refusal, DialRefusal.NO_PEER);
            }
            made = new Introduction(routes.get());
            underWay.put(node, made);
            addNaming(made, by);
        } finally {
            lock.unlock();
        }
        start(made, routes);
        return made.outcome.minimalCompletionStage();
    }

    private void start(Introduction made, Supplier<Route> routes) {
        NodeName name = made.name;
        try {
            made.hold = made.route.hold();
            while (made.hold == Route.RETIRED) {
                made.route = routes.get();
                made.hold = made.route.hold();
            }
        } catch (TransportException e) {
            finish(made, e); // this node is closed meanwhile, or knows too many
            return;
        }
        if (made.hold == Route.CONNECTED) {
            finish(made, null);
        } else if (isOver(made)) {
            made.route.giveUpHold(made.hold, notAnyMore(name));
        } else if (!policy.admits(name)) {
            refuse(
                    made,
                    new TransportException(
                            name
                                    + ": introduced, and its name is none that is dialled (expected: one that the dial policy"
                                    + " names)",
                            null,
                            DialRefusal.NAME_NOT_ALLOWED));
        } else if (ConnectionArbiter.simultaneous(context.settings().self(), name) == Verdict.NOK) {
            later(YIELD.plusNanos(lot(YIELD)), () -> enqueue(made)); // we are greater
        } else {
            enqueue(made);
        }
    }

    /** Whether it has come to its end before there was a hold: a connection was up for a moment. */
    private boolean isOver(Introduction made) {
        lock.lock();
        try {
            return made.isOver;
        } finally {
            lock.unlock();
        }
    }

    private static TransportException notAnyMore(NodeName name) {
        return new TransportException(name + ": was connected, and is not any more");
    }

    /** A connection is up, however it came about. */
    void connected(Atom node) {
        Introduction made;
        lock.lock();
        try {
            made = underWay.get(node);
        } finally {
            lock.unlock();
        }
        if (made != null) {
            finish(made, null);
        }
    }

    // ---- whose turn it is

    private void enqueue(Introduction made) {
        lock.lock();
        try {
            if (made.isOver) {
                return;
            }
            made.waits = true;
            made.by.forEach(by -> await(made, by));
        } finally {
            lock.unlock();
        }
        later(Duration.ZERO, this::dialNext); // never from within a dial that ends at once
    }

    /** Dials as many as may be; what none but introducers without budget have named is not. */
    private void dialNext() {
        var dials = new ArrayList<Introduction>();
        var left = new ArrayList<Introduction>();
        lock.lock();
        try {
            while (dialling < policy.dialsAtOnce() && !turns.isEmpty()) {
                Introducer by = turns.iterator().next();
                if (by.hasBudget(context.now())) {
                    dials.add(takeTurn(by));
                } else {
                    left.addAll(leave(by));
                    tellSpent(by);
                }
            }
        } finally {
            lock.unlock();
        }
        dials.forEach(this::dial);
        left.forEach(made ->
                tellFailed(made, new TransportException(spent(made.name.atom()), null, DialRefusal.BUDGET_SPENT)));
    }

    private void dial(Introduction made) {
        made.route.dialIntroduced(made.hold).whenComplete((connected, failure) -> dialled(made, failure));
    }

    private void dialled(Introduction made, @Nullable Throwable failure) {
        int dials;
        lock.lock();
        try {
            dialling--;
            dials = made.paid.size();
        } finally {
            lock.unlock();
        }
        if (failure == null) {
            finish(made, null);
        } else if (failure instanceof TransportException e && e.code().orElse(null) instanceof DialRefusal) {
            refuse(made, e);
        } else if (dials < MAX_DIALS && !context.isClosed()) {
            later(Duration.ofNanos(1 + lot(FIRST_BACK_OFF.multipliedBy(1L << dials))), () -> enqueue(made));
        } else {
            finish(made, failure);
        }
        later(Duration.ZERO, this::dialNext);
    }

    // ---- the end

    /** Not dialled: whoever introduced it may have told it of us, and it connects by itself. */
    private void refuse(Introduction made, TransportException refusal) {
        RefusalCode code = refusal.code().orElse(null);
        context.rejections().warn(made.name.toString(), String.valueOf(refusal.getMessage()), code);
        finish(made, refusal);
    }

    private void finish(Introduction made, @Nullable Throwable failure) {
        lock.lock();
        try {
            if (made.isOver) {
                return;
            }
            end(made);
            if (failure == null) {
                made.paid.forEach(Introducer::giveBack);
            }
        } finally {
            lock.unlock();
        }
        if (failure == null) {
            made.route.giveUpHold(made.hold, notAnyMore(made.name)); // if it is down again, and the hold is younger
            context.complete(() -> made.outcome.complete(null));
        } else {
            tellFailed(made, failure);
        }
    }

    private void tellFailed(Introduction made, Throwable failure) {
        context.complete(
                () -> { // told before it may be dialled again, so that whoever is told sends nothing there
                    made.outcome.completeExceptionally(failure);
                    made.route.giveUpHold(made.hold, failure);
                });
    }

    // ---- who has named what; under the lock

    private void addNaming(Introduction made, Introducer by) {
        if (made.by.add(by)) {
            by.underWay++;
            namings++;
            if (made.waits) {
                await(made, by);
            }
        }
    }

    private void await(Introduction made, Introducer by) {
        by.waiting.add(made);
        turns.add(by);
    }

    private void awaitNoMore(Introduction made, Introducer by) {
        by.waiting.remove(made);
        if (by.waiting.isEmpty()) {
            turns.remove(by);
        }
    }

    private void removeNaming(Introduction made, Introducer by) {
        made.by.remove(by);
        awaitNoMore(made, by);
        by.underWay--;
        namings--;
    }

    /** Takes the first that waits for an introducer out of all queues, for it to be dialled. */
    private Introduction takeTurn(Introducer by) {
        Introduction made = by.waiting.iterator().next();
        made.waits = false;
        made.by.forEach(each -> awaitNoMore(made, each));
        made.paid.add(by);
        by.spend();
        dialling++;
        if (turns.remove(by)) {
            turns.add(by); // behind the others
        }
        return made;
    }

    /** An introducer has no turns any more. Returns what waited for it and for nobody else: that is over. */
    private List<Introduction> leave(Introducer by) {
        var left = new ArrayList<Introduction>();
        for (Introduction made : List.copyOf(by.waiting)) {
            removeNaming(made, by);
            if (made.by.isEmpty()) {
                end(made);
                left.add(made);
            }
        }
        return left;
    }

    private void end(Introduction made) {
        made.isOver = true;
        underWay.remove(made.name.atom(), made);
        List.copyOf(made.by).forEach(by -> removeNaming(made, by));
    }

    private @Nullable Introducer introducer(Atom name) {
        Introducer known = introducers.get(name);
        if (known == null) {
            long now = context.now();
            if (introducers.size() >= MAX_INTRODUCERS) {
                introducers.values().removeIf(each -> each.isForgotten(now));
            }
            if (introducers.size() >= MAX_INTRODUCERS) {
                return null;
            }
            known = new Introducer(name.text(), policy.maxFailures(), policy.failureMemory(), now);
            introducers.put(name, known);
        }
        return known;
    }

    private void tellSpent(Introducer by) {
        if (!by.isTold) {
            by.isTold = true;
            context.rejections()
                    .warn(
                            by.name,
                            policy.maxFailures()
                                    + " dials of nodes that it named came to nothing: no more are dialled until"
                                    + " some are forgotten",
                            DialRefusal.BUDGET_SPENT);
        }
    }

    private static String spent(Atom node) {
        return Printable.of(node.text())
                + ": introduced by a peer whose dial budget is spent (expected: that nodes it names are there)";
    }

    private static CompletionStage<@Nullable Void> refused(String sentence, DialRefusal code) {
        return CompletableFuture.failedStage(new TransportException(sentence, null, code));
    }

    private long lot(Duration below) {
        lock.lock();
        try {
            return lots.nextLong(below.toNanos());
        } finally {
            lock.unlock();
        }
    }

    private void later(Duration delay, Runnable task) {
        context.settings().scheduler().schedule(delay, task);
    }
}
