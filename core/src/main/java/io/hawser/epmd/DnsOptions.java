package io.hawser.epmd;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** How {@link NodeResolver#dns(DnsOptions)} looks nodes up. Thread-safe: immutable. */
public final class DnsOptions {
    private final @Nullable String service;
    private final OptionalInt port;
    private final List<InetSocketAddress> servers;

    private DnsOptions(Builder builder) {
        this.service = builder.service;
        this.port = builder.port;
        this.servers = builder.servers;
    }

    /**
     * Begins options. At least one of {@link Builder#service} and {@link Builder#port} is needed.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Nullable
    String service() {
        return service;
    }

    OptionalInt port() {
        return port;
    }

    List<InetSocketAddress> servers() {
        return servers;
    }

    /** Builds options. Not thread-safe. */
    public static final class Builder {
        private @Nullable String service;
        private OptionalInt port = OptionalInt.empty();
        private List<InetSocketAddress> servers = List.of();

        private Builder() {}

        /**
         * Sets whose SRV records say where nodes listen: a node listens at the port of the record whose target is its host,
         * as with the named port of a headless service in Kubernetes.
         *
         * @param name the whole name, such as {@code _dist._tcp.cache.default.svc.cluster.local}
         * @return this builder
         * @throws IllegalArgumentException if it is empty
         */
        public Builder service(String name) {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("service: empty (expected: a name such as _dist._tcp.example.org)");
            }
            service = name;
            return this;
        }

        /**
         * Sets the port of nodes that no SRV record names: all whose host has an address.
         *
         * @param value 1 to 65535
         * @return this builder
         * @throws IllegalArgumentException if it is not a port
         */
        public Builder port(int value) {
            if (value < 1 || value > 0xFFFF) {
                throw new IllegalArgumentException("port: " + value + " (expected: 1 to 65535)");
            }
            port = OptionalInt.of(value);
            return this;
        }

        /**
         * Sets which name servers are asked for SRV records; those of the system when not called. Addresses are always looked
         * up as the system does.
         *
         * @param values resolved addresses, asked in order; at least one
         * @return this builder
         * @throws IllegalArgumentException if there is none, or one is unresolved
         */
        public Builder servers(InetSocketAddress... values) {
            if (values.length == 0) {
                throw new IllegalArgumentException("servers: none (expected: at least 1)");
            }
            for (InetSocketAddress each : values) {
                if (each.isUnresolved()) {
                    throw new IllegalArgumentException("server " + each + " (expected: an address)");
                }
            }
            servers = List.of(values);
            return this;
        }

        /**
         * Builds the options.
         *
         * @return the options
         * @throws IllegalArgumentException if neither a service nor a port was set: nothing says where nodes listen
         */
        public DnsOptions build() {
            if (service == null && port.isEmpty()) {
                throw new IllegalArgumentException("DNS: neither service nor port (expected: at least one of them)");
            }
            return new DnsOptions(this);
        }
    }
}
