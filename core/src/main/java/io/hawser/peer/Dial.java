package io.hawser.peer;

import io.hawser.epmd.ResolverException;
import io.hawser.term.Printable;
import io.hawser.transport.TransportException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One try to connect to a node: look-up, then transport and handshake, under the deadline of the attempt it belongs to.
 *
 * <p>Thread-safe.
 */
final class Dial {
    private enum Stage {
        LOOKING_UP,
        CONNECTING,
        GIVEN_UP
    }

    private final PeerContext context;
    private final Route route;
    private final long deadlineNanos;
    private final Admission admission;
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.LOOKING_UP);

    Dial(PeerContext context, Route route, long deadlineNanos) {
        this.context = context;
        this.route = route;
        this.deadlineNanos = deadlineNanos;
        this.admission = Admission.dialled(context, route);
    }

    Admission admission() {
        return admission;
    }

    /** Gives up unless the peer may have heard of this try: returns whether it did. */
    boolean withdraw() {
        return stage.compareAndSet(Stage.LOOKING_UP, Stage.GIVEN_UP);
    }

    /** Returns what it is at, for people. */
    String doing() {
        return stage.get() == Stage.LOOKING_UP ? "looking the name up" : "connecting";
    }

    /** Begins. The route hears of it from {@link Route#admit} or {@link Route#dialEnded}. */
    void begin() {
        try {
            context.settings().executor().execute(this::lookUp);
        } catch (RejectedExecutionException e) {
            fail("no thread for the look-up, the executor is shut down");
        }
    }

    private void lookUp() {
        if (stage.get() != Stage.LOOKING_UP) {
            return;
        }
        try {
            Optional<InetSocketAddress> address = context.settings().resolver().resolve(route.name(), remaining());
            if (address.isEmpty()) {
                fail("no node of that name is known (expected: that it runs and is registered)");
            } else if (stage.compareAndSet(Stage.LOOKING_UP, Stage.CONNECTING)) {
                context.settings().transport().connect(route.name(), address.get(), remaining(), admission);
            }
        } catch (ResolverException | TransportException e) {
            fail(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            fail("look-up failed: " + Printable.of(e.toString()));
        }
    }

    private Duration remaining() {
        return Duration.ofNanos(Math.max(1, deadlineNanos - context.now()));
    }

    private void fail(String reason) {
        route.dialEnded(admission, PeerContext.about(route.name(), reason), null, Route.End.FAILED);
    }

    /**
     * Stops trying: what was begun is closed.
     *
     * @param reason why
     */
    void giveUp(String reason) {
        if (stage.getAndSet(Stage.GIVEN_UP) == Stage.CONNECTING) {
            admission.abandon(new TransportException(reason));
        }
    }
}
