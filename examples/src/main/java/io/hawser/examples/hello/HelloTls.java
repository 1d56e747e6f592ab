package io.hawser.examples.hello;

import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieHandshakes;
import io.hawser.cookie.CookieWeakness;
import io.hawser.epmd.NodeResolver;
import io.hawser.node.Mailbox;
import io.hawser.node.Node;
import io.hawser.node.NodeConfig;
import io.hawser.term.Binary;
import io.hawser.term.NodeName;
import io.hawser.tls.TlsCredentials;
import io.hawser.tls.TlsTransport;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A node on mutual TLS that sends one message to the process registered as {@code shell} at an Erlang node. Both nodes
 * use the cookie in {@code ~/.erlang.cookie}; the certificates are those of the README.
 *
 * <pre>{@code
 * $ erl -args_file certs/erl/vm.args
 * 1> register(shell, self()).
 * true
 * $ examples/bin/example hello.HelloTls
 * 2> receive Hello -> Hello end.
 * <<"hello from the JVM">>
 * }</pre>
 */
public final class HelloTls {
    private HelloTls() {}

    /**
     * Sends the message.
     *
     * @param arguments none
     * @throws Exception if the cookie cannot be read, or the node cannot be reached
     */
    public static void main(String[] arguments) throws Exception {
        var config = NodeConfig.builder("java@localhost")
                .transport(TlsTransport.mutual(TlsCredentials.watch(Path.of("certs/java"))))
                .handshake(CookieHandshakes.auto(Cookie.read(
                        Path.of(System.getProperty("user.home"), ".erlang.cookie"), CookieWeakness.OTP_GENERATED)))
                .resolver(NodeResolver.epmd())
                .build();
        try (Node node = Node.start(config);
                Mailbox me = node.mailbox()) {
            node.connect(NodeName.parse("erl@localhost"), Duration.ofSeconds(10));
            me.send("shell", NodeName.parse("erl@localhost"), Binary.utf8("hello from the JVM"));
        }
    }
}
