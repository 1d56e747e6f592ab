package io.hawser.examples.interop;

import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieHandshakes;
import io.hawser.epmd.EpmdOptions;
import io.hawser.epmd.NodeResolver;
import io.hawser.node.Node;
import io.hawser.node.NodeConfig;
import io.hawser.term.NodeName;
import io.hawser.testing.EpmdProcess;
import io.hawser.testing.OtpNode;
import io.hawser.tls.TlsTransport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Nodes of both runtimes over TLS on a network of two halves, each with an EPMD of its own, that can be cut between them.
 * Nodes whose host begins with {@code left} are in one half, all others in the other. All of it ends with it.
 */
final class Halves implements AutoCloseable {
    private static final String COOKIE = "the cookie of the interop tests";

    private final EpmdProcess left = EpmdProcess.start();
    private final EpmdProcess right = EpmdProcess.start();
    private final Gate toLeft = new Gate(at(3, right), at(1, left));
    private final Gate toRight = new Gate(at(2, left), at(1, right));
    private final Organisation organisation;
    private final String[] names;
    private final Queue<Runnable> closing = new ConcurrentLinkedQueue<>();

    Halves(Path directory, String... names) {
        this.names = names;
        this.organisation = new Organisation(directory, Clock.systemUTC()).issue(names);
    }

    private static InetSocketAddress at(int last, EpmdProcess epmd) {
        return new InetSocketAddress(loopback(last), epmd.port());
    }

    private static InetAddress loopback(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 bytes are an address", e);
        }
    }

    private static boolean isLeft(String name) {
        return name.contains("@left");
    }

    /** Where one node finds another. */
    private static InetAddress address(String from, String to) {
        return loopback(isLeft(from) == isLeft(to) ? 1 : isLeft(to) ? 3 : 2);
    }

    private EpmdProcess epmdOf(String name) {
        return isLeft(name) ? left : right;
    }

    Node java(String name) {
        Node node = Node.start(NodeConfig.builder(name)
                .transport(TlsTransport.mutual(organisation.identity(Carrier.TLS_EXPORTED, name)))
                .handshake(CookieHandshakes.auto(Cookie.of(COOKIE)))
                .resolver(NodeResolver.epmd(EpmdOptions.builder()
                        .port(epmdOf(name).port())
                        .embedded(false)
                        .hosts(to -> address(name, to.toString()))
                        .build()))
                .build());
        closing.add(node::close);
        return node;
    }

    OtpNode otp(String name) {
        OtpNode.Builder builder = OtpNode.named(name)
                .cookie(COOKIE)
                .epmdPort(epmdOf(name).port())
                .args(organisation.otpArguments(Carrier.TLS_EXPORTED, name).toArray(String[]::new));
        for (String other : names) {
            builder.host(NodeName.parse(other).host(), address(name, other).getHostAddress());
        }
        OtpNode node = builder.start();
        closing.add(node::close);
        return node;
    }

    /** Cuts all connections between the halves at the same moment, and lets none be made. */
    void cut() {
        for (Gate gate : List.of(toLeft, toRight)) {
            gate.shut(true);
        }
        toLeft.dropAll();
        toRight.dropAll();
    }

    /** Lets connections between the halves be made again. */
    void heal() {
        toLeft.shut(false);
        toRight.shut(false);
    }

    @Override
    public void close() {
        closing.forEach(Runnable::run);
        toLeft.close();
        toRight.close();
        left.close();
        right.close();
    }
}
