package io.hawser.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
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

    private final Scheduler scheduler;
    private final @Nullable SystemScheduler owned;
    private final Supplier<? extends Executor> loops;
    private final List<InMemoryTransport> transports = new CopyOnWriteArrayList<>();
    private final List<InMemoryTransport.MemoryListener> listeners = new CopyOnWriteArrayList<>();
    private final List<InMemoryLink> links = new CopyOnWriteArrayList<>();
    private final AtomicInteger nextPort = new AtomicInteger(FIRST_PORT);
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
        return new ArrayList<>(links);
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

    int freePort() {
        return nextPort.getAndIncrement();
    }

    void add(InMemoryTransport.MemoryListener listener) {
        listening.lock();
        try {
            if (find(listener.address()).isPresent()) {
                throw new TransportException(Addresses.text(listener.address()) + ": cannot listen: address in use");
            }
            listeners.add(listener);
        } finally {
            listening.unlock();
        }
    }

    void remove(InMemoryTransport.MemoryListener listener) {
        listeners.remove(listener);
    }

    Optional<InMemoryTransport.MemoryListener> find(InetSocketAddress address) {
        return listeners.stream().filter(l -> l.listensOn(address)).findFirst();
    }

    void opened(InMemoryLink link) {
        links.add(link);
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
