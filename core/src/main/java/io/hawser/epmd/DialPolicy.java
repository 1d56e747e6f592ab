package io.hawser.epmd;

import io.hawser.term.NodeName;
import io.hawser.term.Printable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whom a node connects to because a peer named it: in a mesh that forms by itself every peer introduces others, and one
 * that means harm could have this node dial whatever it likes.
 *
 * <pre>{@code
 * DialPolicy.builder().names("*@*.cache.example.org").networks("10.0.0.0/8").build()
 * }</pre>
 *
 * <p>Names are compared before anything is looked up, addresses after: what DNS or an EPMD answers does not lead elsewhere,
 * and an EPMD at an address outside is not even asked. A node that is not dialled may still connect by itself; then it is
 * met like any other.
 *
 * <p>What this node's program connects or sends to by itself is dialled whatever the policy says, unless
 * {@link Builder#everyDial} was called. Immutable.
 */
public final class DialPolicy {
    /**
     * The policy of a node that is given none: nodes of any name, at unicast addresses, apart from link-local ones
     * ({@code 169.254.0.0/16}, {@code fe80::/10}), where clouds keep their secrets; at loopback addresses only if this node
     * listens on one too, or the other has the same host in its name.
     */
    public static final DialPolicy DEFAULT = builder().build();

    private static final AddressRange THIS_NETWORK = AddressRange.parse("0.0.0.0/8");
    private static final AddressRange RESERVED = AddressRange.parse("240.0.0.0/4"); // broadcast is in it
    private static final AddressRange IPV4_COMPATIBLE = AddressRange.parse("::/96");
    private static final AddressRange NAT64 = AddressRange.parse("64:ff9b::/96");
    private static final AddressRange IPV6_TO_4 = AddressRange.parse("2002::/16");

    private final @Nullable List<Pattern> names; // null: all
    private final @Nullable List<AddressRange> networks; // null: the default
    private final boolean everyDial;
    private final int dialsAtOnce;
    private final int maxFailures;
    private final Duration failureMemory;

    private DialPolicy(Builder builder) {
        this.names = builder.names;
        this.networks = builder.networks;
        this.everyDial = builder.everyDial;
        this.dialsAtOnce = builder.dialsAtOnce;
        this.maxFailures = builder.maxFailures;
        this.failureMemory = builder.failureMemory;
    }

    /**
     * Begins a policy with the defaults.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Says whether a node of this name is dialled.
     *
     * @param name the node
     * @return true if no patterns were given, or one fits
     */
    public boolean admits(NodeName name) {
        String text = name.toString();
        return names == null
                || names.stream().anyMatch(pattern -> pattern.matcher(text).matches());
    }

    /**
     * Says whether a node is dialled at an address.
     *
     * @param address where its name led
     * @param nearby whether loopback is where to look for it: this node listens there too, or both names have one host
     * @return true if one of the networks holds the address; without networks, as {@link #DEFAULT} says
     */
    public boolean admits(InetAddress address, boolean nearby) {
        byte[] bytes = address.getAddress();
        if (networks != null) {
            return networks.stream().anyMatch(network -> network.contains(bytes));
        }
        if (address.isLoopbackAddress()) {
            return nearby;
        }
        InetAddress within = within(bytes);
        return !address.isAnyLocalAddress()
                && !address.isLinkLocalAddress()
                && !address.isMulticastAddress()
                && !THIS_NETWORK.contains(bytes)
                && !RESERVED.contains(bytes)
                && (within == null || admits(within, nearby));
    }

    /** The IPv4 address that a gateway, or the system, takes an IPv6 address for; null if it stands for itself. */
    private static @Nullable InetAddress within(byte[] address) {
        int from = IPV4_COMPATIBLE.contains(address) || NAT64.contains(address)
                ? 12
                : IPV6_TO_4.contains(address) ? 2 : -1;
        try {
            return from < 0 ? null : InetAddress.getByAddress(Arrays.copyOfRange(address, from, from + 4));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 bytes are an address", e);
        }
    }

    /**
     * Says whether names and networks hold for what the program itself connects and sends to as well.
     *
     * @return whether {@link Builder#everyDial} was called
     */
    public boolean holdsForEveryDial() {
        return everyDial;
    }

    /**
     * Returns how many introduced nodes are dialled at one time.
     *
     * @return see {@link Builder#dialsAtOnce}
     */
    public int dialsAtOnce() {
        return dialsAtOnce;
    }

    /**
     * Returns how many dials one introducer may have cost in vain.
     *
     * @return see {@link Builder#maxFailures}
     */
    public int maxFailures() {
        return maxFailures;
    }

    /**
     * Returns how long it takes until one of them is forgotten.
     *
     * @return see {@link Builder#failureMemory}
     */
    public Duration failureMemory() {
        return failureMemory;
    }

    /** Builds a policy. Not thread-safe; used by one caller at a time. */
    public static final class Builder {
        private @Nullable List<Pattern> names;
        private @Nullable List<AddressRange> networks;
        private boolean everyDial;
        private int dialsAtOnce = 16;
        private int maxFailures = 100;
        private Duration failureMemory = Duration.ofSeconds(10);

        private Builder() {}

        /**
         * Sets the names that are dialled. Any when not called.
         *
         * @param patterns full names in which {@code *} stands for any characters but {@code @}, such as
         *     {@code cache-*@*.example.org}; none of them: no node
         * @return this builder
         * @throws IllegalArgumentException if one is not of the form {@code alive@host}
         */
        public Builder names(String... patterns) {
            names = Arrays.stream(patterns).map(Builder::pattern).toList();
            return this;
        }

        private static Pattern pattern(String text) {
            if (!text.matches("[^@]+@[^@]+")) {
                throw new IllegalArgumentException("name pattern: '" + Printable.of(text)
                        + "' (expected: alive@host, * for any characters, such as *@*.example.org)");
            }
            return Pattern.compile(
                    Arrays.stream(text.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining("[^@]*")));
        }

        /**
         * Sets the networks that are dialled, and no others; loopback too is dialled only if it is among them. What
         * {@link #DEFAULT} says when not called.
         *
         * @param ranges addresses, or the first address of a network and its bits: {@code 10.0.0.0/8}, {@code fd00::/8}
         * @return this builder
         * @throws IllegalArgumentException if one is something else, or its address is not the first
         */
        public Builder networks(String... ranges) {
            networks = Arrays.stream(ranges).map(AddressRange::parse).toList();
            return this;
        }

        /**
         * Has names and networks hold for what the program itself connects and sends to as well: for programs that answer
         * processes that peers name, since an answer to a process of a node that is not connected connects to it.
         *
         * @return this builder
         */
        public Builder everyDial() {
            everyDial = true;
            return this;
        }

        /**
         * Sets how many introduced nodes are dialled at one time, all introducers taken in turn; the others wait. 16 when
         * not called.
         *
         * @param number at least 1
         * @return this builder
         * @throws IllegalArgumentException if it is less
         */
        public Builder dialsAtOnce(int number) {
            dialsAtOnce = atLeastOne("dialsAtOnce", number);
            return this;
        }

        /**
         * Sets the budget of each introducer: how many dials of nodes it named may come to nothing before no more of them
         * are dialled. 100 when not called. A node that is connected to in the end costs nothing.
         *
         * @param number at least 1
         * @return this builder
         * @throws IllegalArgumentException if it is less
         */
        public Builder maxFailures(int number) {
            maxFailures = atLeastOne("maxFailures", number);
            return this;
        }

        /**
         * Sets how long it takes until one of the dials in vain is forgotten, after that the next. 10 seconds when not
         * called: an introducer that names new nodes without end has one dialled every 10 seconds.
         *
         * @param time more than zero
         * @return this builder
         * @throws IllegalArgumentException if it is not more than zero
         */
        public Builder failureMemory(Duration time) {
            if (time.isZero() || time.isNegative()) {
                throw new IllegalArgumentException("failureMemory: " + time + " (expected: > 0)");
            }
            failureMemory = time;
            return this;
        }

        private static int atLeastOne(String what, int number) {
            if (number < 1) {
                throw new IllegalArgumentException(what + ": " + number + " (expected: at least 1)");
            }
            return number;
        }

        /**
         * Builds the policy.
         *
         * @return the policy
         */
        public DialPolicy build() {
            return new DialPolicy(this);
        }
    }
}
