package io.hawser.examples.launch;

import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieHandshakes;
import io.hawser.cookie.CookieWeakness;
import io.hawser.epmd.EpmdOptions;
import io.hawser.epmd.NodeResolver;
import io.hawser.epmd.ResolverException;
import io.hawser.node.CallException;
import io.hawser.node.ErlangException;
import io.hawser.node.Node;
import io.hawser.node.NodeConfig;
import io.hawser.tls.TcpTransport;
import io.hawser.tls.TlsConfigurationException;
import io.hawser.tls.TlsCredentials;
import io.hawser.tls.TlsTransport;
import io.hawser.transport.Transport;
import io.hawser.transport.TransportException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;

/**
 * The node of an example, made from the example's command line. It speaks mutual TLS with the certificates in
 * {@code certs/NAME}, unless {@code --insecure-tcp} is given, and finds others as {@code erl} does: by the EPMD at
 * {@code ERL_EPMD_PORT}.
 */
public final class ExampleNode {
    private ExampleNode() {}

    /** What an example does with its node. */
    @FunctionalInterface
    public interface Body {
        /**
         * Runs; the node is closed afterwards.
         *
         * @param node the node
         * @param words the words of the command line, the node's name first
         * @throws Exception says why the example failed
         */
        void run(Node node, List<String> words) throws Exception;
    }

    /**
     * Starts a node and runs an example with it. Why that failed is printed in one line, and ends the process with status 1;
     * a wrong command line with status 2.
     *
     * @param example the class of the example
     * @param usage the words it expects, those that may be left out in brackets: {@code NODE [PEER]}
     * @param arguments the command line
     * @param body what it does
     */
    public static void run(Class<?> example, String usage, String[] arguments, Body body) {
        run(example, usage, arguments, more -> {}, body);
    }

    /**
     * Starts a node and runs an example with it, as {@link #run(Class, String, String[], Body)}.
     *
     * @param example the class of the example
     * @param usage the words it expects
     * @param arguments the command line
     * @param more configures the node further
     * @param body what it does
     */
    public static void run(
            Class<?> example, String usage, String[] arguments, Consumer<NodeConfig.Builder> more, Body body) {
        String name = example.getName().substring("io.hawser.examples.".length());
        try {
            var line = CommandLine.parse(usage, arguments);
            NodeConfig.Builder config = NodeConfig.builder(line.words().get(0))
                    .transport(transport(line))
                    .handshake(CookieHandshakes.auto(Cookie.read(line.cookie(), CookieWeakness.OTP_GENERATED)))
                    .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), line.port()))
                    .resolver(NodeResolver.epmd(EpmdOptions.fromEnvironment().build()));
            more.accept(config);
            try (Node node = Node.start(config.build())) {
                body.run(node, line.words());
            }
        } catch (UsageException e) {
            System.err.println(name + ": " + e.getMessage());
            System.err.println("usage: example " + name + " " + usage + " " + CommandLine.OPTIONS);
            System.exit(2);
        } catch (Exception e) {
            if (!isExpected(e)) {
                e.printStackTrace();
            }
            System.err.println(name + ": " + e.getMessage());
            System.exit(1);
        }
    }

    private static Transport transport(CommandLine line) {
        return line.insecureTcp() ? TcpTransport.plain() : TlsTransport.mutual(TlsCredentials.watch(line.certs()));
    }

    /** Whether the message alone says what is wrong and what to do about it. */
    private static boolean isExpected(Exception e) {
        return e instanceof TransportException
                || e instanceof ResolverException
                || e instanceof TlsConfigurationException
                || e instanceof IOException
                || e instanceof IllegalArgumentException
                || e instanceof CallException
                || e instanceof ErlangException;
    }
}
