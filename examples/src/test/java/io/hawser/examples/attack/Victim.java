package io.hawser.examples.attack;

import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieHandshakes;
import io.hawser.epmd.NodeResolver;
import io.hawser.epmd.ResolverException;
import io.hawser.handshake.Handshakes;
import io.hawser.node.Node;
import io.hawser.node.NodeConfig;
import io.hawser.term.NodeName;
import io.hawser.tls.TlsCredentials;
import io.hawser.tls.TlsEngine;
import io.hawser.tls.TlsIdentity;
import io.hawser.tls.TlsTransport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** A node under attack, built as users build one; it finds others where an attacker, or a test, tells it to. */
final class Victim implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(15);

    /** What every honest node knows, and many an attacker too. */
    static final String COOKIE = "a cookie that the attacker may well know";

    private final WatchedTransport transport;
    private final Directory directory = new Directory();
    private final Node node;

    private Victim(NodeName name, TlsTransport.Builder tls, Handshakes handshakes, Consumer<NodeConfig.Builder> more) {
        transport = new WatchedTransport(tls.build());
        NodeConfig.Builder config = NodeConfig.builder(name)
                .transport(transport)
                .handshake(handshakes)
                .resolver(directory);
        more.accept(config);
        node = Node.start(config.build());
    }

    /** Starts a node under the name in its certificate. */
    static Victim start(TlsIdentity identity, TlsEngine engine) {
        return start(identity, engine, CookieHandshakes.auto(Cookie.of(COOKIE)));
    }

    /** Starts a node that follows the changes of its files. */
    static Victim watching(TlsCredentials credentials, TlsEngine engine) {
        return new Victim(
                credentials.identity().node().orElseThrow(),
                TlsTransport.builder(credentials).engine(engine),
                CookieHandshakes.auto(Cookie.of(COOKIE)),
                config -> {});
    }

    static Victim start(TlsIdentity identity, TlsEngine engine, Handshakes handshakes) {
        return start(identity.node().orElseThrow(), identity, engine, handshakes, config -> {});
    }

    static Victim start(
            NodeName name,
            TlsIdentity identity,
            TlsEngine engine,
            Handshakes handshakes,
            Consumer<NodeConfig.Builder> more) {
        return new Victim(name, TlsTransport.builder(identity).engine(engine), handshakes, more);
    }

    Node node() {
        return node;
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), directory.port);
    }

    /** Has the victim believe that a node listens there. */
    Victim believes(NodeName name, InetSocketAddress address) {
        directory.nodes.put(name, address);
        return this;
    }

    /** Waits until the next connection that it accepted has ended, and says why. */
    String ending() {
        return transport.ending();
    }

    @Override
    public void close() {
        node.close();
    }

    /** What nodes are told about each other. Thread-safe. */
    private static final class Directory implements NodeResolver {
        private final Map<NodeName, InetSocketAddress> nodes = new ConcurrentHashMap<>();
        private volatile int port;

        @Override
        public Optional<InetSocketAddress> resolve(NodeName name, Duration timeout) throws ResolverException {
            return Optional.ofNullable(nodes.get(name));
        }

        @Override
        public Optional<Long> publish(NodeName name, int listening, Duration timeout) {
            port = listening;
            return Optional.empty();
        }

        @Override
        public void close() {
            nodes.clear();
        }
    }
}
