package io.hawser.node;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a mailbox's handler on the node's executor: one message at a time, in order, and no thread while there is none.
 * Thread-safe: one volatile field says whose turn it is, and its changes order one turn after the other.
 */
final class HandlerLoop {
    private static final Logger logger = LoggerFactory.getLogger(HandlerLoop.class);
    private static final VarHandle TURN;

    static {
        try {
            TURN = MethodHandles.lookup().findVarHandle(HandlerLoop.class, "turn", Runnable.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Messages after which a turn makes room for others on the executor. */
    private static final int BATCH = 1024;

    /** Stands for the turn that has begun. */
    @SuppressWarnings("UnnecessaryLambda") // never run: its identity is what counts
    private static final Runnable RUNNING = () -> {};

    private final LocalProcess process;
    private final Inbox inbox;
    private final Consumer<? super Message> handler;
    private volatile @Nullable Runnable turn; // the one that was submitted, RUNNING, or null: none is due
    private volatile @Nullable Thread runner;

    HandlerLoop(LocalProcess process, Inbox inbox, Consumer<? super Message> handler) {
        this.process = process;
        this.inbox = inbox;
        this.handler = handler;
    }

    void onArrival() {
        if (turn == null) {
            submit(null);
        }
    }

    /** Whether the calling thread is running the handler. */
    boolean isRunning() {
        return runner == Thread.currentThread();
    }

    /** What could not be submitted is not run, even by an executor that kept it: the next arrival submits another. */
    private void submit(@Nullable Runnable before) {
        Runnable next = new Runnable() {
            @Override
            public void run() {
                if (TURN.compareAndSet(HandlerLoop.this, this, RUNNING)) {
                    runTurn();
                }
            }
        };
        if (!TURN.compareAndSet(this, before, next)) {
            return;
        }
        boolean taken = false;
        try {
            taken = process.kernel.execute(next);
        } finally {
            if (!taken) {
                TURN.compareAndSet(this, next, null);
            }
        }
    }

    private void runTurn() {
        runner = Thread.currentThread();
        for (int i = 0; i < BATCH; i++) {
            Message message = inbox.poll(any -> true);
            if (message != null) {
                handle(message);
            } else {
                runner = null;
                if (isOver()) {
                    return;
                }
                runner = Thread.currentThread();
            }
        }
        runner = null;
        submit(RUNNING);
    }

    /** Who sends from here on begins the next turn, unless this one finds the message first. */
    private boolean isOver() {
        turn = null;
        return !inbox.hasUnread() || !TURN.compareAndSet(this, null, RUNNING);
    }

    private void handle(Message message) {
        try {
            handler.accept(message);
        } catch (RuntimeException | Error e) {
            if (process.exitReason() == null && !(e instanceof MailboxExitException)) {
                logger.atWarn()
                        .addKeyValue("process", process.pid())
                        .setCause(e)
                        .log("handler failed");
            }
            process.end(LocalProcess.reasonOf(e));
        }
    }
}
