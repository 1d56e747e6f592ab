package io.hawser.benchmarks;

import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieHandshakes;
import io.hawser.epmd.NodeResolver;
import io.hawser.node.Node;
import io.hawser.node.NodeConfig;
import io.hawser.tls.TcpTransport;
import java.util.Map;
import java.util.concurrent.Executor;

/** A node that talks to no other: what is sent stays within this JVM. */
final class LocalNode {
    private LocalNode() {}

    /** Starts one. Everything that mailboxes depend on is as by default. */
    static Node start() {
        return Node.start(config().build());
    }

    /** Starts one whose handlers share some threads. */
    static Node start(Executor executor) {
        return Node.start(config().executor(executor).build());
    }

    private static NodeConfig.Builder config() {
        return NodeConfig.builder("local@127.0.0.1")
                .transport(TcpTransport.plain())
                .handshake(CookieHandshakes.auto(Cookie.of("a-cookie-for-measuring")))
                .resolver(NodeResolver.fixed(Map.of()));
    }
}
