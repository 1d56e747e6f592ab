package io.hawser.epmd;

import io.hawser.term.NodeName;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How {@link NodeResolver#epmd(EpmdOptions)} finds and keeps EPMD. Thread-safe: immutable. */
public final class EpmdOptions {
    /** The port EPMD listens on by custom. */
    public static final int DEFAULT_PORT = 4369;

    private static final String PORT_VARIABLE = "ERL_EPMD_PORT";

    private final int port;
    private final HostLookup hosts;
    private final boolean embedded;
    private final Duration retryInterval;

    private EpmdOptions(Builder builder) {
        this.port = builder.port;
        this.hosts = builder.hosts;
        this.embedded = builder.embedded;
        this.retryInterval = builder.retryInterval;
    }

    /** Finds the address of a node's host. */
    @FunctionalInterface
    public interface HostLookup {
        /**
         * Looks a host up. Called by the thread that resolves, which it may block.
         *
         * @param node the node whose host is asked for
         * @return the address, at which the EPMD of that host is asked
         * @throws UnknownHostException if there is no such host
         */
        InetAddress address(NodeName node) throws UnknownHostException;
    }

    /**
     * Begins options with the defaults.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Begins options with the port that the environment variable {@code ERL_EPMD_PORT} says, as OTP does; 4369 when it is
     * not set.
     *
     * @return a builder
     * @throws IllegalArgumentException if the variable is set to something that is not a port
     */
    public static Builder fromEnvironment() {
        return fromEnvironment(System.getenv(PORT_VARIABLE));
    }

    static Builder fromEnvironment(@Nullable String value) {
        if (value == null || value.isEmpty()) {
            return builder();
        }
        try {
            return builder().port(Integer.parseInt(value));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(PORT_VARIABLE + ": '" + value + "' (expected: 1 to 65535)", e);
        }
    }

    int port() {
        return port;
    }

    HostLookup hosts() {
        return hosts;
    }

    boolean embedded() {
        return embedded;
    }

    Duration retryInterval() {
        return retryInterval;
    }

    /** Builds options. Not thread-safe. */
    public static final class Builder {
        private int port = DEFAULT_PORT;
        private HostLookup hosts = node -> InetAddress.getByName(node.host());
        private boolean embedded = true;
        private Duration retryInterval = Duration.ofSeconds(2);

        private Builder() {}

        /**
         * Sets the port of EPMD, on this machine and on the peers'. 4369 when not called.
         *
         * @param value 1 to 65535
         * @return this builder
         * @throws IllegalArgumentException if it is not a port
         */
        public Builder port(int value) {
            if (value < 1 || value > 0xFFFF) {
                throw new IllegalArgumentException("EPMD port: " + value + " (expected: 1 to 65535)");
            }
            port = value;
            return this;
        }

        /**
         * Sets how the host of a node is found. The system's look-up of the name's host part when not called, which may take
         * longer than the timeout of the call that needs it.
         *
         * @param value finds addresses
         * @return this builder
         */
        public Builder hosts(HostLookup value) {
            hosts = Objects.requireNonNull(value, "hosts");
            return this;
        }

        /**
         * Sets whether publishing a node starts an {@link EmbeddedEpmd} on loopback when no EPMD listens on this machine. It
         * does when not called. The server ends with the resolver that started it; others then start one in its place.
         *
         * @param value false to need an EPMD that runs already
         * @return this builder
         */
        public Builder embedded(boolean value) {
            embedded = value;
            return this;
        }

        /**
         * Sets how long to wait before registering again when EPMD went away, and between attempts. 2 seconds when not
         * called, as OTP.
         *
         * @param value more than zero
         * @return this builder
         * @throws IllegalArgumentException if it is not more than zero
         */
        public Builder retryInterval(Duration value) {
            if (value.isZero() || value.isNegative()) {
                throw new IllegalArgumentException("retryInterval: " + value + " (expected: > 0)");
            }
            retryInterval = value;
            return this;
        }

        /**
         * Builds the options.
         *
         * @return the options
         */
        public EpmdOptions build() {
            return new EpmdOptions(this);
        }
    }
}
