package io.hawser.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.term.NodeName;
import io.hawser.testing.RecordingHandler;
import io.hawser.transport.AcceptLimits;
import io.hawser.transport.Connection;
import io.hawser.transport.RefusalCode;
import io.hawser.transport.TransportException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * A connection between two transports, seen from both ends.
 *
 * @param dialled what the dialler's end was told
 * @param accepted what the listener's end was told
 */
record Joined(RecordingHandler dialled, RecordingHandler accepted) {
    private static final Duration LONG = Duration.ofSeconds(30);

    /** Connects two that get on; both ends are marked as admitted. */
    static Joined of(TlsTransport dialling, TlsTransport listening, String name) {
        var acceptor = new RecordingHandler().atOpen(Connection::admitted);
        var dialler = new RecordingHandler().atOpen(Connection::admitted);
        try (var listener = listening.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new AcceptLimits(LONG, 10, 10),
                () -> acceptor)) {
            dialling.connect(NodeName.parse(name), listener.address(), LONG, dialler);
            assertThat(dialler.connection().peer().isVerified()).isTrue();
            assertThat(acceptor.connection().peer().isVerified()).isTrue();
        }
        return new Joined(dialler, acceptor);
    }

    Connection dialler() {
        return dialled.connection();
    }

    Connection acceptor() {
        return accepted.connection();
    }

    /** Waits for the end of the listener's side, and returns the reason's code. */
    static Optional<RefusalCode> code(RecordingHandler ended) {
        return ended.cause().flatMap(TransportException::code);
    }
}
