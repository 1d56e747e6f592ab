package io.hawser.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.term.NodeName;
import io.hawser.testing.RecordingHandler;
import io.hawser.transport.AcceptLimits;
import io.hawser.transport.RefusalCode;
import io.hawser.transport.TransportException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Joins two transports that do not get on: b@b.orga.test is dialled. */
final class Meeting {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final NodeName B = NodeName.parse("b@b.orga.test");

    /** What both ends are told, without their addresses. */
    record Outcome(
            String dialler,
            String listener,
            boolean diallerOpened,
            Optional<RefusalCode> diallerCode,
            Optional<RefusalCode> listenerCode) {}

    private Meeting() {}

    static Outcome of(TlsIdentity dialler, TlsIdentity listener, TlsEngine engine) {
        return of(
                TlsTransport.builder(dialler).engine(engine).build(),
                TlsTransport.builder(listener).engine(engine).build());
    }

    /** The listener talks first, so that a dialler of TLS 1.3 reads its alert. Closes both. */
    static Outcome of(TlsTransport dialling, TlsTransport listening) {
        BlockingQueue<RecordingHandler> accepted = new LinkedBlockingQueue<>();
        try (dialling;
                listening;
                var listener = listening.listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        new AcceptLimits(LONG, 10, 10),
                        () -> {
                            var handler = new RecordingHandler();
                            accepted.add(handler);
                            return handler;
                        })) {
            var dialler = new RecordingHandler();
            dialling.connect(B, listener.address(), LONG, dialler);
            String diallerSays = sentence(dialler);
            RecordingHandler acceptor = accepted.poll(20, TimeUnit.SECONDS);
            assertThat(acceptor).isNotNull();
            String listenerSays = sentence(acceptor);
            assertThat(acceptor.wasOpened()).isFalse();
            return new Outcome(diallerSays, listenerSays, dialler.wasOpened(), code(dialler), code(acceptor));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static Optional<RefusalCode> code(RecordingHandler handler) {
        return handler.cause().flatMap(TransportException::code);
    }

    private static String sentence(RecordingHandler handler) {
        return handler.cause()
                .map(cause -> {
                    String message = String.valueOf(cause.getMessage());
                    assertThat(message).matches("127\\.0\\.0\\.1:\\d+: .*");
                    return message.replaceFirst("127\\.0\\.0\\.1:\\d+: ", "");
                })
                .orElse("");
    }
}
