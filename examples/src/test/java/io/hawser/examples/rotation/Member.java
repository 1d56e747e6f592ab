package io.hawser.examples.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.cookie.CookieHandshakes;
import io.hawser.cookie.CookieRing;
import io.hawser.epmd.NodeResolver;
import io.hawser.examples.rotation.ChangingRoot.Root;
import io.hawser.node.ConnectionInfo;
import io.hawser.node.Mailbox;
import io.hawser.node.Message;
import io.hawser.node.Node;
import io.hawser.node.NodeConfig;
import io.hawser.node.NodeKind;
import io.hawser.term.NodeName;
import io.hawser.testing.Await;
import io.hawser.tls.TlsCredentials;
import io.hawser.tls.TlsEngine;
import io.hawser.tls.TlsTransport;
import io.hawser.transport.ChannelSecurity;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A Hawser node whose files and cookies change while it runs. */
final class Member implements AutoCloseable {
    /** How long anything may take that should take no time. */
    static final Duration SOON = Duration.ofSeconds(15);

    final TlsCredentials credentials;
    final CookieRing cookies;
    final Node node;
    private final Echo echo;
    private final ConcurrentLinkedQueue<String> downs = new ConcurrentLinkedQueue<>();

    Member(String name, Path files, TlsEngine engine, CookieRing cookies, NodeResolver resolver) {
        this.cookies = cookies;
        credentials = TlsCredentials.watch(files);
        node = Node.start(NodeConfig.builder(name)
                .transport(TlsTransport.builder(credentials).engine(engine).build())
                .handshake(CookieHandshakes.builder(cookies).build())
                .resolver(resolver)
                .build());
        echo = new Echo(node);
        Mailbox watcher = node.mailbox();
        watcher.monitorNodes(true, NodeKind.ALL);
        watcher.onMessage(message -> {
            if (message instanceof Message.NodeDown down) {
                downs.add(down.node().text());
            }
        });
    }

    NodeName name() {
        return node.name();
    }

    /** The nodes that went down since the last time this was asked, in order. */
    List<String> takeDowns() {
        var taken = List.copyOf(downs);
        downs.removeAll(taken);
        return taken;
    }

    /** Waits until it is told that a node went down, and no other did. */
    void awaitDown(String other) {
        Await.until(SOON, name() + " is told of " + other, () -> !downs.isEmpty());
        assertThat(takeDowns()).containsExactly(other);
    }

    List<String> faults() {
        return echo.faults();
    }

    Optional<ConnectionInfo> connectionTo(NodeName peer) {
        return node.connections().stream()
                .filter(connection -> connection.node().equals(peer))
                .findFirst();
    }

    /** What a peer showed when the connection was made. */
    List<X509Certificate> chainOf(NodeName peer) {
        return security(peer).peerChain();
    }

    private ChannelSecurity security(NodeName peer) {
        return connectionTo(peer).orElseThrow().security().orElseThrow();
    }

    boolean standsOn(Root root, NodeName peer) {
        return root.carries(security(peer));
    }

    @Override
    public void close() {
        node.close();
    }
}
