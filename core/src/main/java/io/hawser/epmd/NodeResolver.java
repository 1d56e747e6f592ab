package io.hawser.epmd;

import io.hawser.term.NodeName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Says where nodes listen, and tells others where this one does. An answer is a hint, never an identity: who listens
 * there is for the transport to find out.
 *
 * <p>Thread-safe. Methods may block up to their timeout, and are called on the node's executor.
 */
public interface NodeResolver extends AutoCloseable {
    /**
     * Looks nodes up at the EPMD of their host, port 4369, and registers at the EPMD of this machine; starts one on loopback
     * when none listens here. Reads no environment variable.
     *
     * @return a resolver of its own
     */
    static NodeResolver epmd() {
        return epmd(EpmdOptions.builder().build());
    }

    /**
     * Looks nodes up at the EPMD of their host, and registers at the EPMD of this machine (127.0.0.1).
     *
     * <p>A registration is kept as long as the resolver is open: when EPMD goes away, the node is registered again as soon as
     * one answers, and keeps its creation. One daemon thread does that, from the first {@link #publish} on.
     *
     * @param options port, host look-up, embedded server
     * @return a resolver of its own
     */
    static NodeResolver epmd(EpmdOptions options) {
        return new EpmdResolver(options);
    }

    /**
     * Knows the given nodes and no others, and publishes nothing.
     *
     * @param nodes where each node listens; an unresolved address is resolved at each look-up
     * @return a resolver without threads or connections
     */
    static NodeResolver fixed(Map<NodeName, InetSocketAddress> nodes) {
        return new FixedResolver(nodes);
    }

    /**
     * Knows one node, and publishes nothing. Combine several with {@link #first}.
     *
     * @param name the node, {@code alive@host}
     * @param host a host name, resolved at each look-up, or an address
     * @param port where it listens
     * @return a resolver without threads or connections
     */
    static NodeResolver fixed(String name, String host, int port) {
        return new FixedResolver(Map.of(NodeName.parse(name), InetSocketAddress.createUnresolved(host, port)));
    }

    /**
     * Looks nodes up in DNS, and publishes nothing: who runs the nodes keeps the records, as Kubernetes does for the pods
     * of a headless service. An answer is kept by nobody but the system.
     *
     * @param options whose SRV records, or which port
     * @return a resolver without threads or connections
     */
    static NodeResolver dns(DnsOptions options) {
        return new DnsResolver(options);
    }

    /**
     * Knows the nodes that a file lists, and publishes nothing. Each line is {@code NODE HOST:PORT}, such as
     * {@code a@a.example.org 10.0.0.1:9100}; an IPv6 address stands in brackets; what follows a {@code #} and empty lines do
     * not count. A host name is resolved at each look-up.
     *
     * <p>Look-ups compare the file's content with what was read last, every half second at most. One that cannot be read, is
     * longer than 1 MiB, has a line that is none or a node twice changes nothing and is logged once.
     *
     * @param file the list
     * @return a resolver without threads or connections
     * @throws ResolverException if the file cannot be read now, or is no such list
     */
    static NodeResolver file(Path file) {
        return new FileResolver(file, System::nanoTime);
    }

    /**
     * Asks several resolvers in order; the first that knows a node decides. A resolver that fails is passed over, and its
     * exception thrown only if no other knows the node. Publishes in all of them; the creation is that of the first that
     * assigns one. Closing it closes them.
     *
     * @param resolvers at least one
     * @return a resolver that owns the given ones
     * @throws IllegalArgumentException if there is none
     */
    static NodeResolver first(NodeResolver... resolvers) {
        return new FirstResolver(List.of(resolvers));
    }

    /**
     * Looks a node up.
     *
     * @param name the node
     * @param timeout how long it may take
     * @return where it listens; empty if it is not known here
     * @throws ResolverException if nothing can be said: the directory did not answer
     */
    Optional<InetSocketAddress> resolve(NodeName name, Duration timeout);

    /**
     * Looks a node up without asking anybody at an address that is not admitted. Asks {@link #resolve(NodeName, Duration)}
     * unless overridden: a resolver that connects to the node's own host for an answer overrides it. Whoever calls compares
     * the address found all the same.
     *
     * @param name the node
     * @param timeout how long it may take
     * @param admitted says whether an address may be connected to
     * @return where it listens; empty if it is not known here
     * @throws ResolverException if nothing can be said
     */
    default Optional<InetSocketAddress> resolve(
            NodeName name, Duration timeout, Predicate<? super InetAddress> admitted) {
        return resolve(name, timeout);
    }

    /**
     * Makes this node known, until the resolver is closed.
     *
     * @param name this node
     * @param port where it listens
     * @param timeout how long it may take
     * @return the creation the directory assigned; empty if this resolver publishes nothing
     * @throws ResolverException if the name is taken or the directory did not answer
     */
    Optional<Long> publish(NodeName name, int port, Duration timeout);

    /** Withdraws what was published. Can be called twice. */
    @Override
    void close();
}
