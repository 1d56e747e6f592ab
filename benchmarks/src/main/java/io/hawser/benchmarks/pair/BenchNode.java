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
 * {@code CALLER}, {@code handler} to play ping-pong between handlers; and what {@link Timings} takes. Found by EPMD.
 */
final class BenchNode {
    private BenchNode() {}

    /** Runs one end. */
    public static void main(String[] args) throws InterruptedException {
        boolean isServer = args.length == 3 && args[0].equals("server");
        if (!isServer && !(args.length == 5 && args[0].equals("client"))) {
            System.err.println("usage: server NAME tcp|tls, or client NAME tcp|tls LABEL SERVER_NODE");
            System.exit(2);
        }
        Node node = Node.start(NodeConfig.builder(args[1] + "@127.0.0.1")
                .transport(transport(args[2], isServer ? "b" : "a"))
                .handshake(CookieHandshakes.auto(Cookie.of(Timings.env("COOKIE", ""), CookieWeakness.SHORT)))
                .resolver(NodeResolver.epmd(EpmdOptions.builder()
                        .port(Integer.parseInt(Timings.env("ERL_EPMD_PORT", "4369")))
                        .hosts(host -> InetAddress.getLoopbackAddress())
                        .build()))
                .build());
        if (isServer) {
            var server = new BenchServer(node);
            System.out.println("READY");
            server.serve();
        } else {
            var client = new BenchClient(node, NodeName.parse(args[4]), Timings.env("CALLER", "echo"));
            new Timings(args[3], client).run();
            System.exit(0);
        }
    }

    private static Transport transport(String carrier, String side) {
        if (carrier.equals("tcp")) {
            return TcpTransport.plain();
        }
        Path certs = Path.of(Timings.env("CERTS", "."));
        TlsIdentity identity = TlsIdentity.insecureOfPemWithoutRevocation(
                certs.resolve(side + ".pem"), certs.resolve(side + ".key"), certs.resolve("ca.pem"));
        return TlsTransport.mutual(identity.withBinding(NameBinding.HOST));
    }
}
