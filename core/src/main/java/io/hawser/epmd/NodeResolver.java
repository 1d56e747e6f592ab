package io.hawser.epmd;

import io.hawser.term.NodeName;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * Says where nodes listen, and tells others where this one does. An answer is a hint, never an identity: who listens
 * there is for the transport to find out.
 *
 * <p>Thread-safe. Methods may block up to their timeout, and are called on the node's executor.
 */
public interface NodeResolver extends AutoCloseable {
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
