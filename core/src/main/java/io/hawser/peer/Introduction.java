package io.hawser.peer;

import io.hawser.term.NodeName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A node that peers have named, from then until it is connected or will not be. Guarded by the lock of {@link Introductions}. */
final class Introduction {
    final NodeName name;
    final Set<Introducer> by = new LinkedHashSet<>(2); // who has named it, and has turns for it
    final List<Introducer> paid = new ArrayList<>(1); // whose turn each dial of it was
    volatile Route route; // another if that one had just been given up
    volatile long hold; // on that route
    final CompletableFuture<@Nullable Void> outcome = new CompletableFuture<>();
    boolean waits; // for a turn
    boolean isOver;

    Introduction(Route route) {
        this.name = route.name();
        this.route = route;
    }
}
