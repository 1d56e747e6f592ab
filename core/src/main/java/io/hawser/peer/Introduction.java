package io.hawser.peer;

import io.hawser.term.NodeName;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A node that a peer has named, from then until it is connected or will not be. Guarded by the lock of {@link Introductions}. */
final class Introduction {
    final NodeName name;
    final Introducer by;
    volatile Route route; // another if that one had just been given up
    volatile long hold; // on that route
    final CompletableFuture<@Nullable Void> outcome = new CompletableFuture<>();
    int dials;
    boolean isOver;

    Introduction(Route route, Introducer by) {
        this.name = route.name();
        this.by = by;
        this.route = route;
    }
}
