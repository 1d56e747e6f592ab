package io.hawser.benchmarks;

import io.hawser.certs.IssueRequest;
import io.hawser.certs.JavaExport;
import io.hawser.certs.Namespace;
import io.hawser.certs.OrgConfig;
import io.hawser.certs.OrgPolicy;
import io.hawser.certs.OrgRequest;
import io.hawser.certs.OrgStore;
import io.hawser.certs.OtpExport;
import io.hawser.certs.SecretSource;
import io.hawser.certs.StoreOptions;
import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieHandshakes;
import io.hawser.epmd.EpmdOptions;
import io.hawser.epmd.NodeResolver;
import io.hawser.node.Node;
import io.hawser.node.NodeConfig;
import io.hawser.term.NodeName;
import io.hawser.tls.TlsIdentity;
import io.hawser.tls.TlsTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Two nodes on loopback with certificates, of which one is a process of its own, in a directory that goes with it. */
final class TlsLab implements AutoCloseable {
    static final NodeName DRIVER = NodeName.parse("driver@driver.lab.test");
    static final NodeName PEER = NodeName.parse("peer@peer.lab.test");
    private static final String COOKIE = "a-cookie-for-measuring";

    /** The processes of {@link BulkPeer} in Erlang; ends with its standard input. */
    private static final String ERLANG_PEER = """
            Echo = fun Loop() -> receive {From, X} -> From ! X, Loop() end end,
            Sink = fun Loop() -> receive {From, Large} -> From ! byte_size(Large), Loop() end end,
            Source = fun Loop(Large) -> receive
                {From, Bytes} when byte_size(Large) =:= Bytes -> spawn(fun() -> From ! Large end), Loop(Large);
                {From, Bytes} -> self() ! {From, Bytes}, Loop(crypto:strong_rand_bytes(Bytes)) end end,
            register(echo, spawn(Echo)), register(sink, spawn(Sink)), register(source, spawn(fun() -> Source(<<>>) end)),
            io:format("READY~n"),
            eof = io:get_line(""),
            halt()""";

    private final Path directory;
    private final int epmdPort;

    /** Makes the certificates; {@code directory} is deleted in the end. */
    TlsLab(Path directory) {
        this(directory, freePort());
        var config = new OrgConfig("lab", new Namespace("lab.test", "lab.test"), OrgPolicy.defaults());
        OrgStore store = OrgStore.at(directory.resolve("pki"), StoreOptions.of(Clock.systemUTC()));
        store.init(new OrgRequest(config, false, null), SecretSource.none());
        for (NodeName node : List.of(DRIVER, PEER)) {
            store.issue(IssueRequest.of(io.hawser.certs.NodeName.parse(node.toString())), SecretSource.none());
        }
        for (NodeName node : List.of(DRIVER, PEER)) { // with a roster that names both
            var name = io.hawser.certs.NodeName.parse(node.toString());
            new JavaExport(store).write(name, directory.resolve("java-" + node.alive()), SecretSource.none());
            new OtpExport(store).write(name, directory.resolve("otp-" + node.alive()));
        }
    }

    private TlsLab(Path directory, int epmdPort) {
        this.directory = directory;
        this.epmdPort = epmdPort;
    }

    /** Returns the lab that another process has made. */
    static TlsLab at(Path directory, int epmdPort) {
        return new TlsLab(directory, epmdPort);
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a node. Everything that is not needed to find and admit the other is as by default. */
    Node start(NodeName name) {
        return Node.start(NodeConfig.builder(name)
                .transport(TlsTransport.mutual(TlsIdentity.load(directory.resolve("java-" + name.alive()))))
                .handshake(CookieHandshakes.auto(Cookie.of(COOKIE)))
                .resolver(NodeResolver.epmd(EpmdOptions.builder()
                        .port(epmdPort)
                        .hosts(host -> InetAddress.getLoopbackAddress())
                        .build()))
                .tickTime(Duration.ofSeconds(8))
                .build());
    }

    /** Starts the peer: {@code hawser}, in a JVM of its own, or {@code erlang}. */
    PeerProcess startPeer(String kind) throws IOException {
        return new PeerProcess(
                switch (kind) {
                    case "hawser" -> hawser();
                    case "erlang" -> erlang();
                    default -> throw new IllegalArgumentException("--peer: " + kind + " (expected: hawser or erlang)");
                });
    }

    private ProcessBuilder hawser() {
        return new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                BulkPeer.class.getName(),
                directory.toString(),
                Integer.toString(epmdPort));
    }

    private ProcessBuilder erlang() throws IOException {
        Files.writeString(directory.resolve(".erlang.cookie"), COOKIE).toFile().setReadable(false, false);
        directory.resolve(".erlang.cookie").toFile().setReadable(true, true);
        directory.resolve(".erlang.cookie").toFile().setWritable(false, false);
        Path hosts = Files.writeString(
                directory.resolve("hosts"),
                "{lookup, [file]}.\n{host, {127,0,0,1}, [\"" + DRIVER.host() + "\", \"" + PEER.host() + "\"]}.\n");
        var builder = new ProcessBuilder(
                "erl",
                "-noshell",
                "-start_epmd",
                "false",
                "-kernel",
                "inet_dist_use_interface",
                "{127,0,0,1}",
                "net_ticktime",
                "8",
                "-args_file",
                directory.resolve("otp-peer").resolve("vm.args").toString(),
                "-eval",
                ERLANG_PEER);
        builder.environment().put("HOME", directory.toString());
        builder.environment().put("ERL_EPMD_PORT", Integer.toString(epmdPort));
        builder.environment().put("ERL_INETRC", hosts.toString());
        builder.environment().put("ERL_CRASH_DUMP_SECONDS", "0");
        return builder;
    }

    Path directory() {
        return directory;
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
