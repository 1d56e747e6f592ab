package io.hawser.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.term.NodeName;
import io.hawser.testing.ManualScheduler;
import io.hawser.transport.AcceptLimits;
import io.hawser.transport.Connection;
import io.hawser.transport.ConnectionHandler;
import io.hawser.transport.InMemoryLink;
import io.hawser.transport.InMemoryNetwork;
import io.hawser.transport.InMemoryTransport;
import io.hawser.transport.Transport;
import io.hawser.transport.TransportException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Both nodes connect at about the same time, with look-ups, links and senders of random speed. */
final class SimultaneousConnectTest {
    private static final int SCHEDULES = 4000;

    /** One run: everything random comes from the seed. */
    private static final class Run {
        private final ManualScheduler time = new ManualScheduler();
        private final InMemoryNetwork network = InMemoryNetwork.on(time);
        private final TestNode.Directory directory = new TestNode.Directory();
        private final Set<InMemoryLink> slowed = new HashSet<>();
        private final Random random;
        private final TestNode a;
        private final TestNode b;
        private int sentByA;
        private int sentByB;

        Run(long seed) {
            random = new Random(seed);
            a = node("a@host");
            b = node("b@host");
        }

        private TestNode node(String name) {
            return new TestNode.Builder(name, new Slow(network.transport()), time, directory)
                    .executor(task -> time.schedule(randomMillis(4), task))
                    .start();
        }

        private Duration randomMillis(int below) {
            return Duration.ofMillis(random.nextInt(below));
        }

        void sendAtRandomTimes(int each) {
            for (int i = 0; i < each; i++) {
                time.schedule(randomMillis(8), () -> a.send(b, sentByA++));
                time.schedule(randomMillis(8), () -> b.send(a, sentByB++));
            }
        }

        void cutAtRandomTimes(int cuts) {
            for (int i = 0; i < cuts; i++) {
                time.schedule(randomMillis(25), this::cutOne);
            }
        }

        private void cutOne() {
            List<InMemoryLink> links = network.links();
            if (!links.isEmpty()) {
                links.get(random.nextInt(links.size())).cut();
            }
        }

        void close() {
            a.close();
            b.close();
            time.runReady();
            assertThat(a.violations).isEmpty();
            assertThat(b.violations).isEmpty();
            assertThat(a.events.stream().filter(e -> e.startsWith("up")).count())
                    .isEqualTo(
                            a.events.stream().filter(e -> e.startsWith("down")).count());
        }

        /** Gives each connection a speed before its first packet. */
        private final class Slow implements Transport {
            private final InMemoryTransport transport;

            Slow(InMemoryTransport transport) {
                this.transport = transport;
            }

            @Override
            public String name() {
                return transport.name();
            }

            @Override
            public Listener listen(
                    InetSocketAddress address, AcceptLimits limits, Supplier<ConnectionHandler> handlers) {
                return transport.listen(address, limits, () -> new SlowHandler(handlers.get()));
            }

            @Override
            public void connect(
                    NodeName peer, InetSocketAddress address, Duration deadline, ConnectionHandler handler) {
                transport.connect(peer, address, deadline, new SlowHandler(handler));
            }

            @Override
            public void close() {
                transport.close();
            }
        }

        private final class SlowHandler implements ConnectionHandler {
            private final ConnectionHandler handler;

            SlowHandler(ConnectionHandler handler) {
                this.handler = handler;
            }

            @Override
            public void onOpen(Connection connection) {
                for (InMemoryLink link : network.links()) {
                    if (slowed.add(link)) {
                        link.delay(randomMillis(5));
                    }
                }
                handler.onOpen(connection);
            }

            @Override
            public void onPacket(ByteBuffer packet) {
                handler.onPacket(packet);
            }

            @Override
            public void onActivity() {
                handler.onActivity();
            }

            @Override
            public void onReadComplete() {
                handler.onReadComplete();
            }

            @Override
            public void onReady() {
                handler.onReady();
            }

            @Override
            public void onClosed(@Nullable TransportException cause) {
                handler.onClosed(cause);
            }
        }
    }

    @Test
    void exactlyOneConnectionSurvivesAndNothingIsLost() {
        long seed = System.nanoTime();
        int contested = 0;
        for (int i = 0; i < SCHEDULES; i++) {
            var run = new Run(seed + i);
            run.sendAtRandomTimes(3);
            run.time.advance(Duration.ofSeconds(3));
            assertThat(run.a.events).as("seed %d", seed + i).containsExactly("up b@host");
            assertThat(run.b.events).as("seed %d", seed + i).containsExactly("up a@host");
            assertThat(run.network.links()).as("seed %d", seed + i).hasSize(1);
            assertThat(run.b.numbers()).as("seed %d", seed + i).containsExactly(0L, 1L, 2L);
            assertThat(run.a.numbers()).as("seed %d", seed + i).containsExactly(0L, 1L, 2L);
            contested += run.slowed.size() > 1 ? 1 : 0;
            run.close();
        }
        assertThat(contested).as("schedules with two connections").isGreaterThan(SCHEDULES / 20);
    }

    @Test
    void keepsOrderAndConnectsAgainWhateverIsCut() {
        long seed = System.nanoTime();
        for (int i = 0; i < SCHEDULES; i++) {
            var run = new Run(seed + i);
            run.sendAtRandomTimes(6);
            run.cutAtRandomTimes(3);
            run.time.advance(Duration.ofSeconds(20));
            assertThat(run.a.numbers()).as("seed %d", seed + i).isSorted().doesNotHaveDuplicates();
            assertThat(run.b.numbers()).as("seed %d", seed + i).isSorted().doesNotHaveDuplicates();
            run.a.send(run.b, 1000);
            run.b.send(run.a, 1000);
            run.time.advance(Duration.ofSeconds(3));
            assertThat(run.a.numbers()).as("seed %d", seed + i).endsWith(1000L);
            assertThat(run.b.numbers()).as("seed %d", seed + i).endsWith(1000L);
            assertThat(run.network.links()).as("seed %d", seed + i).hasSize(1);
            run.close();
        }
    }
}
