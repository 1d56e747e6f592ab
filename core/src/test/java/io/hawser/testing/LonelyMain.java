package io.hawser.testing;

import io.hawser.epmd.NodeResolver;
import io.hawser.handshake.Handshake;
import io.hawser.handshake.HandshakeContext;
import io.hawser.handshake.HandshakeException;
import io.hawser.handshake.Handshakes;
import io.hawser.node.Node;
import io.hawser.node.NodeConfig;
import io.hawser.node.NodeEvent;
import io.hawser.term.NodeName;
import io.hawser.transport.InMemoryNetwork;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A main for a JVM of its own, in which nothing that is optional is there: says what becomes of two nodes. */
public final class LonelyMain {
    private LonelyMain() {}

    private record Nobody() implements Handshakes {
        @Override
        public Handshake initiator(HandshakeContext context) {
            throw new HandshakeException(HandshakeException.Reason.COOKIE, "nobody is admitted");
        }

        @Override
        public Handshake acceptor(HandshakeContext context) {
            throw new HandshakeException(HandshakeException.Reason.COOKIE, "nobody is admitted");
        }
    }

    private static NodeConfig.Builder config(String name, InMemoryNetwork network, NodeResolver resolver) {
        return NodeConfig.builder(name)
                .transport(network.transport())
                .handshake(new Nobody())
                .resolver(resolver);
    }

    /** Prints one line. */
    public static void main(String[] arguments) throws Exception {
        var refused = new CompletableFuture<NodeEvent>();
        var unreachable = new CompletableFuture<NodeEvent>();
        NodeName name = NodeName.parse("a@host");
        try (InMemoryNetwork network = InMemoryNetwork.start();
                Node a = Node.start(
                        config("a@host", network, NodeResolver.fixed(Map.of())).build())) {
            Map<NodeName, InetSocketAddress> places = Map.of(name, a.address());
            try (Node b = Node.start(
                    config("b@host", network, NodeResolver.fixed(places)).build())) {
                a.watch(refused::complete);
                b.watch(unreachable::complete);
                var unused = b.connect(name);
                System.out.println(refused.get(20, TimeUnit.SECONDS).getClass().getSimpleName() + " and "
                        + unreachable.get(20, TimeUnit.SECONDS).getClass().getSimpleName() + "; module "
                        + Node.class.getModule().getName() + ", jfr " + has("jdk.jfr.Event") + ", micrometer "
                        + has("io.micrometer.core.instrument.Meter"));
            }
        }
    }

    private static boolean has(String type) {
        try {
            Class.forName(type);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
