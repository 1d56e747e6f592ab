package io.hawser.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.testing.ManualScheduler;
import io.hawser.testing.RecordingHandler;
import io.hawser.tls.TestCa.Leaf;
import io.hawser.tls.TestCa.LeafSpec;
import io.hawser.transport.AcceptLimits;
import io.hawser.transport.Connection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Renewals with a peer that takes whatever it is shown, and has its own idea of when each step is due. */
@ParameterizedClass
@EnumSource(names = {"BORINGSSL", "JDK"})
class RenewalWithOddPeerTest {
    private static final TestCa OLD = TestCa.root("Orga Root");
    private static final TestCa NEW = TestCa.root("Orga Root 2");
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String A = "a@a.orga.test";
    private static final String B = "b@b.orga.test";
    private static final Leaf OF_A = OLD.issue(LeafSpec.node(A));
    private static final int MAX_PACKET = 4 * 1024 * 1024;

    private final ManualScheduler time = new ManualScheduler();
    private final RecordingHandler atB = new RecordingHandler().atOpen(RenewalWithOddPeerTest::connected);
    private volatile Instant now = Instant.now();
    private final TlsCredentials ofB = TlsCredentials.of(
            identity(OLD.issue(LeafSpec.node(B).validFrom(now.minusSeconds(60), now.plusSeconds(3600))), OLD, NEW));
    private final TlsTransport b;

    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    };

    RenewalWithOddPeerTest(TlsEngine engine) {
        b = TlsTransport.builder(ofB).engine(engine).time(time, clock).build();
        b.offerProtocols(List.of("test"));
    }

    @AfterEach
    void close() {
        b.close();
    }

    private static void connected(Connection connection) {
        connection.outboundConnected();
        connection.inboundConnected(MAX_PACKET);
        connection.admitted();
    }

    private static TlsIdentity identity(Leaf leaf, TestCa... trusted) {
        var policy = new TrustPolicy.Parts(
                Arrays.stream(trusted).map(TestCa::certificate).toList(), NameBinding.FULL);
        policy.crls = List.of(OLD.crl(), NEW.crl());
        return TestCa.identity(leaf, policy);
    }

    private OddPeer dialled() throws Exception {
        try (var listener = b.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new AcceptLimits(LONG, 10, 10),
                () -> atB)) {
            OddPeer peer = OddPeer.dial(listener.address(), OF_A);
            assertThat(atB.connection().peer().isVerified()).isTrue();
            return peer;
        }
    }

    private void trustNewRootAlone() {
        TlsIdentity present = ofB.identity();
        var policy = new TrustPolicy.Parts(List.of(NEW.certificate()), NameBinding.FULL);
        policy.crls = List.of(OLD.crl(), NEW.crl());
        ofB.replace(new TlsIdentity(present.key(), present.chain(), policy.build()));
        time.runReady();
    }

    @Test
    void nobodyKeepsAConnectionBeyondTheEndOfOurCertificateByTakingItAgain() throws Exception {
        try (OddPeer peer = dialled()) {
            now = now.plusSeconds(3601);
            time.advance(Duration.ofSeconds(1));
            peer.hear(Renewal.ASK);
            peer.begin();
            peer.secureAgain(OF_A);
            peer.prove();
            assertThat(Joined.code(atB)).contains(TlsRefusal.OWN_CERTIFICATE_EXPIRED);
        }
    }

    @Test
    void whatIsTrustedNoMoreWhileTheHandshakeIsOnItsWayIsNotTakenAfterIt() throws Exception {
        try (OddPeer peer = dialled()) {
            peer.begin();
            trustNewRootAlone();
            peer.secureAgain(OF_A);
            peer.prove();
            assertThat(Joined.code(atB)).contains(TlsRefusal.UNTRUSTED_ROOT);
        }
    }

    @Test
    void whatIsTrustedNoMoreBeforeTheProofIsShownOnceMoreInTheSameTime() throws Exception {
        try (OddPeer peer = dialled()) {
            peer.begin();
            peer.secureAgain(OF_A);
            peer.hear(Renewal.PROOF);
            trustNewRootAlone();
            peer.prove();
            peer.hear(Renewal.ASK);
            peer.begin();
            peer.secureAgain(NEW.issue(LeafSpec.node(A)));
            peer.hear(Renewal.PROOF);
            peer.prove();
            byte[] packet = {(byte) 131, 1, 2};
            peer.say(packet);
            assertThat(atB.packet()).isEqualTo(packet);
        }
    }

    @Test
    void nothingIsRenewedBeforeBothSidesAreConnected() throws Exception {
        atB.atOpen(connection -> connection.inboundConnected(MAX_PACKET));
        try (OddPeer peer = dialled()) {
            peer.say(Renewal.BEGIN, new byte[Renewal.NONCE_BYTES]);
            assertThat(atB.packet()).startsWith(Renewal.TAG, Renewal.BEGIN);
        }
    }
}
