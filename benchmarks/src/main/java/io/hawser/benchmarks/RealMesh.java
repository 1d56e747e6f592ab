package io.hawser.benchmarks;

import io.hawser.certs.IssueRequest;
import io.hawser.certs.JavaExport;
import io.hawser.certs.Namespace;
import io.hawser.certs.OrgConfig;
import io.hawser.certs.OrgPolicy;
import io.hawser.certs.OrgRequest;
import io.hawser.certs.OrgStore;
import io.hawser.certs.SecretSource;
import io.hawser.certs.StoreOptions;
import io.hawser.cluster.Global;
import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieHandshakes;
import io.hawser.epmd.NodeResolver;
import io.hawser.node.Node;
import io.hawser.node.NodeConfig;
import io.hawser.term.NodeName;
import io.hawser.tls.TlsIdentity;
import io.hawser.tls.TlsTransport;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a mesh of real nodes costs: nodes in one JVM, each with a certificate, a transport and event loops of its own, that
 * become one cluster over mutual TLS on loopback, though each is told of the first only.
 */
public final class RealMesh {
    private static final Duration LONG = Duration.ofMinutes(5);

    private RealMesh() {}

    /**
     * Measures with 60 nodes that are idle for 20 seconds, or as given.
     *
     * @param arguments the number of nodes, and the seconds of idleness
     * @throws Exception if anything fails
     */
    public static void main(String[] arguments) throws Exception {
        int nodes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 60;
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20;
        run(System.out, nodes, Duration.ofSeconds(seconds));
    }

    static void run(PrintStream out, int nodes, Duration idle) throws Exception {
        Path directory = Files.createTempDirectory("hawser-mesh");
        try (var lab = TlsLab.at(directory, 0)) {
            new Mesh(certificates(nodes, lab.directory())).measure(out, idle);
        }
    }

    private static List<Path> certificates(int nodes, Path directory) {
        OrgStore store = OrgStore.at(directory.resolve("pki"), StoreOptions.of(Clock.systemUTC()));
        var config = new OrgConfig("lab", new Namespace("lab.test", "lab.test"), OrgPolicy.defaults());
        store.init(new OrgRequest(config, false, null), SecretSource.none());
        List<Path> exported = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            var name = io.hawser.certs.NodeName.parse(nameOf(i));
            store.issue(IssueRequest.of(name), SecretSource.none());
            exported.add(directory.resolve("n" + i));
        }
        for (int i = 0; i < nodes; i++) { // with a roster that names them all
            var name = io.hawser.certs.NodeName.parse(nameOf(i));
            new JavaExport(store).write(name, exported.get(i), SecretSource.none());
        }
        return exported;
    }

    /** One host each: an OTP node could not tell certificates of nodes of one host apart. */
    private static String nameOf(int i) {
        return "n@m" + i + ".lab.test";
    }

    /** The nodes, and where they listen. */
    private static final class Mesh implements NodeResolver {
        private final ConcurrentHashMap<NodeName, InetSocketAddress> addresses = new ConcurrentHashMap<>();
        private final List<Node> nodes = new ArrayList<>();
        private final List<Path> certificates;

        Mesh(List<Path> certificates) {
            this.certificates = certificates;
        }

        @Override
        public Optional<InetSocketAddress> resolve(NodeName name, Duration timeout) {
            return Optional.ofNullable(addresses.get(name));
        }

        @Override
        public Optional<Long> publish(NodeName name, int port, Duration timeout) {
            return Optional.empty();
        }

        @Override
        public void close() {}

        void measure(PrintStream out, Duration idle) throws Exception {
            try {
                for (int i = 0; i < certificates.size(); i++) {
                    start(nameOf(i), certificates.get(i));
                }
                Memory alone = Memory.used();
                long start = System.nanoTime();
                long cpuBefore = cpuNanos();
                for (Node node : nodes.subList(1, nodes.size())) {
                    node.connect(nodes.get(0).name(), LONG);
                }
                awaitMesh(start);
                long formed = System.nanoTime() - start;
                long cpu = cpuNanos() - cpuBefore;
                Memory meshed = Memory.used();
                int ends = nodes.size() * (nodes.size() - 1);
                long idleBefore = cpuNanos();
                Thread.sleep(idle.toMillis());
                double load = (cpuNanos() - idleBefore) / (double) Math.max(1, idle.toNanos());
                out.printf(
                        "nodes=%d connections=%d formed-ms=%d cpu-ms-per-connection=%.1f heap-per-end-bytes=%d"
                                + " resident-per-end-bytes=%d idle-cpu-percent=%.2f%n",
                        nodes.size(),
                        ends / 2,
                        formed / 1_000_000,
                        cpu / 1e6 / (ends / 2.0),
                        (meshed.heap - alone.heap) / ends,
                        (meshed.resident - alone.resident) / ends,
                        100 * load);
            } finally {
                nodes.forEach(Node::close);
            }
        }

        private void start(String name, Path exported) {
            Node node = Node.start(NodeConfig.builder(name)
                    .transport(TlsTransport.mutual(TlsIdentity.load(exported)))
                    .handshake(CookieHandshakes.auto(Cookie.of("a-cookie-for-measuring")))
                    .resolver(this)
                    .build());
            addresses.put(node.name(), node.address());
            nodes.add(node);
            Global.start(node); // what tells nodes of each other
        }

        private void awaitMesh(long start) throws Exception {
            while (nodes.stream().anyMatch(node -> node.nodes().size() < nodes.size() - 1)) {
                if (System.nanoTime() - start > LONG.toNanos()) {
                    throw new TimeoutException("no mesh after " + LONG);
                }
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /** What the process takes, after a collection. */
    private record Memory(long heap, long resident) {
        static Memory used() throws IOException {
            for (int i = 0; i < 3; i++) {
                System.gc(); // what is asked for is what lives
            }
            long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            return new Memory(heap, residentBytes());
        }

        private static long residentBytes() throws IOException {
            Path status = Path.of("/proc/self/status");
            if (!Files.exists(status)) {
                return 0; // not on Linux
            }
            return Files.readAllLines(status).stream()
                            .filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .findFirst()
                            .orElse(0)
                    * 1024;
        }
    }
}
