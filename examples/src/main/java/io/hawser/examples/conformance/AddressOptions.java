package io.hawser.examples.conformance;

import io.hawser.epmd.EpmdOptions;
import io.hawser.epmd.NodeResolver;
import io.hawser.term.NodeName;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say where this node listens and how it finds others. */
final class AddressOptions {
    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:0",
            description = "where to accept (127.0.0.1:0, a free port)")
    private String listen = "127.0.0.1:0";

    @Option(
            names = "--discovery",
            paramLabel = "epmd|none",
            defaultValue = "epmd",
            description = "register with and resolve through EPMD, or neither (epmd)")
    private String discovery = "epmd";

    @Option(names = "--epmd-port", paramLabel = "PORT", description = "EPMD's port ($ERL_EPMD_PORT, or 4369)")
    private @Nullable Integer epmdPort;

    @Option(
            names = "--peer",
            paramLabel = "NAME=HOST:PORT",
            description = "a fixed address for one peer; may repeat, wins over EPMD")
    private List<String> peers = List.of();

    InetSocketAddress listen() {
        return address("--listen", listen);
    }

    NodeResolver resolver() {
        NodeResolver fixed = NodeResolver.fixed(fixedPeers());
        return switch (discovery) {
            case "none" -> fixed;
            case "epmd" -> NodeResolver.first(fixed, NodeResolver.epmd(epmd()));
            default -> throw new IllegalArgumentException("--discovery: " + discovery + " (expected: epmd or none)");
        };
    }

    private EpmdOptions epmd() {
        var options = EpmdOptions.fromEnvironment();
        return (epmdPort == null ? options : options.port(epmdPort)).build();
    }

    private Map<NodeName, InetSocketAddress> fixedPeers() {
        var fixed = new HashMap<NodeName, InetSocketAddress>();
        for (String peer : peers) {
            int equals = peer.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("--peer: " + peer + " (expected: NAME=HOST:PORT)");
            }
            NodeName name = NodeName.parse(peer.substring(0, equals));
            if (fixed.put(name, address("--peer", peer.substring(equals + 1))) != null) {
                throw new IllegalArgumentException("--peer: two addresses for " + name + " (expected: one)");
            }
        }
        return fixed;
    }

    private static InetSocketAddress address(String option, String text) {
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            var address = new InetSocketAddress(text.substring(0, Math.max(colon, 0)), port);
            if (colon > 0 && !address.isUnresolved()) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // said below, as for an unknown host
        }
        throw new IllegalArgumentException(option + ": " + text + " (expected: HOST:PORT, a host that resolves)");
    }
}
