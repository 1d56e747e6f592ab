package io.hawser.benchmarks.pair;

import io.hawser.cookie.Cookie;
import io.hawser.node.Node;
import io.hawser.tls.TcpTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/** What the processes of a measurement share: a temporary directory with certificates, and an EPMD; both end with it. */
final class PairLab implements AutoCloseable {
    static final String COOKIE = "a-cookie-for-measuring";

    private final Path directory;
    private final int epmdPort;
    private final Node registry;

    PairLab() throws IOException {
        directory = Files.createTempDirectory("hawser-bench");
        Runtime.getRuntime().addShutdownHook(new Thread(this::delete, "delete"));
        PairCertificates.write(certificates());
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            epmdPort = socket.getLocalPort();
        }
        registry = BenchNode.start("registry", TcpTransport.plain(), Cookie.of(COOKIE), epmdPort); // starts an EPMD
    }

    /** Starts a node in this JVM, for a side of the certificates. */
    Node startNode(String alive, String side) {
        return BenchNode.start(alive, BenchNode.tls(certificates(), side), Cookie.of(COOKIE), epmdPort);
    }

    Path directory() {
        return directory;
    }

    Path certificates() {
        return directory.resolve("certs");
    }

    /** Sets what every end takes from its environment. */
    void toEnvironment(Map<String, String> environment) {
        environment.put("COOKIE", COOKIE);
        environment.put("CERTS", certificates().toString());
        environment.put("ERL_EPMD_PORT", Integer.toString(epmdPort));
        environment.put("ERL_CRASH_DUMP_SECONDS", "0");
        environment.put("END_WITH_INPUT", "1");
        environment.put("HOME", directory.toString());
    }

    @Override
    public void close() {
        registry.close();
        delete();
    }

    private void delete() {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // deleted already, or by the hook at the same time: what is in the way stays in the temporary directory
        }
    }
}
