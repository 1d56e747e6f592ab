package io.hawser.node;

import io.hawser.term.Atom;
import io.hawser.term.ListTerm;
import io.hawser.term.Pid;
import io.hawser.term.Printable;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A process of this node: its life, and the exit signals it gets. Its links and monitors are in parts of their own.
 *
 * <p>Thread-safe. One lock guards links, monitors and aliases; with it held, signals are queued for other nodes but
 * nothing of the user's runs. Two processes' locks are taken in the order of their pids. Messages take no lock, but for
 * those through an alias.
 *
 * <p>After a process has ended it sends nothing more: what it owes to links and monitors goes out after the messages it
 * was sending when it ended, by whichever thread is the last.
 */
final class LocalProcess {
    // not atomic objects, as there may be millions of processes
    private static final VarHandle RELATIONS;
    private static final VarHandle SENDING;
    private static final VarHandle OWES_SIGNALS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            RELATIONS = lookup.findVarHandle(LocalProcess.class, "relations", Relations.class);
            SENDING = lookup.findVarHandle(LocalProcess.class, "sending", int.class);
            OWES_SIGNALS = lookup.findVarHandle(LocalProcess.class, "owesSignals", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Kernel kernel;
    final Receiver receiver;

    private final Pid pid;
    private volatile @Nullable Relations relations; // made when first needed

    @SuppressWarnings("UnusedVariable") // read through SENDING
    private volatile int sending; // how many sends have begun and are not over; negative once the process has ended

    @SuppressWarnings("UnusedVariable") // read through OWES_SIGNALS
    private volatile boolean owesSignals;

    private volatile @Nullable Term exitReason;
    private volatile @Nullable Atom name;
    private volatile boolean trapExit;
    private volatile boolean asyncDist;
    private volatile Runnable afterEnd = () -> {};
    private volatile Runnable onOverflow = () -> {};
    private volatile boolean ignoresExits;
    private volatile boolean autoConnect = true;

    LocalProcess(Kernel kernel, Pid pid, Receiver receiver) {
        this.kernel = kernel;
        this.pid = pid;
        this.receiver = receiver;
    }

    Pid pid() {
        return pid;
    }

    private Relations relations() {
        Relations made = relations;
        if (made == null) {
            RELATIONS.compareAndSet(this, null, new Relations(this));
            made = Objects.requireNonNull(relations);
        }
        return made;
    }

    ReentrantLock lock() {
        return relations().lock;
    }

    Links links() {
        return relations().links;
    }

    Monitors monitors() {
        return relations().monitors;
    }

    @Nullable
    Atom name() {
        return name;
    }

    @Nullable
    Term exitReason() {
        return exitReason;
    }

    void trapExit(boolean trap) {
        trapExit = trap;
    }

    void autoConnect(boolean on) {
        autoConnect = on;
    }

    /** Whether nodes are connected to for what it sends. */
    boolean isAutoConnect() {
        return autoConnect;
    }

    /** Has what it sends to other nodes not wait for room; called before others can know the process. */
    void asyncDist(boolean async) {
        asyncDist = async;
    }

    boolean isAsyncDist() {
        return asyncDist;
    }

    /** Makes it a service of the node, which no exit signal ends. */
    void ignoreExits() {
        ignoresExits = true;
    }

    /** Has something done once the process has ended; called before others can know the process. */
    void afterEnd(Runnable task) {
        afterEnd = task;
    }

    /** Has something done when a message found no room; called before others can know the process. */
    void onOverflow(Runnable task) {
        onOverflow = task;
    }

    void requireAlive() {
        Term reason = exitReason;
        if (reason != null) {
            throw new MailboxExitException("mailbox " + pid + ": has ended: " + Printable.of(reason), reason);
        }
    }

    /** Puts a message that somebody sent into the mailbox, if it has room. */
    void deliver(Term message, @Nullable PeerState from, int heapBytes) {
        afterOffer(receiver.offer(message, from, heapBytes), from);
    }

    /**
     * Puts a message that somebody sent through an alias into the mailbox, if it has room, or the process asked for it. With
     * the lock held, so that once the alias has ended nothing comes through it, not even what was on its way.
     *
     * @param once whether the alias ends with it
     * @return false if the alias is not active
     */
    boolean deliverThrough(Reference alias, boolean once, Term message, @Nullable PeerState from, int heapBytes) {
        boolean room = true;
        Runnable afterReply = null;
        lock().lock();
        try {
            if (exitReason != null || !relations().aliases.contains(alias)) {
                return false;
            }
            if (once) {
                afterReply = monitors().onReply(alias);
                receiver.add(new Message.Sent(message), from, heapBytes);
            } else {
                room = receiver.offer(message, from, heapBytes);
            }
        } finally {
            lock().unlock();
        }
        if (afterReply != null) {
            afterReply.run();
        }
        afterOffer(room, from);
        return true;
    }

    private void afterOffer(boolean room, @Nullable PeerState from) {
        if (room && from != null) {
            from.connection.afterRead(receiver); // one wake for many messages
        } else if (room) {
            receiver.wake();
        } else {
            onOverflow.run();
        }
    }

    /** Puts news of the node into the mailbox. */
    void deliver(Message news) {
        receiver.add(news, null, 0);
        receiver.wake();
    }

    // ---- names and aliases

    /** Called by the process table. */
    void named(@Nullable Atom newName) {
        name = newName;
    }

    Reference alias(boolean once) {
        Reference ref = kernel.references.next();
        lock().lock();
        try {
            requireAlive();
            addAlias(ref);
            kernel.processes.addAlias(ref, this, once);
        } finally {
            lock().unlock();
        }
        return ref;
    }

    boolean unalias(Reference alias) {
        lock().lock();
        try {
            requireAlive();
            return removeAlias(alias) && kernel.processes.removeAlias(alias, this);
        } finally {
            lock().unlock();
        }
    }

    void addAlias(Reference alias) {
        relations().aliases.add(alias);
    }

    boolean removeAlias(Reference alias) {
        return relations().aliases.remove(alias);
    }

    // ---- sending

    /** Says that the thread is about to send for this process. Ends with {@link #sent}. */
    void beginSend() {
        if ((int) SENDING.getAndAdd(this, 1) < 0) {
            sent();
            requireAlive();
        }
    }

    void sent() {
        if ((int) SENDING.getAndAdd(this, -1) == Integer.MIN_VALUE + 1) {
            payDebts();
        }
    }

    // ---- exit signals

    /** What an exit signal did. */
    private enum Effect {
        NONE,
        /** It is a message in the mailbox. */
        KEPT,
        ENDED
    }

    /** A process of this node that this one is linked to ended. */
    void onLinkExit(Pid from, Term reason) {
        onLinkExit(from, Kernel.HERE, reason, null, 0);
    }

    /**
     * A process that this one is linked to ended: so it said on a connection, or here.
     *
     * @param peer whose connection the signal came on; null if it came from here
     * @return whether its bytes now lie in the mailbox, which gives them back
     */
    boolean onLinkExit(Pid from, long connection, Term reason, @Nullable PeerState peer, int heapBytes) {
        return onExit(
                () -> links().takeActive(from, connection) ? receiveExit(from, reason, peer, heapBytes) : Effect.NONE);
    }

    /** The target of a link does not exist or is out of reach; there is no link. */
    void onLinkFailed(Pid target, Term reason) {
        onExit(() -> receiveExit(target, reason, null, 0));
    }

    /** {@code exit/2}. Peer, bytes and result are those of {@link #onLinkExit(Pid, long, Term, PeerState, int)}. */
    boolean onExit2(Pid from, Term reason, @Nullable PeerState peer, int heapBytes) {
        return onExit(() -> {
            if (ignoresExits) {
                return Effect.NONE;
            }
            if (reason.equals(Atoms.KILL)) {
                return ended(Atoms.KILLED);
            }
            if (from.equals(pid) && reason.equals(Atoms.NORMAL) && !trapExit) {
                return ended(reason); // the one case in which normal ends a process
            }
            return receiveExit(from, reason, peer, heapBytes);
        });
    }

    /** Has a signal take effect unless the process has ended; returns whether it is kept. */
    private boolean onExit(Supplier<Effect> effect) {
        Effect done;
        lock().lock();
        try {
            done = exitReason == null ? effect.get() : Effect.NONE;
        } finally {
            lock().unlock();
        }
        afterSignal(done == Effect.ENDED);
        return done == Effect.KEPT;
    }

    /** With the lock held; the caller calls {@link #afterSignal} without it. */
    private Effect receiveExit(Pid from, Term reason, @Nullable PeerState peer, int heapBytes) {
        if (ignoresExits) {
            return Effect.NONE;
        }
        if (trapExit) {
            receiver.add(new Message.Exit(from, reason), peer, heapBytes);
            return Effect.KEPT;
        }
        return reason.equals(Atoms.NORMAL) ? Effect.NONE : ended(reason);
    }

    private Effect ended(Term reason) {
        return markEnded(reason) ? Effect.ENDED : Effect.NONE;
    }

    private void afterSignal(boolean died) {
        if (died) {
            finishEnd();
        } else {
            receiver.wake();
        }
    }

    /** A connection to a node is gone, or could not be made: ends what began on it. */
    void onConnectionGone(Atom node, long connection) {
        boolean died = false;
        Runnable unwatched;
        lock().lock();
        try {
            if (exitReason != null) {
                return;
            }
            unwatched = monitors().onConnectionGone(node, connection);
            for (Pid linked : links().takeConnection(node, connection)) {
                died |= exitReason == null && receiveExit(linked, Atoms.NOCONNECTION, null, 0) == Effect.ENDED;
            }
            unrelateUnlessRelated(node);
        } finally {
            lock().unlock();
        }
        afterSignal(died);
        if (unwatched != null) {
            unwatched.run();
        }
    }

    /** Has this process told when the connection to a node is gone. With the lock held, before anything is sent there. */
    void relate(Atom node) {
        if (relations().nodes.add(node)) {
            kernel.peers.relate(node, this);
        }
    }

    /** Ends what {@link #relate} began, unless there is a link or a monitor. With the lock held. */
    void unrelateUnlessRelated(Atom node) {
        if (!links().isRelatedTo(node)
                && !monitors().isRelatedTo(node)
                && relations().nodes.remove(node)) {
            kernel.peers.unrelate(node, this);
        }
    }

    // ---- the end

    /** Ends the process; does nothing if it has ended. */
    void end(Term reason) {
        boolean first;
        lock().lock();
        try {
            first = markEnded(reason);
        } finally {
            lock().unlock();
        }
        if (first) {
            finishEnd();
        }
    }

    private boolean markEnded(Term reason) {
        if (exitReason != null) {
            return false;
        }
        exitReason = reason;
        return true;
    }

    private void finishEnd() {
        kernel.processes.retire(this, relations().aliases);
        kernel.events.unsubscribe(this);
        receiver.end();
        owesSignals = true;
        if ((int) SENDING.getAndAdd(this, Integer.MIN_VALUE) == 0) {
            payDebts();
        }
        afterEnd.run();
    }

    /** Tells links and monitors. After the end nobody changes either, so no lock is needed. */
    private void payDebts() {
        if (OWES_SIGNALS.compareAndSet(this, true, false)) {
            Term reason = exitReason;
            if (reason == null) {
                throw new IllegalStateException("process " + pid + ": not ended");
            }
            Trampoline.run(() -> {
                var debts = new Unpaid();
                Runnable all = debts.add(null);
                links().onEnd(reason, debts);
                monitors().onEnd(reason, debts);
                relations().nodes.forEach(node -> kernel.peers.unrelate(node, this));
                all.run();
            });
        }
    }

    /**
     * Counts whom the process has not told yet that it ended. It leaves the table with the last of them: a link that crosses
     * the exit signal is told no other reason. Thread-safe: one atomic count.
     */
    final class Unpaid {
        private final AtomicInteger count = new AtomicInteger();

        /**
         * Counts one more.
         *
         * @param holder the peer that holds the link or the monitor, until it is told; null if none does
         * @return to be run once it was told
         */
        Runnable add(@Nullable PeerState holder) {
            count.incrementAndGet();
            return () -> {
                if (holder != null) {
                    holder.letGo();
                }
                if (count.decrementAndGet() == 0) {
                    kernel.processes.remove(LocalProcess.this);
                }
            };
        }
    }

    /** How Erlang would name what a Java exception ends a process with. */
    static Term reasonOf(Throwable thrown) {
        if (thrown instanceof MailboxExitException exit) {
            return exit.reason();
        }
        if (thrown instanceof ErlangException raised) {
            return switch (raised.kind()) {
                case EXIT -> raised.reason();
                case ERROR -> Tuple.of(raised.reason(), ListTerm.EMPTY);
                case THROW -> Tuple.of(Tuple.of(Atom.of("nocatch"), raised.reason()), ListTerm.EMPTY);
            };
        }
        if (thrown instanceof CallException call) {
            return call.exit();
        }
        return Tuple.of(javaException(thrown), ListTerm.EMPTY);
    }

    static Term javaException(Throwable thrown) {
        return Tuple.of(Atoms.JAVA_EXCEPTION, Atom.of(thrown.getClass().getSimpleName()));
    }
}
