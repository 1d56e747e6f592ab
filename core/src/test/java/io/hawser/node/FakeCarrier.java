package io.hawser.node;

import io.hawser.dist.ControlMessage;
import io.hawser.peer.PeerConnection;
import io.hawser.term.Atom;
import io.hawser.term.NodeName;
import io.hawser.term.Term;
import io.hawser.transport.Scheduler;
import io.hawser.transport.Surroundings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Takes every signal to the one other node there is, and loses its connection when told to. */
final class FakeCarrier implements SignalCarrier {
    static final Atom THERE = Atom.of("b@host");

    private final AtomicLong connection = new AtomicLong(1);

    /** Nothing waits here, so nothing is scheduled. */
    private static final class NoTime implements Scheduler {
        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public Cancellable schedule(Duration delay, Runnable task) {
            throw new AssertionError("called: schedule");
        }
    }

    Kernel kernel(Executor executor) {
        return new Kernel(NodeName.parse("a@host"), 4, this, executor, new NoTime(), Surroundings.system());
    }

    /** Loses the connection, and has the processes of a node told of it. */
    void lose(Kernel kernel) {
        long lost = connection.getAndIncrement();
        kernel.peers.related(THERE).forEach(process -> process.onConnectionGone(THERE, lost));
    }

    @Override
    public long send(Atom node, ControlMessage signal, @Nullable Term payload, BooleanSupplier hasUnread) {
        return connection.get();
    }

    @Override
    public long trySend(Atom node, ControlMessage signal, @Nullable Term payload) {
        return connection.get();
    }

    @Override
    public boolean trySend(Atom node, long on, ControlMessage signal, @Nullable Term payload) {
        return true;
    }

    @Override
    public void answer(Atom node, long on, ControlMessage signal, @Nullable Term payload) {}

    @Override
    public void start() {}

    @Override
    public InetSocketAddress address() {
        throw new AssertionError("called: address");
    }

    @Override
    public long creation() {
        return 4;
    }

    @Override
    public CompletionStage<@Nullable Void> connect(Atom node) {
        throw new AssertionError("called: connect");
    }

    @Override
    public boolean disconnect(Atom node) {
        throw new AssertionError("called: disconnect");
    }

    @Override
    public List<PeerConnection> connections() {
        return List.of();
    }

    @Override
    public void close() {}
}
