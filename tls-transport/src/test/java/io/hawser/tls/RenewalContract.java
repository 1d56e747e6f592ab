package io.hawser.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.term.NodeName;
import io.hawser.testing.Await;
import io.hawser.testing.ManualScheduler;
import io.hawser.tls.TestCa.Leaf;
import io.hawser.tls.TestCa.LeafSpec;
import io.hawser.transport.AcceptLimits;
import io.hawser.transport.TransportException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Connections whose certificates have had their time while packets flow both ways, as fast as they go. Each engine has to do
 * the same.
 */
abstract class RenewalContract {
    private static final TestCa OLD = TestCa.root("Orga Root");
    private static final TestCa NEW = TestCa.root("Orga Root 2");
    private static final List<X509CRL> LISTS = List.of(OLD.crl(), NEW.crl());
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String A = "a@a.orga.test";
    private static final String B = "b@b.orga.test";

    private final ManualScheduler time = new ManualScheduler();
    private final List<TlsTransport> transports = new ArrayList<>();
    private final NumberedPackets atA = new NumberedPackets(2000);
    private final NumberedPackets atB = new NumberedPackets(2000);
    private final TlsCredentials ofA = TlsCredentials.of(identity(A, OLD, OLD, NEW));
    private final TlsCredentials ofB = TlsCredentials.of(identity(B, OLD, OLD, NEW));
    private volatile Instant now = Instant.now();

    abstract TlsEngine engine();

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

    private static TlsIdentity identity(String name, TestCa by, TestCa... trusted) {
        return identity(by.issue(LeafSpec.node(name)), trusted);
    }

    private static TlsIdentity identity(Leaf leaf, TestCa... trusted) {
        var policy = new TrustPolicy.Parts(
                Arrays.stream(trusted).map(TestCa::certificate).toList(), NameBinding.FULL);
        policy.crls = LISTS;
        return TestCa.identity(leaf, policy);
    }

    private TlsTransport start(TlsCredentials credentials, List<String> protocols) {
        TlsTransport made = TlsTransport.builder(credentials)
                .engine(engine())
                .time(time, clock)
                .build();
        made.offerProtocols(protocols);
        transports.add(made);
        return made;
    }

    /** A dials B, and packets flow. */
    private void connect(String... protocols) {
        try (var listener = start(ofB, List.of(protocols))
                .listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        new AcceptLimits(LONG, 10, 10),
                        () -> atB)) {
            start(ofA, List.of(protocols)).connect(NodeName.parse(B), listener.address(), LONG, atA);
            goesOn();
        }
    }

    @AfterEach
    void close() {
        transports.forEach(TlsTransport::close);
    }

    private void goesOn() {
        atA.awaitProgress();
        atB.awaitProgress();
    }

    private void change(TlsCredentials of, TlsIdentity to) {
        of.replace(to);
        time.runReady();
    }

    private static X509Certificate shownTo(NumberedPackets end) {
        return end.connection().peer().security().orElseThrow().peerChain().get(0);
    }

    private void awaitShown(TlsCredentials byA, TlsCredentials byB) {
        Await.until(
                LONG,
                "new certificates are seen",
                () -> shownTo(atA).equals(byB.identity().certificate())
                        && shownTo(atB).equals(byA.identity().certificate()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingIsLostWhenTheOldRootGoesFromOneSideAndThenFromTheOther(boolean diallerFirst) {
        connect("test");
        change(ofA, identity(A, NEW, OLD, NEW));
        change(ofB, identity(B, NEW, OLD, NEW));
        goesOn();
        assertThat(shownTo(atA)).isNotEqualTo(ofB.identity().certificate());

        TlsCredentials first = diallerFirst ? ofA : ofB;
        TlsCredentials second = diallerFirst ? ofB : ofA;
        change(first, ofNewRootAlone(first));
        awaitShown(ofA, ofB);
        goesOn();
        change(second, ofNewRootAlone(second));
        goesOn();
    }

    private TlsIdentity ofNewRootAlone(TlsCredentials of) {
        TlsIdentity present = of.identity();
        var policy = new TrustPolicy.Parts(List.of(NEW.certificate()), NameBinding.FULL);
        policy.crls = LISTS;
        return new TlsIdentity(present.key(), present.chain(), policy.build());
    }

    @Test
    void nothingIsLostWhenTheOldRootGoesFromBothSidesAtOnceThreeTimes() {
        connect("test");
        TestCa before = OLD;
        for (TestCa next : List.of(NEW, OLD, NEW)) {
            change(ofA, identity(A, next, before, next));
            change(ofB, identity(B, next, before, next));
            ofA.replace(identity(A, next, next));
            ofB.replace(identity(B, next, next));
            time.runReady();
            awaitShown(ofA, ofB);
            goesOn();
            before = next;
        }
    }

    @Test
    void nothingIsLostWhenACertificateEndsThatWasRenewedBefore() {
        ofA.replace(identity(OLD.issue(LeafSpec.node(A).validFrom(now.minusSeconds(60), now.plusSeconds(3600))), OLD));
        connect("test");
        change(ofA, identity(A, OLD, OLD));
        X509Certificate shown = shownTo(atB);
        now = now.plusSeconds(3601);
        time.advance(Duration.ofSeconds(1));
        awaitShown(ofA, ofB);
        assertThat(shownTo(atB)).isNotEqualTo(shown);
        goesOn();
    }

    @Test
    void nothingIsLostWhileNobodyReads() {
        connect("test");
        atA.connection().reading(false);
        atB.connection().reading(false);
        change(ofA, identity(A, NEW, OLD, NEW));
        change(ofB, identity(B, NEW, OLD, NEW));
        ofA.replace(ofNewRootAlone(ofA));
        ofB.replace(ofNewRootAlone(ofB));
        time.runReady();
        awaitShown(ofA, ofB);
        atA.connection().reading(true);
        atB.connection().reading(true);
        goesOn();
    }

    @Test
    void whoHasNothingNewerIsClosedForWhatHasEnded() {
        connect("test");
        change(ofB, identity(B, NEW, OLD, NEW));
        change(ofB, ofNewRootAlone(ofB));
        Optional<TransportException> cause = atB.cause();
        assertThat(cause.flatMap(TransportException::code)).contains(TlsRefusal.UNTRUSTED_ROOT);
        assertThat(cause.orElseThrow())
                .hasMessageEndingWith(
                        ": the peer's certificate is not issued by a CA we trust (found issuer CN=Orga Root, expected:"
                                + " CN=Orga Root 2)");
        assertThat(atA.cause().orElseThrow()).hasMessageContaining("peer refused our certificate");
    }

    @Test
    void aPeerThatAgreedOnNothingIsClosedAsEver() {
        connect();
        change(ofA, identity(A, NEW, OLD, NEW));
        change(ofB, identity(B, NEW, OLD, NEW));
        change(ofB, ofNewRootAlone(ofB));
        assertThat(atB.cause().flatMap(TransportException::code)).contains(TlsRefusal.UNTRUSTED_ROOT);
    }

    @Test
    void whoIsRevokedIsClosedWhateverItHasMeanwhile() {
        connect("test");
        Leaf revoked = OLD.issue(LeafSpec.node(A));
        change(ofA, identity(A, NEW, OLD, NEW));
        var policy = new TrustPolicy.Parts(List.of(NEW.certificate(), OLD.certificate()), NameBinding.FULL);
        policy.crls = List.of(NEW.crl(), OLD.crl(shownTo(atB), revoked.certificate()));
        change(ofB, TestCa.identity(NEW.issue(LeafSpec.node(B)), policy));
        assertThat(atB.cause().flatMap(TransportException::code)).contains(TlsRefusal.CERTIFICATE_REVOKED);
    }
}
