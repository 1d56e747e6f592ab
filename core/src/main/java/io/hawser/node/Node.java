package io.hawser.node;

import io.hawser.epmd.DialRefusal;
import io.hawser.handshake.DistFlag;
import io.hawser.peer.PeerListener;
import io.hawser.peer.PeerSettings;
import io.hawser.peer.Peers;
import io.hawser.term.Atom;
import io.hawser.term.NodeName;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import io.hawser.transport.Scheduler;
import io.hawser.transport.Surroundings;
import io.hawser.transport.SystemScheduler;
import io.hawser.transport.TransportException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A node of distributed Erlang: it has a name, mailboxes, and connections to other nodes, made when something is sent to
 * them.
 *
 * <p>Thread-safe.
 */
public final class Node implements AutoCloseable {
    private final NodeConfig config;
    private final SignalCarrier carrier;
    private final @Nullable SystemScheduler ownTimer;
    private final @Nullable ExecutorService ownExecutor;
    private final Executor executor;
    private final Scheduler scheduler;
    private final ExecutorService decoder;
    private final Lookout lookout;
    private final ReentrantLock startLock = new ReentrantLock();
    private volatile @Nullable Running running;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** What a node has once its creation is known. */
    private record Running(Kernel kernel, Spawner spawner, Services services, Functions functions) {}

    private Node(NodeConfig config, BiFunction<PeerSettings, PeerListener, SignalCarrier> carriers) {
        this.config = config;
        this.ownTimer = config.scheduler == null ? Scheduler.system("hawser-timer-" + config.name()) : null;
        this.ownExecutor = config.executor == null ? TaskThreads.of(config.name()) : null;
        this.executor = Objects.requireNonNull(config.executor != null ? config.executor : ownExecutor);
        this.scheduler = Objects.requireNonNull(config.scheduler != null ? config.scheduler : ownTimer);
        this.decoder = config.surroundings.serial("hawser-decode-" + config.name());
        var settings = new PeerSettings(
                config.name(),
                config.hidden ? DistFlag.RECOMMENDED_HIDDEN : DistFlag.RECOMMENDED_VISIBLE,
                config.transport,
                config.handshake,
                config.resolver,
                config.dialPolicy,
                config.listen,
                config.acceptLimits,
                config.tickTime,
                config.maxPacketBytes,
                config.maxMessageBytes,
                config.maxTermBytes,
                config.highWaterBytes,
                config.inboundBudgetBytes,
                Math.max(HeapShare.shareBytes(Runtime.getRuntime().maxMemory()), 2L * config.inboundBudgetBytes),
                scheduler,
                executor,
                decoder,
                config.surroundings);
        this.lookout = new Lookout(config.name(), config.transport.name(), executor, scheduler);
        this.carrier =
                carriers.apply(settings, new InboundSignals(this::kernel, config.policy, this::spawner, lookout));
    }

    /**
     * Starts a node: listens, and publishes it. Blocks until both are done. When it fails, the transport and the resolver are
     * closed.
     *
     * @param config what it is made with; for one start
     * @return the node
     * @throws io.hawser.transport.TransportException if the address cannot be listened on
     * @throws io.hawser.epmd.ResolverException if the name is taken or the directory did not answer
     * @throws IllegalArgumentException if the handshake requires a protocol on which the transport cannot agree with
     *     peers, as the strong cookie proof over plain TCP
     * @throws IllegalStateException if the configuration was started before
     */
    public static Node start(NodeConfig config) {
        return start(config, (settings, listener) -> SignalCarrier.over(new Peers(settings, listener)));
    }

    static Node start(NodeConfig config, BiFunction<PeerSettings, PeerListener, SignalCarrier> carriers) {
        config.claim();
        var node = new Node(config, carriers);
        try {
            node.carrier.start();
            node.running();
            return node;
        } catch (RuntimeException e) {
            node.close();
            throw e;
        }
    }

    /** Makes what needs the creation: when the start is done, or the first peer is up, whichever comes first. */
    private Running running() {
        Running made = running;
        if (made != null) {
            return made;
        }
        startLock.lock();
        try {
            if (running == null) {
                var kernel = new Kernel(
                        config.name(), carrier.creation(), carrier, executor, scheduler, config.surroundings);
                var functions = new Functions(config.functions, config.policy);
                var tasks = new PeerTasks(kernel);
                var services = new Services(kernel, functions, tasks);
                var spawner = new Spawner(this, kernel, functions, config.processes, config.policy, tasks);
                running = new Running(kernel, spawner, services, functions);
            }
            return Objects.requireNonNull(running);
        } finally {
            startLock.unlock();
        }
    }

    Kernel kernel() {
        return running().kernel;
    }

    Spawner spawner() {
        return running().spawner;
    }

    /**
     * Returns the time that its ticks and deadlines go by.
     *
     * @return as it was configured
     */
    public Scheduler scheduler() {
        return scheduler;
    }

    /**
     * Returns where its threads and chance come from: for services that stand on a node.
     *
     * @return as they were configured
     */
    public Surroundings surroundings() {
        return config.surroundings;
    }

    Pid groupLeader() {
        return running().services.groupLeader();
    }

    /** Makes a mailbox that is not in the process table yet. */
    Mailbox unpublished() {
        return new Mailbox(this, kernel(), MailboxOptions.DEFAULT);
    }

    /**
     * Returns its name.
     *
     * @return the full name
     */
    public NodeName name() {
        return config.name();
    }

    /**
     * Returns which incarnation of the name this is.
     *
     * @return unsigned 32 bits, above 3
     */
    public long creation() {
        return carrier.creation();
    }

    /**
     * Returns where it listens.
     *
     * @return the address with the port in use
     */
    public InetSocketAddress address() {
        return carrier.address();
    }

    /**
     * Makes a mailbox without a name.
     *
     * @return the mailbox
     * @throws IllegalStateException if the node is closed
     */
    public Mailbox mailbox() {
        return mailbox(MailboxOptions.DEFAULT);
    }

    /**
     * Makes a mailbox.
     *
     * @param options how it begins
     * @return the mailbox
     * @throws NameTakenException if its name is registered already
     * @throws IllegalStateException if the node is closed
     */
    public Mailbox mailbox(MailboxOptions options) {
        var mailbox = new Mailbox(this, kernel(), options);
        mailbox.process().trapExit(options.trapExit());
        if (options.name().isPresent()) {
            kernel().processes.register(options.name().get(), mailbox.process());
        }
        kernel().processes.add(mailbox.process());
        if (closed.get()) {
            mailbox.exit(Atoms.SHUTDOWN);
            throw new IllegalStateException("node " + name() + ": closed");
        }
        return mailbox;
    }

    /**
     * Makes a mailbox with a name. The name is free again when the mailbox ends.
     *
     * @param name the name, of this node
     * @return the mailbox
     * @throws NameTakenException if the name is registered already
     * @throws IllegalStateException if the node is closed
     */
    public Mailbox register(String name) {
        return mailbox(MailboxOptions.DEFAULT.withName(name));
    }

    /**
     * Makes a mailbox with a name. The name is free again when the mailbox ends.
     *
     * @param name the name, of this node
     * @return the mailbox
     * @throws NameTakenException if the name is registered already
     * @throws IllegalStateException if the node is closed
     */
    public Mailbox register(Atom name) {
        return mailbox(MailboxOptions.DEFAULT.withName(name));
    }

    /**
     * Gives a name to a mailbox that has none, as {@code erlang:register/2}.
     *
     * @param name the name, of this node; not {@code undefined}
     * @param mailbox a mailbox of this node
     * @throws NameTakenException if the name is registered already or the mailbox has a name
     * @throws IllegalArgumentException if the name is {@code undefined} or the mailbox is another node's
     * @throws MailboxExitException if the mailbox has ended
     */
    public void register(Atom name, Mailbox mailbox) {
        if (mailbox.node() != this) {
            throw new IllegalArgumentException("register " + name + ": a mailbox of "
                    + mailbox.node().name() + " (expected: one of " + name() + ")");
        }
        kernel().processes.register(name, mailbox.process());
    }

    /**
     * Takes a name from its mailbox, which lives on.
     *
     * @param name the name
     * @return false if nobody has it
     */
    public boolean unregister(Atom name) {
        return kernel().processes.unregister(name);
    }

    /**
     * Looks a name up.
     *
     * @param name a name of this node
     * @return who has it; empty if nobody does
     */
    public Optional<Pid> whereis(Atom name) {
        return Optional.ofNullable(kernel().processes.named(name)).map(LocalProcess::pid);
    }

    /**
     * Returns the names registered here, those of the node's own services included.
     *
     * @return a snapshot
     */
    public Set<Atom> registered() {
        return kernel().processes.names();
    }

    /**
     * Sends a message from no process in particular. Waits, and treats receivers, as {@link Mailbox#send(Term, Term)}. Once
     * the node is closed, messages are dropped.
     *
     * @param to as there
     * @param message what to send
     * @throws IllegalArgumentException if {@code to} is nothing one can send to
     */
    public void send(Term to, Term message) {
        Objects.requireNonNull(message, "message");
        kernel().send(running().services.anonymous(), to, message, true);
    }

    /**
     * Makes a reference that no other call on any node returns.
     *
     * @return the reference; it cannot be guessed
     */
    public Reference makeReference() {
        return kernel().references.next();
    }

    /**
     * Lets peers call a function by {@code rpc} and {@code erpc} from now on, as {@link NodeConfig.Builder#function} does
     * from the start: for services that a program starts on a node that runs.
     *
     * @param module the module peers name
     * @param function the function peers name
     * @param arity the number of its arguments, 0 to 255
     * @param body what runs
     * @throws IllegalArgumentException if there is one of that name and arity already, or the arity is out of range
     */
    public void addFunction(String module, String function, int arity, RemoteFunction body) {
        var key = new FunctionKey(Atom.of(module), Atom.of(function), arity);
        if (!running().functions.add(key, Objects.requireNonNull(body, "body"))) {
            throw new IllegalArgumentException("function " + key + ": is there already (expected: another name)");
        }
    }

    /**
     * Takes a function from peers; calls of it that run go on. Does nothing if there is none.
     *
     * @param module the module peers name
     * @param function the function peers name
     * @param arity the number of its arguments, 0 to 255
     * @throws IllegalArgumentException if the arity is out of range
     */
    public void removeFunction(String module, String function, int arity) {
        running().functions.remove(new FunctionKey(Atom.of(module), Atom.of(function), arity));
    }

    /**
     * Connects to a node unless it is connected.
     *
     * @param node the node
     * @return completes with null once it is connected, at once for this node itself; fails with
     *     {@link io.hawser.transport.TransportException}, whose message is the one line that says why not
     */
    public CompletionStage<@Nullable Void> connect(NodeName node) {
        return node.equals(name()) ? CompletableFuture.completedFuture(null) : carrier.connect(node.atom());
    }

    /**
     * Connects to a node because a peer named it, unless it is connected: as far as {@link NodeConfig.Builder#dialPolicy}
     * allows, a few such nodes at a time, introducers in turn, and as long as not too much of what this introducer named
     * came to nothing. The lesser name of a pair dials first; a dial that fails is repeated twice, after times drawn by lot.
     * What is sent to the node meanwhile waits.
     *
     * @param introducer the peer that named it
     * @param node the node
     * @return completes with true once it is connected, whoever dialled; with false if it is not dialled for the policy's
     *     sake, though it may connect by itself; fails with {@link io.hawser.transport.TransportException} if it was dialled
     *     in vain, or can never be
     */
    public CompletionStage<Boolean> introduce(NodeName introducer, NodeName node) {
        if (node.equals(name())) {
            return CompletableFuture.completedFuture(true);
        }
        var connected = new CompletableFuture<Boolean>();
        carrier.introduce(introducer.atom(), node.atom()).whenComplete((up, failure) -> {
            if (failure == null) {
                connected.complete(true);
            } else if (failure instanceof TransportException e && e.code().orElse(null) instanceof DialRefusal) {
                connected.complete(false);
            } else {
                connected.completeExceptionally(failure);
            }
        });
        return connected.minimalCompletionStage();
    }

    /**
     * Connects to a node unless it is connected, and waits for it.
     *
     * @param node the node
     * @param timeout how long to wait
     * @throws io.hawser.transport.TransportException if it cannot be connected, or not in time; the message says why
     * @throws InterruptedException if the thread is interrupted while waiting
     */
    public void connect(NodeName node, Duration timeout) throws InterruptedException {
        var deadline = Deadline.after(config.surroundings, timeout);
        CompletableFuture<@Nullable Void> connected = connect(node).toCompletableFuture();
        Thread caller = Thread.currentThread();
        var unused = connected.whenComplete((done, failure) -> config.surroundings.unpark(caller));
        while (!connected.isDone()) {
            long left = deadline.left().toNanos();
            if (left <= 0) {
                throw new TransportException(
                        "connect to " + node + ": not connected after " + timeout.toMillis() + " ms");
            }
            config.surroundings.park(connected, left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        try {
            connected.join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause();
            throw new TransportException(
                    cause == null ? e.toString() : String.valueOf(cause.getMessage()),
                    cause,
                    cause instanceof TransportException failure ? failure.code().orElse(null) : null);
        }
    }

    /**
     * Closes the connection to a node.
     *
     * @param node the node
     * @return false if there was none
     */
    public boolean disconnect(NodeName node) {
        return carrier.disconnect(node.atom());
    }

    /**
     * Returns the visible nodes now connected, as {@code nodes()} does. Where terms name nodes, as for {@link Rpc},
     * {@link Erpc} and {@link GenServer#multiCall}, and in pids and replies, it is by {@link NodeName#atom()}.
     *
     * @return a snapshot
     */
    public List<NodeName> nodes() {
        return nodes(false);
    }

    /**
     * Returns the hidden nodes now connected, as {@code nodes(hidden)} does.
     *
     * @return a snapshot
     */
    public List<NodeName> hiddenNodes() {
        return nodes(true);
    }

    private List<NodeName> nodes(boolean hidden) {
        return kernel().peers.all().stream()
                .filter(peer -> peer.hidden == hidden)
                .map(peer -> peer.asker.node())
                .toList();
    }

    /**
     * Returns the connections now up.
     *
     * @return a snapshot
     */
    public List<ConnectionInfo> connections() {
        return kernel().peers.all().stream().map(this::info).toList();
    }

    /**
     * Returns the connection to a node.
     *
     * @param node the node
     * @return how it is now; empty if there is none
     */
    public Optional<ConnectionInfo> connection(NodeName node) {
        return Optional.ofNullable(kernel().peers.get(node.atom())).map(this::info);
    }

    private ConnectionInfo info(PeerState peer) {
        return ConnectionInfo.of(peer, config.transport.name());
    }

    /**
     * Returns all there is to see of this node: its counts, its connections, and the nodes it could not reach.
     *
     * @return a snapshot; its parts are of about the same moment
     */
    public NodeSnapshot snapshot() {
        return new NodeSnapshot(
                name(), creation(), config.hidden, stats(), connections(), lookout.absent(carrier.attempts()));
    }

    /**
     * Has a listener told what becomes of this node's connections. For one peer it is told in order; it is told one event at
     * a time, on the node's executor, never on an event loop: it may block, and is behind then. When {@value
     * Watcher#CAPACITY} events wait for it, further ones are dropped and their number told in their place, as
     * {@link NodeEvent.Missed}; {@link #snapshot()} says how things stand. What it throws is logged, and does no harm.
     *
     * <p>Nodes that are up already are not told: take a snapshot after this call. The close of the node ends it without a word.
     *
     * @param listener told from now on
     * @return to be closed when it is not to be told any longer
     */
    public NodeWatch watch(Consumer<? super NodeEvent> listener) {
        return lookout.watch(Objects.requireNonNull(listener, "listener"));
    }

    /**
     * Asks a node whether it is there, connecting to it when need be, as {@code net_adm:ping/1}.
     *
     * @param node the node
     * @param timeout how long to wait
     * @return true for {@code pong}
     * @throws IllegalStateException if this node is closed
     * @throws InterruptedException if the thread is interrupted while waiting
     */
    public boolean ping(NodeName node, Duration timeout) throws InterruptedException {
        Term netKernel = Tuple.of(Atoms.NET_KERNEL, node.atom());
        Term request = Tuple.of(Atoms.IS_AUTH, name().atom());
        try {
            return GenServer.call(this, netKernel, request, timeout).equals(Atoms.YES);
        } catch (CallException e) {
            return false; // pang: what kept the node from answering is not told, as in Erlang
        }
    }

    /**
     * Returns what the node counts.
     *
     * @return the counts of now
     */
    public NodeStats stats() {
        return kernel().peers.stats(Math.max(0, kernel().processes.size() - Services.COUNT)); // they end with the node
    }

    /**
     * Ends all mailboxes with reason {@code shutdown}, withdraws the node and closes its connections. Messages not
     * received, and what the network does not take at once, are dropped. Can be called twice.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        lookout.close();
        Running ending = running;
        if (ending != null) {
            ending.kernel.processes.all().forEach(process -> process.end(Atoms.SHUTDOWN));
        }
        try {
            carrier.close();
        } finally { // whatever a resolver or transport does: the threads go
            if (ownTimer != null) {
                ownTimer.close();
            }
            decoder.shutdownNow();
            if (ownExecutor != null) {
                ownExecutor.shutdown();
            }
        }
    }

    /**
     * Returns its name as text, for logs.
     *
     * @return such as {@code node a@host}
     */
    @Override
    public String toString() {
        return "node " + name();
    }
}
