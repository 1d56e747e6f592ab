package io.hawser.node;

import io.hawser.term.Atom;
import io.hawser.term.Bindings;
import io.hawser.term.Reference;
import io.hawser.term.TermPattern;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How a mailbox receives: by a thread that waits, or by its handler; and what it does when it is full.
 *
 * <p>Thread-safe.
 */
final class Reception implements BooleanSupplier {
    private final LocalProcess process;
    private final Inbox inbox;
    private final @Nullable Bound bound;

    /** Makes a process with an inbox. */
    Reception(Kernel kernel, MailboxOptions options) {
        this.bound = options.capacity() == MailboxOptions.UNBOUNDED ? null : new Bound(options.capacity());
        this.inbox = new Inbox(bound, kernel.surroundings);
        this.process = new LocalProcess(kernel, kernel.processes.newPid(), inbox);
        if (bound != null) {
            process.onOverflow(() -> onOverflow(options));
        }
        process.asyncDist(options.asyncDist());
    }

    LocalProcess process() {
        return process;
    }

    private void onOverflow(MailboxOptions options) {
        process.kernel.refusals.warn(
                "{}: {} messages wait in the mailbox, and it holds no more: {}",
                process.pid(),
                options.capacity(),
                options.overflow());
        if (options.overflow() == Overflow.EXIT) {
            process.end(Atoms.MAILBOX_FULL);
        }
    }

    long dropped() {
        return bound == null ? 0 : bound.refused();
    }

    /** Whether there are messages; exact for the thread that receives, a guess for others. */
    @Override
    public boolean getAsBoolean() {
        return inbox.hasUnread();
    }

    @Nullable
    Atom origin() {
        return inbox.origin();
    }

    void flush(Reference ref) {
        inbox.flush(ref);
    }

    void dropReply(Reference call) {
        inbox.dropReply(call);
    }

    boolean hasHandler() {
        return inbox.handler() != null;
    }

    void onMessage(Consumer<? super Message> handler) {
        Objects.requireNonNull(handler, "handler");
        process.requireAlive();
        if (!inbox.handle(new HandlerLoop(process, inbox, handler))) {
            throw new IllegalStateException("mailbox " + process.pid() + ": has a handler already");
        }
    }

    /** Waits for the first message that matches; null if the deadline passed, a {@link Deadline}. */
    @Nullable
    Message await(Predicate<? super Message> wanted, @Nullable Deadline deadline) throws InterruptedException {
        Objects.requireNonNull(wanted, "wanted");
        HandlerLoop loop = inbox.handler();
        if (loop != null && !loop.isRunning()) {
            throw new IllegalStateException(
                    "mailbox " + process.pid() + ": has a handler, which receives its messages");
        }
        process.requireAlive();
        Message message = inbox.await(wanted, deadline);
        if (message == null) {
            process.requireAlive();
        }
        return message;
    }

    /** Waits for the first message that a pattern matches, as {@link #await(Predicate, Deadline)}. */
    @Nullable
    Bindings await(TermPattern pattern, @Nullable Deadline deadline) throws InterruptedException {
        Objects.requireNonNull(pattern, "pattern");
        var matched = new AtomicReference<@Nullable Bindings>();
        await(
                message -> {
                    matched.setPlain(pattern.match(message.toTerm()).orElse(null));
                    return matched.getPlain() != null;
                },
                deadline);
        return matched.getPlain();
    }
}
