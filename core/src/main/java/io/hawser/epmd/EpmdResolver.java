package io.hawser.epmd;

import io.hawser.term.NodeName;
import io.hawser.term.Printable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks nodes up at the EPMD of their host, and registers this one at the EPMD of this machine.
 *
 * <p>Thread-safe: one lock around what is started and stopped; it is not held while the network is used.
 */
final class EpmdResolver implements NodeResolver {
    private static final Logger logger = LoggerFactory.getLogger(EpmdResolver.class);

    private final EpmdOptions options;
    private final InetSocketAddress local;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable RegistrationKeeper keeper;
    private @Nullable EmbeddedEpmd server;
    private boolean closed;

    EpmdResolver(EpmdOptions options) {
        this.options = options;
        this.local = new InetSocketAddress(Loopback.ADDRESS, options.port());
    }

    @Override
    public Optional<InetSocketAddress> resolve(NodeName name, Duration timeout) {
        return resolve(name, timeout, address -> true);
    }

    @Override
    public Optional<InetSocketAddress> resolve(
            NodeName name, Duration timeout, Predicate<? super InetAddress> admitted) {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        InetAddress host = hostOf(name);
        if (!admitted.test(host)) {
            return Optional.of(
                    new InetSocketAddress(host, options.port())); // which the caller refuses: nobody is asked
        }
        OptionalInt port;
        try {
            port = portAt(host, name, remaining(deadlineNanos));
        } catch (ResolverException e) {
            // an embedded EPMD listens on loopback only, and knows the nodes of this machine under all its addresses
            if (!Loopback.isRefusal(e.getCause()) || host.equals(Loopback.ADDRESS) || !Loopback.isThisMachine(host)) {
                throw e;
            }
            port = portAt(Loopback.ADDRESS, name, remaining(deadlineNanos));
        }
        return port.isPresent() ? Optional.of(new InetSocketAddress(host, port.getAsInt())) : Optional.empty();
    }

    @Override
    public Optional<Long> publish(NodeName name, int port, Duration timeout) {
        if (port < 1 || port > 0xFFFF) {
            throw new IllegalArgumentException(name + ": port " + port + " (expected: 1 to 65535)");
        }
        requireOpen();
        var registration = register(name, port, timeout);
        lock.lock();
        try {
            requireOpen();
            if (keeper == null) {
                keeper = new RegistrationKeeper(this::register, options.retryInterval(), options.port());
            }
            keeper.keep(name, port, registration.channel());
        } catch (RuntimeException e) {
            Loopback.closeQuietly(registration.channel());
            throw e;
        } finally {
            lock.unlock();
        }
        return Optional.of(registration.creation());
    }

    @Override
    public void close() {
        RegistrationKeeper stoppedKeeper;
        EmbeddedEpmd stoppedServer;
        lock.lock();
        try {
            closed = true;
            stoppedKeeper = keeper;
            stoppedServer = server;
            keeper = null;
            server = null;
        } finally {
            lock.unlock();
        }
        if (stoppedKeeper != null) {
            stoppedKeeper.close();
        }
        if (stoppedServer != null) {
            stoppedServer.close();
        }
    }

    private EpmdClient.Registration register(NodeName name, int port, Duration timeout) {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        var client = EpmdClient.at(local);
        try {
            return client.register(name, port, timeout);
        } catch (ResolverException e) {
            if (!options.embedded() || !Loopback.isRefusal(e.getCause())) {
                throw e;
            }
            startServer();
            return client.register(name, port, remaining(deadlineNanos));
        }
    }

    /** Starts an EPMD here; several processes may try at once, and whoever gets the port serves all. */
    private void startServer() {
        EmbeddedEpmd started;
        try {
            started = EmbeddedEpmd.start(local);
        } catch (ResolverException e) {
            logger.debug("another EPMD took the port first", e);
            return;
        }
        EmbeddedEpmd unwanted = started;
        lock.lock();
        try {
            if (!closed) {
                unwanted = server; // of an earlier start, if it failed since
                server = started;
            }
        } finally {
            lock.unlock();
        }
        if (unwanted != null) {
            unwanted.close();
        }
        logger.atInfo().addKeyValue("epmd", Loopback.print(local)).log("started an embedded EPMD, for none answered");
    }

    private OptionalInt portAt(InetAddress host, NodeName name, Duration timeout) {
        return EpmdClient.at(new InetSocketAddress(host, options.port())).port(name.alive(), timeout);
    }

    private InetAddress hostOf(NodeName name) {
        try {
            return options.hosts().address(name);
        } catch (UnknownHostException e) {
            throw new ResolverException(
                    name + ": host " + Printable.of(name.host()) + " is unknown (expected: a name that resolves)", e);
        }
    }

    private static Duration remaining(long deadlineNanos) {
        return Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
    }

    private void requireOpen() {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the EPMD resolver is closed");
            }
        } finally {
            lock.unlock();
        }
    }
}
