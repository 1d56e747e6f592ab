package io.hawser.examples.quickstart;

import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieHandshakes;
import io.hawser.epmd.NodeResolver;
import io.hawser.node.Node;
import io.hawser.node.NodeConfig;
import io.hawser.term.NodeName;
import io.hawser.tls.TlsIdentity;
import io.hawser.tls.TlsTransport;
import io.hawser.transport.TransportException;
import java.io.IOException;
import java.time.Duration;

/** A node that knows where another one listens, and has something about it that is not right. */
final class Intruder {
    private final Lab lab;
    private final NodeName victim;
    private final int port;

    Intruder(Lab lab, String victim, int port) {
        this.lab = lab;
        this.victim = NodeName.parse(victim);
        this.port = port;
    }

    /** Tries to connect under a name, and returns the reason it was refused for. */
    String connect(String name, String certs, String cookie) throws IOException, InterruptedException {
        var config = NodeConfig.builder(name)
                .transport(TlsTransport.builder(TlsIdentity.load(lab.path(certs)))
                        .insecureAnyOwnName() // one of them lies
                        .build())
                .handshake(CookieHandshakes.auto(Cookie.read(lab.path(cookie))))
                .resolver(NodeResolver.fixed(victim.toString(), "127.0.0.1", port))
                .build();
        try (Node node = Node.start(config)) {
            node.connect(victim, Duration.ofSeconds(10));
        } catch (TransportException e) {
            return String.valueOf(e.getMessage());
        }
        throw new QuickstartException(name + " was let in by " + victim);
    }
}
