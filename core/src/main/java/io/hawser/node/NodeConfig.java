package io.hawser.node;

import io.hawser.epmd.DialPolicy;
import io.hawser.epmd.NodeResolver;
import io.hawser.handshake.Handshakes;
import io.hawser.term.Atom;
import io.hawser.term.NodeName;
import io.hawser.transport.AcceptLimits;
import io.hawser.transport.Scheduler;
import io.hawser.transport.Surroundings;
import io.hawser.transport.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What a node is made with: {@code NodeConfig.builder("a@host.dom").transport(t).handshake(h).build()}.
 *
 * <p>Immutable. The transport and the resolver belong to the node that is started with it, which closes them: it starts one
 * node, once, and no other configuration may have the same ones. Make them anew for each node.
 */
public final class NodeConfig {
    private final NodeName name;
    final Transport transport;
    final Handshakes handshake;
    final NodeResolver resolver;
    final DialPolicy dialPolicy;
    final InetSocketAddress listen;
    final boolean hidden;
    final Duration tickTime;
    final int maxPacketBytes;
    final int maxMessageBytes;
    final long maxTermBytes;
    final int highWaterBytes;
    final int inboundBudgetBytes;
    final AcceptLimits acceptLimits;
    final @Nullable Executor executor;
    final @Nullable Scheduler scheduler;
    final Surroundings surroundings;
    final SignalPolicy policy;
    final Map<FunctionKey, RemoteFunction> functions;
    final Map<FunctionKey, SpawnedProcess> processes;
    private final AtomicBoolean claimed = new AtomicBoolean();

    private NodeConfig(Builder builder) {
        name = builder.name;
        transport = required(builder.transport, "transport", "transport(TlsTransport.mutual(identity))");
        handshake = required(builder.handshake, "handshake", "handshake(CookieHandshakes.auto(cookie))");
        resolver = builder.resolver != null ? builder.resolver : NodeResolver.epmd();
        dialPolicy = builder.dialPolicy;
        listen = builder.listen;
        hidden = builder.hidden;
        tickTime = builder.tickTime;
        maxPacketBytes = builder.maxPacketBytes;
        maxMessageBytes = builder.maxMessageBytes;
        maxTermBytes = builder.maxTermBytes > 0
                ? builder.maxTermBytes
                : HeapShare.termBytes(Runtime.getRuntime().maxMemory(), Math.max(maxPacketBytes, maxMessageBytes));
        highWaterBytes = builder.highWaterBytes;
        inboundBudgetBytes = builder.inboundBudgetBytes;
        acceptLimits = builder.acceptLimits;
        executor = builder.executor;
        scheduler = builder.scheduler;
        surroundings = builder.surroundings;
        policy = builder.policy;
        functions = Map.copyOf(builder.functions);
        processes = Map.copyOf(builder.processes);
    }

    private static <T> T required(@Nullable T value, String what, String call) {
        if (value == null) {
            throw new IllegalStateException(
                    what + ": not set (expected: NodeConfig.Builder." + call + " before build())");
        }
        return value;
    }

    /**
     * Begins a configuration.
     *
     * @param name the node's full name, {@code alive@host}
     * @return the builder
     * @throws IllegalArgumentException if it is not of that form
     */
    public static Builder builder(String name) {
        return builder(NodeName.parse(name));
    }

    /**
     * Begins a configuration.
     *
     * @param name the node's full name
     * @return the builder
     */
    public static Builder builder(NodeName name) {
        return new Builder(name);
    }

    /**
     * Returns the node's name.
     *
     * @return the full name
     */
    public NodeName name() {
        return name;
    }

    /** Takes transport and resolver for a node that is about to start. A second one would close them for the first. */
    void claim() {
        if (!claimed.compareAndSet(false, true)) {
            throw new IllegalStateException("start " + name
                    + ": this NodeConfig was started before (expected: a NodeConfig, with a transport and a resolver, for"
                    + " each start)");
        }
    }

    /** Collects a configuration. Not thread-safe; used by one caller at a time. */
    public static final class Builder {
        private final NodeName name;
        private @Nullable Transport transport;
        private @Nullable Handshakes handshake;
        private @Nullable NodeResolver resolver;
        private DialPolicy dialPolicy = DialPolicy.DEFAULT;
        private InetSocketAddress listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        private boolean hidden;
        private Duration tickTime = Duration.ofSeconds(60);
        private int maxPacketBytes = HeapShare.packetBytes(Runtime.getRuntime().maxMemory());
        private int maxMessageBytes =
                HeapShare.messageBytes(Runtime.getRuntime().maxMemory());
        private long maxTermBytes; // 0 when not called
        private int highWaterBytes = 1 << 20;
        private int inboundBudgetBytes =
                HeapShare.budgetBytes(Runtime.getRuntime().maxMemory());
        private AcceptLimits acceptLimits = AcceptLimits.DEFAULT;
        private @Nullable Executor executor;
        private @Nullable Scheduler scheduler;
        private Surroundings surroundings = Surroundings.system();
        private SignalPolicy policy = SignalPolicy.ALLOW;
        private final Map<FunctionKey, RemoteFunction> functions = new HashMap<>();
        private final Map<FunctionKey, SpawnedProcess> processes = new HashMap<>();

        private Builder(NodeName name) {
            this.name = Objects.requireNonNull(name, "name");
        }

        /**
         * Sets what moves packets. Required.
         *
         * @param transport belongs to the node from its start on
         * @return this builder
         */
        public Builder transport(Transport transport) {
            this.transport = Objects.requireNonNull(transport, "transport");
            return this;
        }

        /**
         * Sets how peers are admitted. Required.
         *
         * @param handshake makes the handshakes
         * @return this builder
         */
        public Builder handshake(Handshakes handshake) {
            this.handshake = Objects.requireNonNull(handshake, "handshake");
            return this;
        }

        /**
         * Sets where peers are found and where this node is published. {@link NodeResolver#epmd()} when not called.
         *
         * @param resolver belongs to the node from its start on
         * @return this builder
         */
        public Builder resolver(NodeResolver resolver) {
            this.resolver = Objects.requireNonNull(resolver, "resolver");
            return this;
        }

        /**
         * Sets which nodes this one connects to because a peer named them, as peers do in {@link io.hawser.cluster.Global}.
         * {@link DialPolicy#DEFAULT} when not called.
         *
         * @param policy names, networks and a budget for each introducer
         * @return this builder
         */
        public Builder dialPolicy(DialPolicy policy) {
            this.dialPolicy = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Sets where to accept connections. The loopback address and a free port when not called: a node that shall be
         * reached from other hosts says so here.
         *
         * @param address an address of this host; port 0 picks a free one
         * @return this builder
         */
        public Builder listen(InetSocketAddress address) {
            this.listen = Objects.requireNonNull(address, "address");
            return this;
        }

        /**
         * Makes the node hidden or visible. Visible when not called: peers list it in {@code nodes()}, and
         * {@code global:sync/0} of theirs waits for it until {@link io.hawser.cluster.Global} is started on it. A hidden
         * node gets no unsolicited traffic at all.
         *
         * @param hidden true for a hidden node
         * @return this builder
         */
        public Builder hidden(boolean hidden) {
            this.hidden = hidden;
            return this;
        }

        /**
         * Sets the net tick time. 60 seconds when not called, as {@code net_ticktime}; must match the peers'. A silent
         * connection gets a tick after a quarter of it; a peer that is silent for five quarters of it is given up.
         *
         * @param tickTime at least 1 second
         * @return this builder
         * @throws IllegalArgumentException if it is shorter
         */
        public Builder tickTime(Duration tickTime) {
            if (tickTime.compareTo(Duration.ofSeconds(1)) < 0) {
                throw new IllegalArgumentException("tickTime: " + tickTime + " (expected: at least 1 second)");
            }
            this.tickTime = tickTime;
            return this;
        }

        /**
         * Sets the longest packet accepted of an admitted peer. An eighth of the largest heap, at most 128 MiB, when not
         * called. OTP sends messages beyond 64 KiB in fragments, for which {@link #maxMessageBytes} holds.
         *
         * @param bytes at least 1024
         * @return this builder
         * @throws IllegalArgumentException if it is less
         */
        public Builder maxPacketBytes(int bytes) {
            this.maxPacketBytes = atLeast("maxPacketBytes", bytes, 1024);
            return this;
        }

        /**
         * Sets how long a message that comes in fragments may be, more precisely how much the messages of one peer that
         * have not come completely may take together; those of all peers may take twice as much. An eighth of the largest
         * heap, at most 1 GiB, when not called. Receiving one takes about three times its bytes for a moment, or more if
         * its terms do: for those {@link #maxTermBytes} holds.
         *
         * @param bytes at least 1024
         * @return this builder
         * @throws IllegalArgumentException if it is less
         */
        public Builder maxMessageBytes(int bytes) {
            this.maxMessageBytes = atLeast("maxMessageBytes", bytes, 1024);
            return this;
        }

        /**
         * Sets about how much heap the terms of one message from a peer may take, which can be many times what they take on
         * the wire; a message beyond it costs the peer its connection. An eighth of the largest heap, or the longest packet
         * or message if that is more, and 64 KiB, when not called.
         *
         * @param bytes at least 1024
         * @return this builder
         * @throws IllegalArgumentException if it is less
         */
        public Builder maxTermBytes(long bytes) {
            if (bytes < 1024) {
                throw new IllegalArgumentException("maxTermBytes: " + bytes + " (expected: at least 1024)");
            }
            this.maxTermBytes = bytes;
            return this;
        }

        /**
         * Sets how many bytes may be queued for one peer before senders wait. 1 MiB when not called, as OTP's busy limit.
         *
         * @param bytes at least 1
         * @return this builder
         * @throws IllegalArgumentException if it is less
         */
        public Builder highWaterBytes(int bytes) {
            this.highWaterBytes = atLeast("highWaterBytes", bytes, 1);
            return this;
        }

        /**
         * Sets about how many bytes of heap the messages from one peer that lie in mailboxes may take before reading from
         * that peer pauses. A 32nd of the largest heap, at most 64 MiB, when not called. When none of it is received for a
         * second, as much is read once more, and so on until what all peers have in mailboxes takes half of the node's
         * share, which is a quarter of the heap (or twice this budget, if that is more). A selective receive that waits for
         * a message behind more than that waits in vain until others are received.
         *
         * @param bytes at least 1
         * @return this builder
         * @throws IllegalArgumentException if it is less
         */
        public Builder inboundBudgetBytes(int bytes) {
            this.inboundBudgetBytes = atLeast("inboundBudgetBytes", bytes, 1);
            return this;
        }

        /**
         * Sets the ceilings for connections that are not admitted yet. {@link AcceptLimits#DEFAULT} when not called.
         *
         * @param limits the ceilings
         * @return this builder
         */
        public Builder acceptLimits(AcceptLimits limits) {
            this.acceptLimits = Objects.requireNonNull(limits, "limits");
            return this;
        }

        /**
         * Sets what runs handlers, functions and processes. When not called, the node makes its own and ends it in
         * {@link Node#close()}: a virtual thread for each task on JDK 21 and newer, otherwise cached daemon threads.
         *
         * @param executor runs tasks that may block; not closed by the node
         * @return this builder
         */
        public Builder executor(Executor executor) {
            this.executor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /**
         * Sets the time for ticks and deadlines. When not called, the system's, on a daemon thread of the node's own.
         *
         * @param scheduler the time
         * @return this builder
         */
        public Builder scheduler(Scheduler scheduler) {
            this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
            return this;
        }

        /**
         * Sets where threads and chance come from. {@link Surroundings#system()} when not called; a simulation gives its own,
         * together with its time and its executor.
         *
         * @param surroundings the surroundings
         * @return this builder
         */
        public Builder surroundings(Surroundings surroundings) {
            this.surroundings = Objects.requireNonNull(surroundings, "surroundings");
            return this;
        }

        /**
         * Sets what peers may do here. {@link SignalPolicy#ALLOW} when not called.
         *
         * @param policy asked for every signal from a peer
         * @return this builder
         */
        public Builder policy(SignalPolicy policy) {
            this.policy = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Lets peers call a function by {@code rpc} and {@code erpc}. None when not called.
         *
         * @param module the module peers name
         * @param function the function peers name
         * @param arity the number of its arguments, 0 to 255
         * @param body what runs
         * @return this builder
         * @throws IllegalArgumentException if there is one of that name and arity already, or the arity is out of range
         */
        public Builder function(String module, String function, int arity, RemoteFunction body) {
            add(functions, new FunctionKey(Atom.of(module), Atom.of(function), arity), body);
            return this;
        }

        /**
         * Lets peers spawn a process. None when not called.
         *
         * @param module the module peers name
         * @param function the function peers name
         * @param arity the number of its arguments, 0 to 255
         * @param body what the process runs
         * @return this builder
         * @throws IllegalArgumentException if there is one of that name and arity already, or the arity is out of range
         */
        public Builder process(String module, String function, int arity, SpawnedProcess body) {
            add(processes, new FunctionKey(Atom.of(module), Atom.of(function), arity), body);
            return this;
        }

        /**
         * Makes the configuration.
         *
         * @return the configuration; later calls on this builder do not change it
         * @throws IllegalStateException if transport or handshake is missing; the message names what to call
         */
        public NodeConfig build() {
            return new NodeConfig(this);
        }

        private static <T> void add(Map<FunctionKey, T> to, FunctionKey key, T body) {
            if (to.putIfAbsent(key, Objects.requireNonNull(body, "body")) != null) {
                throw new IllegalArgumentException(key + ": registered already");
            }
        }

        private static int atLeast(String what, int value, int floor) {
            if (value < floor) {
                throw new IllegalArgumentException(what + ": " + value + " (expected: at least " + floor + ")");
            }
            return value;
        }
    }
}
