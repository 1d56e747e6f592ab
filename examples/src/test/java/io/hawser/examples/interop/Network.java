package io.hawser.examples.interop;

import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieHandshakes;
import io.hawser.epmd.EpmdOptions;
import io.hawser.epmd.NodeResolver;
import io.hawser.node.Node;
import io.hawser.node.NodeConfig;
import io.hawser.testing.EpmdProcess;
import io.hawser.testing.OtpNode;
import io.hawser.tls.TcpTransport;
import io.hawser.tls.TlsTransport;
import io.hawser.transport.Transport;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Nodes of both runtimes on loopback that find each other by an EPMD of their own; all of them end with it. */
final class Network implements AutoCloseable {
    static final String COOKIE = "the cookie of the interop tests";

    /** The nodes that have certificates and whose hosts OTP can look up; each has a host of its own. */
    static final String[] NODES = {"java@java.orga.test", "other@other.orga.test", "otp@otp.orga.test"};

    private final Carrier carrier;
    private final EpmdProcess epmd = EpmdProcess.start();
    private final @Nullable Organisation organisation;
    private final List<Runnable> closing = new ArrayList<>();

    Network(Carrier carrier, Path directory) {
        this.carrier = carrier;
        this.organisation = carrier == Carrier.TCP
                ? null
                : new Organisation(directory.resolve(carrier.name()), Clock.systemUTC()).issue(NODES);
    }

    int epmdPort() {
        return epmd.port();
    }

    /** Starts a Hawser node. */
    Node java(String name) {
        return java(name, more -> {});
    }

    Node java(String name, Consumer<NodeConfig.Builder> more) {
        NodeConfig.Builder config = NodeConfig.builder(name)
                .transport(transport(name))
                .handshake(CookieHandshakes.auto(Cookie.of(COOKIE)))
                .resolver(resolver());
        more.accept(config);
        Node node = Node.start(config.build());
        closing.add(node::close);
        return node;
    }

    /** The carrier, as a node of that name uses it. */
    Transport transport(String name) {
        return organisation == null ? TcpTransport.plain() : TlsTransport.mutual(organisation.identity(carrier, name));
    }

    /** Asks the network's EPMD about every name, whatever its host. */
    NodeResolver resolver() {
        return NodeResolver.epmd(EpmdOptions.builder()
                .port(epmd.port())
                .embedded(false)
                .hosts(node -> InetAddress.getLoopbackAddress())
                .build());
    }

    /** Starts an Erlang node. */
    OtpNode otp(String name, String... arguments) {
        var hosts = List.of(NODES).stream().map(Network::host).toArray(String[]::new);
        OtpNode.Builder builder = OtpNode.named(name)
                .cookie(COOKIE)
                .epmdPort(epmd.port())
                .hosts(hosts)
                .args(arguments);
        if (organisation != null) {
            builder.args(organisation.otpArguments(carrier, name).toArray(String[]::new));
        }
        OtpNode node = builder.start();
        closing.add(node::close);
        return node;
    }

    private static String host(String node) {
        return node.substring(node.indexOf('@') + 1);
    }

    @Override
    public void close() {
        closing.forEach(Runnable::run);
        epmd.close();
    }
}
