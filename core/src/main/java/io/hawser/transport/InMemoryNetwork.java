package io.hawser.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A network inside one JVM that joins {@linkplain InMemoryTransport transports} by address, for tests and simulation:
 * with the phases, limits, deadlines and back-pressure of the real ones, and with faults on demand (see
 * {@link #links()}).
 *
 * <p>All its connections share one event loop: a thread of its own, or whatever runs the tasks of the scheduler it was
 * given, so that a test that steps the scheduler steps the network. Or each has loops of its own, whose tasks a test
 * interleaves as it likes.
 *
 * <p>Thread-safe: state is confined to the event loop, tables are concurrent.
 */
public final class InMemoryNetwork implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InMemoryNetwork.class);
    private static final int FIRST_PORT = 40_000;
    private static final int FIRST_SOURCE_PORT = 10_000;
    private static final int SOURCE_PORTS = 20_000;

    private final Scheduler scheduler;
    private final @Nullable SystemScheduler owned;
    private final Supplier<? extends Executor> loops;
    private final Set<InMemoryTransport> transports = ConcurrentHashMap.newKeySet();
    private final Map<Integer, List<InMemoryTransport.MemoryListener>> listeners = new ConcurrentHashMap<>(); // by port
    private final Set<InMemoryLink> links = Collections.synchronizedSet(new LinkedHashSet<>());
    private final AtomicLong numbers = new AtomicLong();
    private volatile Consumer<InMemoryLink> whenDialled = link -> {};
    private final AtomicInteger nextPort = new AtomicInteger(FIRST_PORT);
    private final AtomicLong sources = new AtomicLong();
    private final AtomicInteger transportCount = new AtomicInteger();
    private final ReentrantLock listening = new ReentrantLock();
    private volatile @Nullable Thread loopThread;

    private InMemoryNetwork(Scheduler scheduler, @Nullable SystemScheduler owned, Supplier<? extends Executor> loops) {
        this.scheduler = scheduler;
        this.owned = owned;
        this.loops = loops;
    }

    /**
     * Starts a network with an event loop thread of its own, {@code hawser-memory}.
     *
     * @return the network; to be closed
     */
    public static InMemoryNetwork start() {
        SystemScheduler own = Scheduler.system("hawser-memory");
        return new InMemoryNetwork(own, own, sharedLoop(own));
    }

    /**
     * Makes a network whose event loop is a scheduler's tasks.
     *
     * @param scheduler runs one task at a time, those due at the same time in the order they were given
     * @return the network
     */
    public static InMemoryNetwork on(Scheduler scheduler) {
        return new InMemoryNetwork(scheduler, null, sharedLoop(scheduler));
    }

    /**
     * Makes a network in which each end of a connection has an event loop of its own, and each direction a wire.
     *
     * @param scheduler keeps the time, and runs what waits for it
     * @param loops makes a loop or a wire: it runs its tasks in the order they were given, never while another task of
     *     the network runs
     * @return the network
     */
    public static InMemoryNetwork on(Scheduler scheduler, Supplier<? extends Executor> loops) {
        return new InMemoryNetwork(scheduler, null, loops);
    }

    private static Supplier<Executor> sharedLoop(Scheduler scheduler) {
        return () -> task -> scheduler.schedule(Duration.ZERO, task);
    }

    /**
     * Joins a transport whose peers cannot verify it.
     *
     * @return a transport with a loopback address of its own
     */
    public InMemoryTransport transport() {
        return transport(PeerIdentity::unverified);
    }

    /**
     * Joins a transport that shows an identity.
     *
     * @param identity makes what its peers find when they ask {@link Connection#peer()}, from its address
     * @return a transport with a loopback address of its own
     */
    public InMemoryTransport transport(Function<InetSocketAddress, PeerIdentity> identity) {
        var transport = new InMemoryTransport(this, loopback(transportCount.incrementAndGet()), identity);
        transports.add(transport);
        return transport;
    }

    /**
     * Returns the connections that are open, to cut, delay or stall them.
     *
     * @return a snapshot, oldest first
     */
    public List<InMemoryLink> links() {
        synchronized (links) {
            return new ArrayList<>(links);
        }
    }

    /**
     * Sets who is told of each connection when it is dialled, before anything moves on it: to delay or stall it from the
     * beginning. Nobody when not called.
     *
     * @param told called on the network's event loop
     */
    public void whenDialled(Consumer<? super InMemoryLink> told) {
        whenDialled = told::accept;
    }

    /** Closes all transports, and the event loop thread if the network has one of its own. Can be called twice. */
    @Override
    public void close() {
        transports.forEach(InMemoryTransport::close);
        if (owned != null) {
            owned.schedule(Duration.ZERO, owned::close); // after the tasks that close the connections
        }
    }

    Scheduler scheduler() {
        return scheduler;
    }

    /** Runs a task that belongs to no connection. */
    void execute(Runnable task) {
        newLoop().execute(task);
    }

    /** Makes an event loop, or a wire. */
    Executor newLoop() {
        Executor loop = loops.get();
        return task -> loop.execute(() -> run(task));
    }

    Scheduler.Cancellable schedule(Duration delay, Runnable task) {
        return scheduler.schedule(delay, () -> run(task));
    }

    private void run(Runnable task) {
        Thread outer = loopThread;
        loopThread = Thread.currentThread();
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.atError().setCause(e).log("a task of the in-memory network failed");
        } finally {
            loopThread = outer;
        }
    }

    boolean inEventLoop() {
        return loopThread == Thread.currentThread();
    }

    long nextNumber() {
        return numbers.incrementAndGet();
    }

    void forget(InMemoryTransport transport) {
        transports.remove(transport);
    }

    /** A port to dial from; comes back after 20,000 others. */
    int sourcePort() {
        return FIRST_SOURCE_PORT + (int) (sources.getAndIncrement() % SOURCE_PORTS);
    }

    /** A port to listen on. */
    int freePort() {
        return nextPort.getAndIncrement();
    }

    void add(InMemoryTransport.MemoryListener listener) {
        listening.lock();
        try {
            if (find(listener.address()).isPresent()) {
                throw new TransportException(Addresses.text(listener.address()) + ": cannot listen: address in use");
            }
            listeners
                    .computeIfAbsent(listener.address().getPort(), port -> new CopyOnWriteArrayList<>())
                    .add(listener);
        } finally {
            listening.unlock();
        }
    }

    void remove(InMemoryTransport.MemoryListener listener) {
        listeners.computeIfPresent(listener.address().getPort(), (port, at) -> {
            at.remove(listener);
            return at.isEmpty() ? null : at;
        });
    }

    Optional<InMemoryTransport.MemoryListener> find(InetSocketAddress address) {
        return listeners.getOrDefault(address.getPort(), List.of()).stream()
                .filter(l -> l.listensOn(address))
                .findFirst();
    }

    void opened(InMemoryLink link) {
        links.add(link);
        whenDialled.accept(link);
    }

    void closed(InMemoryLink link) {
        links.remove(link);
    }

    private static InetAddress loopback(int number) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 77, (byte) (number >> 8), (byte) number});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 bytes are an address", e);
        }
    }
}
