package io.hawser.epmd;

import io.hawser.term.NodeName;
import io.hawser.term.Printable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Nodes at addresses known beforehand. Thread-safe: immutable. */
final class FixedResolver implements NodeResolver {
    private final Map<NodeName, InetSocketAddress> nodes;

    FixedResolver(Map<NodeName, InetSocketAddress> nodes) {
        this.nodes = Map.copyOf(nodes);
    }

    @Override
    public Optional<InetSocketAddress> resolve(NodeName name, Duration timeout) {
        InetSocketAddress address = nodes.get(name);
        if (address == null || !address.isUnresolved()) {
            return Optional.ofNullable(address);
        }
        try {
            return Optional.of(
                    new InetSocketAddress(InetAddress.getByName(address.getHostString()), address.getPort()));
        } catch (UnknownHostException e) {
            throw new ResolverException(
                    name + ": host " + Printable.of(address.getHostString())
                            + " is unknown (expected: a name that resolves)",
                    e);
        }
    }

    @Override
    public Optional<Long> publish(NodeName name, int port, Duration timeout) {
        return Optional.empty();
    }

    @Override
    public void close() {}
}
