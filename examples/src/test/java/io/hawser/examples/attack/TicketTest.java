package io.hawser.examples.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.examples.attack.Mint.Coin;
import io.hawser.term.NodeName;
import io.hawser.tls.TlsEngine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A listener that gives tickets to whoever dials it. Who came back with one would not be shown a certificate, and would
 * show none: neither is checked again.
 */
@ParameterizedClass
@EnumSource(names = {"BORINGSSL", "JDK"})
class TicketTest {
    private static final NodeName B = NodeName.parse("b@b.orga.test");
    private static final Mint MINT = Mint.root("Orga Root");
    private static final Coin OF_B = MINT.honest(B.toString());

    @TempDir
    private static Path directory;

    private final TlsEngine engine;

    TicketTest(TlsEngine engine) {
        this.engine = engine;
    }

    @Test
    void aNodeDoesNotComeBackWithATicketThatItWasGiven() throws Exception {
        SSLContext context = Impostor.context(OF_B); // the same each time: it knows its own tickets
        try (var a = Victim.start(MINT.identity(directory, "a@a.orga.test"), engine);
                var recorder = new HelloRecorder()) {
            a.believes(B, recorder.address());
            for (int i = 0; i < 3; i++) {

                var connecting = a.node().connect(B).toCompletableFuture();
                HelloRecorder.Hello hello = recorder.accept();
                Set<Integer> extensions = hello.extensions();
                assertThat(extensions)
                        .contains(HelloRecorder.SUPPORTED_VERSIONS)
                        .doesNotContain(
                                HelloRecorder.SESSION_TICKET, HelloRecorder.PRE_SHARED_KEY, HelloRecorder.EARLY_DATA);
                answer(hello, context);
                assertThat(connecting.handle((up, failure) -> failure != null).join())
                        .isTrue();
            }
        }
    }

    /** Goes on from a hello that was read already, gives tickets, hears the victim's name and hangs up. */
    private static void answer(HelloRecorder.Hello hello, SSLContext context) throws IOException {
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(hello.socket(), new ByteArrayInputStream(hello.record()), true)) {
            socket.setUseClientMode(false);
            socket.setNeedClientAuth(true);
            socket.startHandshake();
            assertThat(socket.getSession().getPeerCertificates()).hasSize(1);
            assertThat(socket.getInputStream().readNBytes(5)).endsWith('N');
        }
    }
}
