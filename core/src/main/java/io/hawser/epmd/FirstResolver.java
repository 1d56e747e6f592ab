package io.hawser.epmd;

import io.hawser.term.NodeName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Several resolvers in order. Thread-safe: immutable, and so are the resolvers to their callers. */
final class FirstResolver implements NodeResolver {
    private final List<NodeResolver> resolvers;

    FirstResolver(List<NodeResolver> resolvers) {
        if (resolvers.isEmpty()) {
            throw new IllegalArgumentException("resolvers: none (expected: at least 1)");
        }
        this.resolvers = List.copyOf(resolvers);
    }

    @Override
    public Optional<InetSocketAddress> resolve(NodeName name, Duration timeout) {
        return resolve(name, timeout, address -> true);
    }

    @Override
    public Optional<InetSocketAddress> resolve(
            NodeName name, Duration timeout, Predicate<? super InetAddress> admitted) {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        ResolverException failure = null;
        for (int i = 0; i < resolvers.size(); i++) {
            try {
                var found = resolvers.get(i).resolve(name, share(deadlineNanos, i), admitted);
                if (found.isPresent()) {
                    return found;
                }
            } catch (ResolverException e) {
                failure = add(failure, e);
            }
        }
        if (failure != null) {
            throw failure;
        }
        return Optional.empty();
    }

    @Override
    public Optional<Long> publish(NodeName name, int port, Duration timeout) {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        Optional<Long> creation = Optional.empty();
        for (int i = 0; i < resolvers.size(); i++) {
            var assigned = resolvers.get(i).publish(name, port, share(deadlineNanos, i));
            if (creation.isEmpty()) {
                creation = assigned;
            }
        }
        return creation;
    }

    @Override
    public void close() {
        RuntimeException failure = null;
        for (NodeResolver resolver : resolvers) {
            try {
                resolver.close();
            } catch (RuntimeException e) {
                failure = add(failure, e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** An equal share of what is left for each that has not answered, so that a silent one leaves time for the others. */
    private Duration share(long deadlineNanos, int index) {
        long left = Math.max(0, deadlineNanos - System.nanoTime());
        return Duration.ofNanos(left / (resolvers.size() - index));
    }

    private static <E extends RuntimeException> E add(@Nullable E first, E next) {
        if (first == null) {
            return next;
        }
        first.addSuppressed(next);
        return first;
    }
}
