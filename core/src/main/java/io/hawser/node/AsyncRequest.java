package io.hawser.node;

import io.hawser.term.Printable;
import io.hawser.term.Term;
import io.hawser.transport.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A request that nobody waits for on a thread: it has a mailbox of its own, which ends with it. Thread-safe. */
final class AsyncRequest {
    private final Kernel kernel;
    private final Mailbox mailbox;
    private final CompletableFuture<Term> result = new CompletableFuture<>();

    private AsyncRequest(Node node) {
        this.kernel = node.kernel();
        this.mailbox = node.mailbox();
    }

    /** Reads answers. */
    @FunctionalInterface
    interface Answers {
        /** Returns what a message answers, or throws what it says; null if it is no answer. */
        @Nullable
        Term read(Message message);
    }

    /**
     * Sends a request.
     *
     * @param timeout when to give up
     * @param timedOut what it fails with then
     * @param send sends it from the mailbox it is given
     * @return completes on the node's executor; whoever cancels it gives the request up
     */
    static CompletableFuture<Term> start(
            Node node,
            Duration timeout,
            Supplier<? extends RuntimeException> timedOut,
            Function<Mailbox, Answers> send) {
        var request = new AsyncRequest(node);
        boolean isSent = false;
        try {
            request.begin(node.scheduler(), timeout, timedOut, send.apply(request.mailbox));
            isSent = true;
        } finally {
            if (!isSent) {
                request.mailbox.close();
            }
        }
        return request.result;
    }

    private void begin(
            Scheduler scheduler, Duration timeout, Supplier<? extends RuntimeException> timedOut, Answers answers) {
        Duration limit = Deadline.countable(timeout); // what a scheduler can count
        Scheduler.Cancellable timer =
                scheduler.schedule(limit, () -> elsewhere(() -> result.completeExceptionally(timedOut.get())));
        var unused = result.whenComplete((value, failure) -> {
            timer.cancel();
            mailbox.close();
        });
        mailbox.process().afterEnd(() -> elsewhere(this::onEnd));
        try {
            mailbox.onMessage(message -> onMessage(message, answers));
        } catch (MailboxExitException e) { // the node was closed meanwhile
            result.completeExceptionally(e);
        }
    }

    private void onMessage(Message message, Answers answers) {
        try {
            Term value = answers.read(message);
            if (value != null) {
                result.complete(value);
            }
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
    }

    /** Completing runs what the user hung on: not on a timer's thread, nor with whoever ends the mailbox. */
    private void elsewhere(Runnable completion) {
        if (!result.isDone() && !kernel.execute(completion)) {
            completion.run(); // the node is closed and its executor with it
        }
    }

    private void onEnd() {
        Term reason = mailbox.exitReason().orElse(Atoms.NORMAL);
        result.completeExceptionally(
                new MailboxExitException("request from " + mailbox + ": has ended: " + Printable.of(reason), reason));
    }
}
