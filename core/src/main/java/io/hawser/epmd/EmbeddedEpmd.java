package io.hawser.epmd;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An EPMD on loopback, for machines where none runs. Real OTP nodes can use it as theirs.
 *
 * <p>It registers names, looks them up and lists them. It never obeys the requests that kill or stop epmd or dump its
 * table. As with epmd itself, any process of the machine may register any free name; and since it listens on loopback
 * only, it tells nobody on other machines where this one's nodes are.
 *
 * <p>Bounds: {@value #MAX_REQUESTS} connections with a request under way, 1024 registered nodes, requests of at most
 * {@value EpmdConnection#MAX_REQUEST_BYTES} bytes, 5 seconds from accepting a connection to the end of its answer.
 *
 * <p>Thread-safe: one daemon thread does all the work.
 */
public final class EmbeddedEpmd implements AutoCloseable {
    /** How many connections may have a request under way; further ones are closed at once. */
    static final int MAX_REQUESTS = 256;

    /** From accepting a connection to the end of its answer. */
    static final Duration REQUEST_DEADLINE = Duration.ofSeconds(5);

    private static final Logger logger = LoggerFactory.getLogger(EmbeddedEpmd.class);
    private static final long ACCEPT_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ServerSocketChannel server;
    private final Selector selector;
    private final SelectionKey acceptKey;
    private final InetSocketAddress address;
    private final EpmdRegistry registry;
    private final long requestDeadlineNanos;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread thread;

    /** Connections with a request under way, the oldest first: all have the same time, so it is due first. */
    private final Set<EpmdConnection> requests = new LinkedHashSet<>();

    private long acceptAgainNanos;

    private EmbeddedEpmd(InetSocketAddress where, Duration requestDeadline) throws IOException {
        server = ServerSocketChannel.open();
        Selector opened = null;
        try {
            server.bind(where);
            server.configureBlocking(false);
            opened = Selector.open();
            selector = opened;
            acceptKey = server.register(selector, SelectionKey.OP_ACCEPT);
            address = (InetSocketAddress) server.getLocalAddress();
        } catch (IOException | RuntimeException e) {
            closeQuietly(server);
            if (opened != null) {
                closeQuietly(opened);
            }
            throw e;
        }
        registry = new EpmdRegistry(address.getPort(), TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis()));
        requestDeadlineNanos = requestDeadline.toNanos();
        thread = new Thread(this::run, "hawser-epmd-" + address.getPort());
        thread.setDaemon(true);
    }

    /**
     * Starts one on 127.0.0.1.
     *
     * @param port the port, 4369 by custom; 0 for any free one
     * @return the server, answering
     * @throws ResolverException if it cannot listen there, for instance because another EPMD does
     */
    public static EmbeddedEpmd start(int port) {
        return start(new InetSocketAddress(Loopback.ADDRESS, port));
    }

    /**
     * Starts one on a loopback address.
     *
     * @param where a loopback address, and a port or 0 for any free one
     * @return the server, answering
     * @throws IllegalArgumentException if the address is not on loopback
     * @throws ResolverException if it cannot listen there, for instance because another EPMD does
     */
    public static EmbeddedEpmd start(InetSocketAddress where) {
        return start(where, REQUEST_DEADLINE);
    }

    static EmbeddedEpmd start(InetSocketAddress where, Duration requestDeadline) {
        InetAddress host = where.getAddress();
        if (host == null || !host.isLoopbackAddress()) {
            throw new IllegalArgumentException("embedded EPMD: " + where + " (expected: a loopback address)");
        }
        try {
            var epmd = new EmbeddedEpmd(where, requestDeadline);
            epmd.thread.start();
            return epmd;
        } catch (IOException e) {
            throw new ResolverException(
                    Loopback.print(where) + ": an EPMD cannot listen there: " + e.getMessage()
                            + " (expected: a free port; use the EPMD that has it, or choose another port)",
                    e);
        }
    }

    /**
     * Returns where it listens.
     *
     * @return the loopback address and the port
     */
    public InetSocketAddress address() {
        return address;
    }

    /** Closes all connections and frees the port; every registered name is gone. Can be called twice. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            // at once, so that another EPMD can take the port when this returns
            closeQuietly(server);
            selector.wakeup();
        }
        if (Thread.currentThread() != thread) {
            Loopback.join(thread);
        }
    }

    private void run() {
        try {
            while (!closed.get()) {
                selector.select(this::onReady, millisToNextDeadline());
                expire();
            }
        } catch (IOException | RuntimeException e) {
            if (!closed.get()) {
                logger.atError()
                        .addKeyValue("epmd", Loopback.print(address))
                        .setCause(e)
                        .log("embedded EPMD failed");
            }
        } finally {
            closed.set(true);
            for (SelectionKey key : new ArrayList<>(selector.keys())) {
                closeQuietly(key.channel());
            }
            closeQuietly(server);
            closeQuietly(selector);
        }
    }

    private void onReady(SelectionKey key) {
        if (!key.isValid()) {
            return;
        }
        if (key == acceptKey) {
            accept();
            return;
        }
        var connection = (EpmdConnection) key.attachment();
        try {
            connection.onReady(registry);
            if (!connection.hasRequest()) {
                requests.remove(connection);
            }
        } catch (IOException | RuntimeException e) {
            // whatever a client does costs its own connection only
            logger.debug("embedded EPMD dropped a connection", e);
            drop(connection);
            return;
        }
        if (connection.isDone()) {
            drop(connection);
        }
    }

    private void accept() {
        SocketChannel channel = null;
        try {
            channel = server.accept();
            if (channel == null) {
                return;
            }
            if (requests.size() >= MAX_REQUESTS) {
                closeQuietly(channel);
                return;
            }
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            var connection = new EpmdConnection(channel, key, System.nanoTime() + requestDeadlineNanos);
            key.attach(connection);
            requests.add(connection);
        } catch (IOException e) {
            if (channel != null) {
                closeQuietly(channel);
            }
            pauseAccepting(e);
        }
    }

    // out of file descriptors, say: the connection stays in the backlog and would make the selector spin
    private void pauseAccepting(IOException cause) {
        if (closed.get()) {
            return;
        }
        logger.atWarn()
                .addKeyValue("epmd", Loopback.print(address))
                .setCause(cause)
                .log("embedded EPMD cannot accept");
        acceptKey.interestOps(0);
        acceptAgainNanos = System.nanoTime() + ACCEPT_PAUSE_NANOS;
    }

    private void drop(EpmdConnection connection) {
        requests.remove(connection);
        String name = connection.registeredName();
        if (name != null) {
            registry.remove(name);
        }
        closeQuietly(connection.channel());
    }

    private void expire() {
        long now = System.nanoTime();
        while (!requests.isEmpty()) {
            EpmdConnection oldest = requests.iterator().next();
            if (oldest.deadlineNanos() - now > 0) {
                break;
            }
            drop(oldest);
        }
        if (acceptKey.isValid() && acceptKey.interestOps() == 0 && acceptAgainNanos - now <= 0) {
            acceptKey.interestOps(SelectionKey.OP_ACCEPT);
        }
    }

    /** Returns how long to wait; 0 for as long as it takes. */
    private long millisToNextDeadline() {
        if (acceptKey.isValid() && acceptKey.interestOps() == 0) {
            return 100;
        }
        if (requests.isEmpty()) {
            return 0;
        }
        long nanos = requests.iterator().next().deadlineNanos() - System.nanoTime();
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
    }

    private static void closeQuietly(@Nullable AutoCloseable resource) {
        Loopback.closeQuietly(resource);
    }
}
