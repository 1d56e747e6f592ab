package io.hawser.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.term.NodeName;
import io.hawser.testing.RecordingHandler;
import io.hawser.transport.AcceptLimits;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is on the wire: groups, suites, and that nothing is resumed or sent early. */
class TlsParametersTest {
    private static final TestNodes NODES = new TestNodes(TlsEngine.AUTO);
    private static final int HYBRID = 0x11EC;
    private static final int X25519 = 0x001D;
    private static final int P256 = 0x0017;
    private static final int P384 = 0x0018;
    private static final Set<Integer> SUITES = Set.of(0x1301, 0x1302, 0x1303);
    private static final int SCSV = 0x00FF;
    private static final int SESSION_TICKET = 35;
    private static final int PRE_SHARED_KEY = 41;
    private static final int EARLY_DATA = 42;

    @ParameterizedTest
    @CsvSource({"BORINGSSL,BORINGSSL", "BORINGSSL,JDK", "JDK,BORINGSSL", "JDK,JDK"})
    void offersWhatIsDocumentedAndPrefersTheHybridGroup(TlsEngine engineOfA, TlsEngine engineOfB) throws Exception {
        var acceptor = new RecordingHandler();
        var dialler = new RecordingHandler();
        try (var a = TlsTransport.builder(NODES.identity("a@a.orga.test"))
                        .engine(engineOfA)
                        .build();
                var b = TlsTransport.builder(NODES.identity("b@b.orga.test"))
                        .engine(engineOfB)
                        .build();
                var listener = b.listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        AcceptLimits.DEFAULT,
                        () -> acceptor);
                var between = new Eavesdropper(listener.address())) {
            a.connect(NodeName.parse("b@b.orga.test"), between.address(), Duration.ofSeconds(20), dialler);
            assertThat(acceptor.connection().peer().isVerified()).isTrue();

            Hello client = between.clientHello();
            List<Integer> groups = client.groups();
            if (engineOfA == TlsEngine.BORINGSSL) {
                assertThat(groups).containsExactly(HYBRID, X25519, P256, P384);
            } else {
                assertThat(groups).containsSubsequence(X25519, P256, P384).isSubsetOf(HYBRID, X25519, P256, P384);
            }
            assertThat(SUITES)
                    .containsAll(client.suites().stream()
                            .filter(suite -> suite != SCSV)
                            .toList());
            assertThat(client.extensions()).doesNotContainKeys(PRE_SHARED_KEY, EARLY_DATA, SESSION_TICKET);

            Hello server = between.serverHello();
            boolean both = groups.contains(HYBRID) && engineOfB == TlsEngine.BORINGSSL;
            assertThat(server.selectedGroup()).isEqualTo(both ? HYBRID : X25519);
            assertThat(SUITES).containsAll(server.suites());
        }
    }
}
