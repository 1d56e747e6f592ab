package io.hawser.epmd;

import io.hawser.term.NodeName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the connections that keep this process's nodes registered. When EPMD goes away it registers them again, as OTP
 * does, until one answers; the creation of the new registration is ignored, for a running node keeps its own.
 *
 * <p>Thread-safe: one daemon thread does all the work.
 */
final class RegistrationKeeper implements AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger(RegistrationKeeper.class);

    /** How long one attempt may take; it is done by the only thread, so close() may have to wait for it. */
    private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(2);

    private final Registrar registrar;
    private final long retryNanos;
    private final Selector selector;
    private final Thread thread;
    private final Queue<Kept> arrivals = new ConcurrentLinkedQueue<>();

    /** Those to register again; of the thread only. */
    private final List<Kept> lost = new ArrayList<>();

    /** What was logged last about each of them; of the thread only. */
    private final Map<NodeName, String> failures = new HashMap<>();

    private volatile boolean closed;
    private long retryAtNanos;

    /** Registers a node. */
    @FunctionalInterface
    interface Registrar {
        EpmdClient.Registration register(NodeName name, int port, Duration timeout);
    }

    private record Kept(NodeName name, int port, SocketChannel channel) {}

    RegistrationKeeper(Registrar registrar, Duration retryInterval, int epmdPort) {
        this.registrar = registrar;
        this.retryNanos = retryInterval.toNanos();
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open a selector", e);
        }
        thread = new Thread(this::run, "hawser-epmd-registration-" + epmdPort);
        thread.setDaemon(true);
        thread.start();
    }

    /** Keeps a node registered; the channel belongs to the keeper from here on. */
    void keep(NodeName name, int port, SocketChannel channel) {
        arrivals.add(new Kept(name, port, channel));
        selector.wakeup();
    }

    /** Withdraws all registrations and stops the thread. Can be called twice. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        Loopback.join(thread);
    }

    private void run() {
        try {
            while (!closed) {
                selector.select(this::onReadable, millisToRetry());
                for (Kept kept = arrivals.poll(); kept != null; kept = arrivals.poll()) {
                    watch(kept);
                }
                if (!lost.isEmpty() && retryAtNanos - System.nanoTime() <= 0) {
                    retry();
                }
            }
        } catch (IOException | RuntimeException e) {
            logger.error("EPMD registrations are no longer watched", e);
        } finally {
            closed = true;
            new ArrayList<>(selector.keys()).forEach(key -> Loopback.closeQuietly(key.channel()));
            for (Kept kept = arrivals.poll(); kept != null; kept = arrivals.poll()) {
                Loopback.closeQuietly(kept.channel());
            }
            Loopback.closeQuietly(selector);
        }
    }

    private void watch(Kept kept) {
        try {
            kept.channel().configureBlocking(false);
            kept.channel().register(selector, SelectionKey.OP_READ, kept);
        } catch (IOException e) {
            onLost(kept);
        }
    }

    private void onReadable(SelectionKey key) {
        var kept = (Kept) key.attachment();
        try {
            // EPMD has nothing to say here: bytes mean that it is none, and are an end as well
            if (kept.channel().read(ByteBuffer.allocate(1)) == 0) {
                return;
            }
        } catch (IOException e) {
            logger.debug("the connection to EPMD broke", e);
        }
        onLost(kept);
    }

    private void onLost(Kept kept) {
        Loopback.closeQuietly(kept.channel());
        logger.atWarn()
                .addKeyValue("node", kept.name())
                .addKeyValue("retryMillis", TimeUnit.NANOSECONDS.toMillis(retryNanos))
                .log("EPMD went away; registering again until it is back");
        if (lost.isEmpty()) {
            retryAtNanos = System.nanoTime() + retryNanos;
        }
        lost.add(kept);
    }

    private void retry() {
        for (Kept kept : List.copyOf(lost)) {
            if (closed) {
                return;
            }
            try {
                var again = registrar.register(kept.name(), kept.port(), ATTEMPT_TIMEOUT);
                lost.remove(kept);
                failures.remove(kept.name());
                watch(new Kept(kept.name(), kept.port(), again.channel()));
                logger.atInfo().addKeyValue("node", kept.name()).log("registered at EPMD again");
            } catch (ResolverException e) {
                onFailure(kept.name(), String.valueOf(e.getMessage()));
            }
        }
        retryAtNanos = System.nanoTime() + retryNanos;
    }

    // once per cause and not every 2 seconds
    private void onFailure(NodeName name, String message) {
        if (!message.equals(failures.put(name, message))) {
            logger.atWarn().addKeyValue("node", name).log("not registered again yet: {}", message);
        }
    }

    /** Returns how long to wait; 0 for as long as it takes. */
    private long millisToRetry() {
        if (lost.isEmpty()) {
            return 0;
        }
        long nanos = retryAtNanos - System.nanoTime();
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
    }
}
