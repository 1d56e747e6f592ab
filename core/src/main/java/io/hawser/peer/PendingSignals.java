package io.hawser.peer;

import io.hawser.dist.ControlMessage;
import io.hawser.term.Term;
import java.util.ArrayDeque;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Signals that wait for a connection. They stay terms until it is known how the peer wants them encoded.
 *
 * <p>Not thread-safe; used under the route's lock.
 */
final class PendingSignals {
    private final ArrayDeque<Pending> signals = new ArrayDeque<>();
    private long bytes;

    private record Pending(ControlMessage control, @Nullable Term payload) {}

    boolean isEmpty() {
        return signals.isEmpty();
    }

    long bytes() {
        return bytes;
    }

    void add(ControlMessage control, @Nullable Term payload, int size) {
        signals.add(new Pending(control, payload));
        bytes += size;
    }

    void clear() {
        signals.clear();
        bytes = 0;
    }

    /** Hands all over, in order, and is empty then. */
    void moveTo(BiConsumer<ControlMessage, @Nullable Term> target) {
        for (Pending signal = signals.poll(); signal != null; signal = signals.poll()) {
            target.accept(signal.control(), signal.payload());
        }
        bytes = 0;
    }
}
