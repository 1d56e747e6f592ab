package io.hawser.benchmarks.pair;

import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieHandshakes;
import io.hawser.cookie.CookieWeakness;
import io.hawser.epmd.EpmdOptions;
import io.hawser.epmd.NodeResolver;
import io.hawser.node.Node;
import io.hawser.node.NodeConfig;
import io.hawser.term.NodeName;
import io.hawser.tls.NameBinding;
import io.hawser.tls.TcpTransport;
import io.hawser.tls.TlsIdentity;
import io.hawser.tls.TlsTransport;
import io.hawser.transport.Transport;
import java.net.InetAddress;
import java.nio.file.Path;

/**
 * One end of a measurement between two nodes:
 *
 * <pre>{@code
 * server NAME tcp|tls                      prints READY and serves until it is ended
 * client NAME tcp|tls LABEL SERVER_NODE    measures, prints RESULT lines and ends
 * }</pre>
 *
 * <p>{@code NAME} is at 127.0.0.1. From the environment: {@code COOKIE}; {@code CERTS}, for tls, a directory with
 * {@code a.pem} and {@code a.key} of the client, {@code b.pem} and {@code b.key} of the server, and {@code ca.pem};
 * {@code ERL_EPMD_PORT}; {@code END_WITH_INPUT}, 1 to end when standard input does; and what {@link Plan} takes.
 */
final class BenchNode {
    private BenchNode() {}

    /**
     * Runs one end.
     *
     * @param words as above
     * @throws Exception if the other end cannot be reached or does not answer
     */
    public static void main(String[] words) throws Exception {
        boolean isServer = words.length == 3 && words[0].equals("server");
        if (!isServer && !(words.length == 5 && words[0].equals("client"))) {
            System.err.println("usage: server NAME tcp|tls, or client NAME tcp|tls LABEL SERVER_NODE");
            System.exit(2);
        }
        endWithInput();
        Node node = start(words[1], transport(words[2], isServer ? "b" : "a"));
        if (isServer) {
            var server = new BenchServer(node);
            System.out.println("READY");
            server.serve();
        } else {
            new Timings(words[3], new BenchClient(node, NodeName.parse(words[4])), Plan.fromEnvironment()).run();
            System.exit(0);
        }
    }

    /** Starts a node that is found by EPMD, with the cookie of the environment. */
    static Node start(String alive, Transport transport) {
        return start(
                alive,
                transport,
                Cookie.of(Plan.env("COOKIE", ""), CookieWeakness.SHORT),
                Integer.parseInt(Plan.env("ERL_EPMD_PORT", "4369")));
    }

    /** Starts a node that is found by the EPMD of that port. */
    static Node start(String alive, Transport transport, Cookie cookie, int epmdPort) {
        return Node.start(NodeConfig.builder(alive + "@127.0.0.1")
                .transport(transport)
                .handshake(CookieHandshakes.auto(cookie))
                .resolver(NodeResolver.epmd(EpmdOptions.builder()
                        .port(epmdPort)
                        .hosts(host -> InetAddress.getLoopbackAddress())
                        .build()))
                .build());
    }

    /** Returns the carrier of that name, for the side {@code a} or {@code b}, with the certificates of the environment. */
    static Transport transport(String carrier, String side) {
        return carrier.equals("tcp") ? TcpTransport.plain() : tls(Path.of(Plan.env("CERTS", ".")), side);
    }

    /** Returns mutual TLS for a side, with the certificates of a directory. */
    static Transport tls(Path certificates, String side) {
        TlsIdentity identity = TlsIdentity.insecureOfPemWithoutRevocation(
                certificates.resolve(side + ".pem"),
                certificates.resolve(side + ".key"),
                certificates.resolve("ca.pem"));
        return TlsTransport.mutual(identity.withBinding(NameBinding.HOST));
    }

    /** Ends this process with its standard input if it is asked to, so that it outlives nobody who started it. */
    static void endWithInput() {
        if (Plan.env("END_WITH_INPUT", "0").equals("1")) {
            BenchServer.start("input", () -> {
                while (System.in.read() >= 0) {}
                Runtime.getRuntime().halt(0);
            });
        }
    }
}
