package io.hawser.peer;

import static io.hawser.testing.Interleavings.model;
import static io.hawser.testing.Interleavings.race;
import static io.hawser.testing.Interleavings.require;
import static io.hawser.testing.Interleavings.together;

import io.hawser.dist.ControlMessage;
import io.hawser.dist.PacketWriter;
import io.hawser.handshake.DistFlag;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.Pid;
import io.hawser.transport.Connection;
import io.hawser.transport.PeerIdentity;
import io.hawser.transport.Scheduler;
import io.hawser.transport.Surroundings;
import io.hawser.transport.TransportException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What holds for the two directions of a connection in whatever order threads run. */
class FlowInterleavingsTest {
    private static final int SIGNALS = 20;

    private static InboundShare plenty() {
        return new InboundShare(1_000_000, 0, () -> {}, Runnable::run);
    }

    @Test
    void everySignalThatIsQueuedLeavesOnceAndNoSenderWaitsForEver() {
        race(() -> {
            var line = new Line();
            var outbox = new Outbox(
                    line, new PacketWriter(DistFlag.RECOMMENDED_VISIBLE), 100, plenty(), Surroundings.system());
            together(() -> send(outbox, 1), () -> send(outbox, 2), () -> {
                while (line.packets < 2 * SIGNALS) {
                    require(line.wakes.tryAcquire(10, TimeUnit.SECONDS), line.packets);
                    outbox.drain();
                }
            });
            outbox.drain();
            require(line.packets == 2 * SIGNALS, line.packets);
        });
    }

    @Test
    void aSenderThatWaitsForRoomReturnsWhenTheConnectionCloses() {
        race(() -> {
            var line = new Line();
            var outbox = new Outbox(
                    line, new PacketWriter(DistFlag.RECOMMENDED_VISIBLE), 100, plenty(), Surroundings.system());
            together(() -> send(outbox, 1), () -> send(outbox, 2), outbox::close);
            outbox.drain();
            require(line.packets == 0, line.packets);
        });
    }

    private static void send(Outbox outbox, int from) {
        Atom node = Atom.of("a@host");
        var signal = new ControlMessage.Send(new Pid(node, from, 0, 4), new Pid(node, 3, 0, 4));
        for (int i = 0; i < SIGNALS; i++) {
            outbox.offer(signal, Int.of(i), Outbox.Mode.WAIT, () -> false);
        }
    }

    @Test
    void readingGoesOnOnceEverythingIsGivenBack() {
        model(() -> {
            var line = new Line();
            var budget = new InboundBudget(line, new StandingTime(), plenty(), 300);
            budget.charge(100);
            together(
                    () -> {
                        budget.charge(100);
                        budget.charge(100);
                        line.runTasks();
                    },
                    () -> budget.giveBack(1, 100));
            budget.giveBack(1, 100);
            budget.giveBack(1, 100);
            line.runTasks();
            require(line.reading && !budget.isPaused(), "paused");
        });
    }

    /** Nothing that is scheduled ever comes due. */
    private static final class StandingTime implements Scheduler {
        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public Cancellable schedule(Duration delay, Runnable task) {
            return () -> {};
        }
    }

    /** A connection whose event loop is whoever calls {@link #runTasks}; it counts the packets written. */
    private static final class Line implements Connection {
        final Semaphore wakes = new Semaphore(0);
        final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        int packets;
        boolean reading = true;

        void runTasks() {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
        }

        @Override
        public void write(ByteBuffer bytes, Runnable release) {
            for (; bytes.hasRemaining(); packets++) {
                int length = bytes.getInt();
                bytes.position(bytes.position() + length);
            }
            release.run();
        }

        @Override
        public void flush() {}

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void wake() {
            wakes.release();
        }

        @Override
        public void reading(boolean on) {
            reading = on;
        }

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public PeerIdentity peer() {
            throw new AssertionError("called: peer");
        }

        @Override
        public SocketAddress remoteAddress() {
            throw new AssertionError("called: remoteAddress");
        }

        @Override
        public long startedNanos() {
            return 0;
        }

        @Override
        public void sendHandshake(ByteBuffer packet) {}

        @Override
        public void outboundConnected() {}

        @Override
        public void inboundConnected(int maxPacketBytes) {}

        @Override
        public void admitted() {}

        @Override
        public void close(@Nullable TransportException reason) {}

        @Override
        public long bytesIn() {
            return 0;
        }

        @Override
        public long bytesOut() {
            return 0;
        }
    }
}
