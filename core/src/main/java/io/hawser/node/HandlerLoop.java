package io.hawser.node;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a mailbox's handler on the node's executor: one message at a time, in order, and no thread while there is none.
 * Thread-safe: a count of arrivals says whether a run is due, and its changes order one run after the other.
 */
final class HandlerLoop {
    private static final Logger logger = LoggerFactory.getLogger(HandlerLoop.class);

    /** Messages after which a run makes room for others on the executor. */
    private static final int BATCH = 1024;

    private final LocalProcess process;
    private final Inbox inbox;
    private final Consumer<? super Message> handler;
    private final AtomicLong arrivals = new AtomicLong(); // only a run that found the mailbox empty takes from it
    private final AtomicReference<@Nullable Runnable> submitted = new AtomicReference<>();
    private volatile @Nullable Thread runner;

    HandlerLoop(LocalProcess process, Inbox inbox, Consumer<? super Message> handler) {
        this.process = process;
        this.inbox = inbox;
        this.handler = handler;
    }

    void onArrival() {
        if (arrivals.getAndIncrement() == 0) {
            submit();
        }
    }

    /** Whether the calling thread is running the handler. */
    boolean isRunning() {
        return runner == Thread.currentThread();
    }

    /** What could not be submitted is not run, even by an executor that kept it: the next arrival submits another. */
    private void submit() {
        Runnable run = new Runnable() {
            @Override
            public void run() {
                if (submitted.compareAndSet(this, null)) {
                    runBatch();
                }
            }
        };
        submitted.set(run);
        boolean taken = false;
        try {
            taken = process.kernel.execute(run);
        } finally {
            if (!taken && submitted.compareAndSet(run, null)) {
                arrivals.set(0);
            }
        }
    }

    private void runBatch() {
        long seen = arrivals.get();
        runner = Thread.currentThread();
        for (int i = 0; i < BATCH; i++) {
            Message message = inbox.poll(any -> true);
            if (message == null) {
                runner = null;
                seen = arrivals.addAndGet(-seen);
                if (seen == 0) {
                    return;
                }
                runner = Thread.currentThread();
            } else {
                handle(message);
            }
        }
        runner = null;
        submit();
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
