package io.hawser.peer;

import io.hawser.epmd.DialRefusal;
import io.hawser.epmd.ResolverException;
import io.hawser.term.Printable;
import io.hawser.transport.RefusalCode;
import io.hawser.transport.TransportException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

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
    private final boolean bound;
    private final Admission admission;
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.LOOKING_UP);

    /** @param introduced whether nobody but a peer wants it */
    Dial(PeerContext context, Route route, long deadlineNanos, boolean introduced) {
        this.context = context;
        this.route = route;
        this.deadlineNanos = deadlineNanos;
        this.bound = introduced || context.settings().dialPolicy().holdsForEveryDial();
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
            requireName();
            Optional<InetSocketAddress> address =
                    context.settings().resolver().resolve(route.name(), remaining(), this::mayBeAt);
            if (address.isEmpty()) {
                fail("no node of that name is known (expected: that it runs and is registered)");
                return;
            }
            InetSocketAddress checked = checked(address.get());
            if (stage.compareAndSet(Stage.LOOKING_UP, Stage.CONNECTING)) {
                context.settings().transport().connect(route.name(), checked, remaining(), admission);
            }
        } catch (TransportException e) {
            fail(String.valueOf(e.getMessage()), e.code().orElse(null));
        } catch (ResolverException e) {
            fail(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            fail("look-up failed: " + Printable.of(e.toString()));
        }
    }

    private void requireName() {
        if (bound && !context.settings().dialPolicy().admits(route.name())) {
            throw new TransportException(
                    route.name() + ": its name is none that is dialled (expected: one that the dial policy names)",
                    null,
                    DialRefusal.NAME_NOT_ALLOWED);
        }
    }

    private boolean mayBeAt(InetAddress address) {
        return !bound || context.settings().dialPolicy().admits(address, context.isNearby(route.name()));
    }

    /** What a name led to is compared, and then dialled as it is: it is not looked up once more. */
    private InetSocketAddress checked(InetSocketAddress found) {
        if (!bound) {
            return found;
        }
        InetSocketAddress address =
                found.isUnresolved() ? new InetSocketAddress(found.getHostString(), found.getPort()) : found;
        if (address.isUnresolved()) {
            throw new TransportException(route.name() + ": host " + Printable.of(address.getHostString())
                    + " is unknown (expected: a name that resolves)");
        }
        if (!mayBeAt(address.getAddress())) {
            throw new TransportException(
                    route.name() + ": leads to " + address.getAddress().getHostAddress()
                            + ", which is not dialled (expected: an address that the dial policy allows)",
                    null,
                    DialRefusal.ADDRESS_NOT_ALLOWED);
        }
        return address;
    }

    private Duration remaining() {
        return Duration.ofNanos(Math.max(1, deadlineNanos - context.now()));
    }

    private void fail(String reason) {
        fail(reason, null);
    }

    private void fail(String reason, @Nullable RefusalCode code) {
        route.dialEnded(admission, PeerContext.about(route.name(), reason), code, Route.End.FAILED);
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
