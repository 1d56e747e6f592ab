package io.hawser.examples.hello;

import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieHandshakes;
import io.hawser.epmd.NodeResolver;
import io.hawser.node.Mailbox;
import io.hawser.node.Node;
import io.hawser.node.NodeConfig;
import io.hawser.term.Binary;
import io.hawser.term.NodeName;
import io.hawser.tls.TlsIdentity;
import io.hawser.tls.TlsTransport;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A node on mutual TLS that sends one message to the process {@code shell} of an Erlang node.
 *
 * <pre>{@code
 * erl -name erl@e.demo.test -setcookie secret -proto_dist inet_tls -ssl_dist_optfile certs/erl/ssl_dist.conf
 * 1> register(shell, self()).
 * examples/bin/example hello.HelloTls
 * 2> flush().
 * Shell got <<"hello from the JVM">>
 * }</pre>
 */
public final class HelloTls {
    private HelloTls() {}

    /**
     * Sends the message.
     *
     * @param arguments none
     * @throws IOException if the cookie cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        var config = NodeConfig.builder("java@j.demo.test")
                .transport(TlsTransport.mutual(TlsIdentity.load(Path.of("certs/java"))))
                .handshake(CookieHandshakes.auto(Cookie.read(Path.of("cookie"))))
                .resolver(NodeResolver.epmd())
                .build();
        try (Node node = Node.start(config);
                Mailbox me = node.mailbox()) {
            me.send("shell", NodeName.parse("erl@e.demo.test"), Binary.utf8("hello from the JVM"));
        }
    }
}
