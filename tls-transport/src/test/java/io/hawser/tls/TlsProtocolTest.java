package io.hawser.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.term.NodeName;
import io.hawser.testing.RecordingHandler;
import io.hawser.transport.AcceptLimits;
import io.hawser.transport.ChannelBinding;
import io.hawser.transport.PeerIdentity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What two transports agree on by ALPN, and how they tell. */
class TlsProtocolTest {
    private static final NodeName B = NodeName.parse("b@b.orga.test");
    private static final TestNodes NODES = new TestNodes(TlsEngine.AUTO);

    private final TlsIdentity identityOfA = NODES.identity("a@a.orga.test");
    private final TlsIdentity identityOfB = NODES.identity("b@b.orga.test");

    private record Ends(PeerIdentity seenByA, PeerIdentity seenByB) {}

    private Ends connect(TlsEngine engineOfA, TlsEngine engineOfB, List<String> ofA, List<String> ofB) {
        var acceptor = new RecordingHandler();
        var dialler = new RecordingHandler();
        try (var a = TlsTransport.builder(identityOfA).engine(engineOfA).build();
                var b = TlsTransport.builder(identityOfB).engine(engineOfB).build()) {
            if (!ofA.isEmpty()) {
                assertThat(a.offerProtocols(ofA)).isTrue();
            }
            if (!ofB.isEmpty()) {
                assertThat(b.offerProtocols(ofB)).isTrue();
            }
            var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            var listener = b.listen(anyPort, AcceptLimits.DEFAULT, () -> acceptor);
            a.connect(B, listener.address(), Duration.ofSeconds(20), dialler);
            return new Ends(dialler.connection().peer(), acceptor.connection().peer());
        }
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL,BORINGSSL", "BORINGSSL,JDK", "JDK,BORINGSSL", "JDK,JDK"})
    void bothTellTheProtocolAndTheCertificates(TlsEngine engineOfA, TlsEngine engineOfB) throws Exception {
        Ends ends = connect(engineOfA, engineOfB, List.of("hawser-2", "hawser-1"), List.of("hawser-1"));
        ChannelBinding ofA = ends.seenByA().binding().orElseThrow();
        ChannelBinding ofB = ends.seenByB().binding().orElseThrow();
        assertThat(ofA.protocol()).isEqualTo("hawser-1");
        assertThat(ofB.protocol()).isEqualTo("hawser-1");
        assertThat(ofA.ownCertificate()).isEqualTo(sha256(identityOfA)).isEqualTo(ofB.peerCertificate());
        assertThat(ofA.peerCertificate()).isEqualTo(sha256(identityOfB)).isEqualTo(ofB.ownCertificate());
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL,BORINGSSL", "BORINGSSL,JDK", "JDK,BORINGSSL", "JDK,JDK"})
    void connectsWithoutAProtocolWhenNoneIsInCommon(TlsEngine engineOfA, TlsEngine engineOfB) {
        for (List<String> ofA : List.of(List.of("hawser-1"), List.<String>of())) {
            for (List<String> ofB : List.of(List.of("hawser-2"), List.<String>of())) {
                Ends ends = connect(engineOfA, engineOfB, ofA, ofB);
                assertThat(ends.seenByA().binding()).isEmpty();
                assertThat(ends.seenByB().binding()).isEmpty();
                assertThat(ends.seenByA().isVerified() && ends.seenByB().isVerified())
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL", "JDK"})
    void tellsTheAddressOfAPeer(TlsEngine engine) {
        Ends ends = connect(engine, engine, List.of(), List.of());
        assertThat(ends.seenByB().origin()).isEqualTo(Optional.of(InetAddress.getLoopbackAddress()));
    }

    private static byte[] sha256(TlsIdentity identity) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256")
                .digest(identity.certificate().getEncoded());
    }
}
