package io.hawser.benchmarks;

import io.hawser.certs.IssueRequest;
import io.hawser.certs.JavaExport;
import io.hawser.certs.Namespace;
import io.hawser.certs.NodeName;
import io.hawser.certs.OrgConfig;
import io.hawser.certs.OrgPolicy;
import io.hawser.certs.OrgRequest;
import io.hawser.certs.OrgStore;
import io.hawser.certs.RevocationReason;
import io.hawser.certs.RevokeRequest;
import io.hawser.certs.SecretSource;
import io.hawser.certs.StoreOptions;
import io.hawser.tls.TlsCredentials;
import io.hawser.tls.TlsIdentity;
import io.hawser.tls.TlsTransport;
import io.hawser.transport.AcceptLimits;
import io.hawser.transport.Connection;
import io.hawser.transport.ConnectionHandler;
import io.hawser.transport.TransportException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How long it takes until a listener with many connections has judged them all again: one of twenty peers, each with a
 * twentieth of the connections, is revoked, and its last connection closes. Meanwhile an event loop is asked every
 * millisecond how late it is.
 */
public final class Rejudging {
    private static final int PEERS = 20;
    private static final int DIALLED_AT_ONCE = 64;
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final NodeName SELF = NodeName.parse("listener@listener.lab.test");

    private Rejudging() {}

    /**
     * Measures with 1,000 and with 5,000 connections, or with as many as are given.
     *
     * @param arguments numbers of connections
     * @throws Exception if anything fails
     */
    public static void main(String[] arguments) throws Exception {
        List<String> counts = arguments.length == 0 ? List.of("1000", "5000") : List.of(arguments);
        for (String count : counts) {
            run(System.out, Integer.parseInt(count));
        }
    }

    static void run(PrintStream out, int connections) throws Exception {
        Path directory = Files.createTempDirectory("hawser-rejudging");
        try (var lab = TlsLab.at(directory, 0)) {
            measure(out, connections, lab.directory());
        }
    }

    private static void measure(PrintStream out, int connections, Path directory) throws Exception {
        List<NodeName> peers = IntStream.range(0, PEERS)
                .mapToObj(i -> NodeName.parse("p" + i + "@p" + i + ".lab.test"))
                .toList();
        OrgStore store = OrgStore.at(directory.resolve("pki"), StoreOptions.of(Clock.systemUTC()));
        var config = new OrgConfig("lab", new Namespace("lab.test", "lab.test"), OrgPolicy.defaults());
        store.init(new OrgRequest(config, false, null), SecretSource.none());
        store.issue(IssueRequest.of(SELF), SecretSource.none());
        store.issue(IssueRequest.of(peers.toArray(NodeName[]::new)), SecretSource.none());
        var credentials = TlsCredentials.watch(export(store, directory, SELF));
        var diallers = new ArrayList<TlsTransport>();
        var revoked = new Ends(connections / PEERS);
        try (var listening = TlsTransport.mutual(credentials)) {
            var accepted = new Ends(0);
            try (var listener = listening.listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    new AcceptLimits(LONG, 2 * DIALLED_AT_ONCE, 2 * DIALLED_AT_ONCE),
                    accepted::next)) {
                for (NodeName peer : peers) {
                    var dialler = TlsTransport.mutual(TlsIdentity.load(export(store, directory, peer)));
                    diallers.add(dialler);
                    Ends ends = diallers.size() == 1 ? revoked : new Ends(0);
                    for (int i = 0; i < connections / PEERS; i++) {
                        accepted.place.acquire();
                        dialler.connect(
                                io.hawser.term.NodeName.parse(SELF.toString()), listener.address(), LONG, ends.next());
                    }
                }
                accepted.place.acquire(DIALLED_AT_ONCE); // all are up
            }
            store.revoke(RevokeRequest.of(peers.get(0), RevocationReason.KEY_COMPROMISE), SecretSource.none());
            export(store, directory, SELF);
            var lateness = new Lateness(accepted.any());
            lateness.start();
            long start = System.nanoTime();
            credentials.reload();
            if (!revoked.closed.await(LONG.toSeconds(), TimeUnit.SECONDS)) {
                throw new TimeoutException("connections of who was revoked stand after " + LONG);
            }
            long took = System.nanoTime() - start;
            out.printf(
                    "connections=%d closed=%d all-judged-ms=%d event-loop-late-max-ms=%d%n",
                    connections, connections / PEERS, took / 1_000_000, lateness.stop() / 1_000_000);
        } finally {
            diallers.forEach(TlsTransport::close);
        }
    }

    private static Path export(OrgStore store, Path directory, NodeName node) {
        Path to = directory.resolve("java-" + node);
        new JavaExport(store).write(node, to, SecretSource.none());
        return to;
    }

    /** One side of many connections. Thread-safe. */
    private static final class Ends {
        private final Semaphore place = new Semaphore(DIALLED_AT_ONCE);
        private final CountDownLatch closed;
        private volatile @Nullable Connection last;

        Ends(int expected) {
            closed = new CountDownLatch(expected);
        }

        Connection any() {
            Connection found = last;
            if (found == null) {
                throw new IllegalStateException("no connection");
            }
            return found;
        }

        ConnectionHandler next() {
            return new ConnectionHandler() {
                @Override
                public void onOpen(Connection connection) {
                    connection.admitted();
                    last = connection;
                    place.release();
                }

                @Override
                public void onPacket(ByteBuffer packet) {
                    throw new IllegalStateException("nobody sends anything");
                }

                @Override
                public void onReadComplete() {
                    // nothing waits for it
                }

                @Override
                public void onReady() {
                    // nothing waits
                }

                @Override
                public void onClosed(@Nullable TransportException cause) {
                    closed.countDown();
                }
            };
        }
    }

    /** How late an event loop is. */
    private static final class Lateness {
        private final AtomicLong worst = new AtomicLong();
        private final Thread asking;
        private volatile boolean over;

        Lateness(Connection on) {
            asking = new Thread(
                    () -> {
                        while (!over) {
                            long asked = System.nanoTime();
                            var answered = new CountDownLatch(1);
                            on.execute(() -> {
                                worst.accumulateAndGet(System.nanoTime() - asked, Math::max);
                                answered.countDown();
                            });
                            try {
                                answered.await(1, TimeUnit.SECONDS);
                                Thread.sleep(1);
                            } catch (InterruptedException e) {
                                return;
                            }
                        }
                    },
                    "rejudging-lateness");
        }

        void start() {
            asking.start();
        }

        long stop() throws InterruptedException {
            over = true;
            asking.join();
            return worst.get();
        }
    }
}
