package io.hawser.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.hawser.term.NodeName;
import io.hawser.transport.AcceptLimits;
import io.hawser.transport.Connection;
import io.hawser.transport.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Two transports, and the connections a test makes between them.
 *
 * <p>Not thread-safe; used by one test at a time.
 */
public abstract class TransportFixture {
    static final int MAX_PACKET = 1 << 20;
    static final Duration LONG = Duration.ofSeconds(30);
    static final Duration SHORT = Duration.ofMillis(300);

    Transport listening;
    Transport dialling;
    final BlockingQueue<RecordingHandler> accepted = new LinkedBlockingQueue<>();
    Consumer<RecordingHandler> acceptedSetup = handler -> {};
    int maxPacket = MAX_PACKET;

    /** Makes the transport that listens, as the node {@link #listener()}. */
    protected abstract Transport newListening();

    /** Makes the transport that dials. */
    protected abstract Transport newDialling();

    /** The name that is dialled. */
    protected NodeName listener() {
        return NodeName.parse("b@b.orga.test");
    }

    @BeforeEach
    void makeTransports() {
        listening = newListening();
        dialling = newDialling();
    }

    @AfterEach
    void closeTransports() {
        dialling.close();
        listening.close();
    }

    /** A connection in the connected phase, and both its handlers. */
    record Pair(RecordingHandler dialler, RecordingHandler acceptor) {
        void onDialler(Consumer<Connection> task) {
            dialler.connection().execute(() -> task.accept(dialler.connection()));
        }

        void onDiallerAndWait(Consumer<Connection> task) {
            var done = new CountDownLatch(1);
            onDialler(connection -> {
                task.accept(connection);
                done.countDown();
            });
            TransportFixture.await(done);
        }
    }

    Pair connected() {
        acceptedSetup = acceptor -> acceptor.atOpen(this::enterConnectedPhase);
        RecordingHandler dialler = dial(listen(), handler -> handler.atOpen(this::enterConnectedPhase));
        dialler.connection();
        RecordingHandler acceptor = accepted();
        acceptor.connection();
        return new Pair(dialler, acceptor);
    }

    void enterConnectedPhase(Connection connection) {
        connection.inboundConnected(maxPacket);
        connection.outboundConnected();
        connection.admitted();
    }

    InetSocketAddress listen() {
        return listen(new AcceptLimits(LONG, 100, 100));
    }

    InetSocketAddress listen(AcceptLimits limits) {
        return listening
                .listen(new InetSocketAddress(loopback(), 0), limits, this::newAccepted)
                .address();
    }

    InetSocketAddress listenThenClose() {
        Transport.Listener listener =
                listening.listen(new InetSocketAddress(loopback(), 0), AcceptLimits.DEFAULT, this::newAccepted);
        listener.close();
        listener.close();
        return listener.address();
    }

    static InetAddress loopback() {
        return InetAddress.getLoopbackAddress();
    }

    RecordingHandler newAccepted() {
        var handler = new RecordingHandler();
        acceptedSetup.accept(handler);
        accepted.add(handler);
        return handler;
    }

    RecordingHandler dial(InetSocketAddress address) {
        return dial(address, handler -> {});
    }

    RecordingHandler dial(InetSocketAddress address, Consumer<RecordingHandler> setup) {
        var handler = new RecordingHandler();
        setup.accept(handler);
        dialling.connect(listener(), address, LONG, handler);
        return handler;
    }

    RecordingHandler accepted() {
        try {
            RecordingHandler handler = accepted.poll(20, TimeUnit.SECONDS);
            if (handler == null) {
                throw new AssertionError("nothing was accepted within 20 s");
            }
            return handler;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    static void await(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("not within 20 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    static Throwable failureOf(Runnable call) {
        try {
            call.run();
            return new AssertionError("nothing was thrown");
        } catch (RuntimeException e) {
            return e;
        }
    }

    static void send(Connection connection, String... bodies) {
        connection.write(packets(bodies), () -> {});
        connection.flush();
    }

    static ByteBuffer packets(String... bodies) {
        int size = 0;
        for (String body : bodies) {
            size += 4 + body.length();
        }
        ByteBuffer all = ByteBuffer.allocate(size);
        for (String body : bodies) {
            all.putInt(body.length()).put(body.getBytes(US_ASCII));
        }
        return all.flip();
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(US_ASCII));
    }

    static String text(byte[] bytes) {
        return new String(bytes, US_ASCII);
    }
}
