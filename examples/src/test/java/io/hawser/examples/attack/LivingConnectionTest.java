package io.hawser.examples.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieHandshakes;
import io.hawser.examples.attack.Mint.Coin;
import io.hawser.examples.interop.Organisation;
import io.hawser.node.ConnectionInfo;
import io.hawser.term.NodeName;
import io.hawser.testing.Await;
import io.hawser.tls.NameBinding;
import io.hawser.tls.TlsCredentials;
import io.hawser.tls.TlsEngine;
import io.hawser.tls.TlsIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509CRL;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Who was let in rightly and is not right any more, while the connection stands; the others do not notice. */
@ParameterizedClass
@EnumSource(names = {"BORINGSSL", "JDK"})
class LivingConnectionTest {
    private static final NodeName A = NodeName.parse("a@a.orga.test");
    private static final NodeName B = NodeName.parse("b@b.orga.test");
    private static final NodeName C = NodeName.parse("c@c.orga.test");
    private static final NodeName D = NodeName.parse("d@d.orga.test");

    @TempDir
    private Path directory;

    private final TlsEngine engine;

    LivingConnectionTest(TlsEngine engine) {
        this.engine = engine;
    }

    /** A node that was dialled by two others. */
    private record Three(Victim a, Victim b, Victim c) implements AutoCloseable {
        Three {
            for (Victim each : List.of(b, c)) {
                each.believes(A, a.address());
                assertThat(ping(each)).isTrue();
            }
            assertThat(a.node().connections()).hasSize(2);
        }

        static boolean ping(Victim from) {
            try {
                return from.node().ping(A, Victim.SOON);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }

        /** The next to go is c, for that reason, and does not come back; b is still on its first connection. */
        void assertThatCGoes(String code) {
            long before = messagesFrom(b);
            assertThat(a.ending()).startsWith(code + " ");
            Await.until(
                    Victim.SOON, "c has noticed", () -> c.node().connections().isEmpty());
            assertThatThrownBy(() -> c.node().connect(A, Victim.SOON)).hasMessageContaining("a@a.orga.test: ");
            assertThat(a.ending()).startsWith(code + " ");
            assertThat(ping(b)).isTrue();
            assertThat(messagesFrom(b)).as("on one connection").isGreaterThan(before);
        }

        private long messagesFrom(Victim from) {
            return a.node().connections().stream()
                    .filter(connection -> connection.node().equals(from.node().name()))
                    .mapToLong(ConnectionInfo::messagesIn)
                    .findFirst()
                    .orElse(-1);
        }

        @Override
        public void close() {
            c.close();
            b.close();
            a.close();
        }
    }

    private Three three(Path filesOfA, TlsIdentity ofB, TlsIdentity ofC) {
        return new Three(
                Victim.watching(TlsCredentials.watch(filesOfA), engine),
                Victim.start(ofB, engine),
                Victim.start(ofC, engine));
    }

    private Three three(Organisation organisation) {
        organisation.issue(A.toString(), B.toString(), C.toString());
        return three(
                organisation.exportJava(A.toString()),
                TlsIdentity.load(organisation.exportJava(B.toString())),
                TlsIdentity.load(organisation.exportJava(C.toString())));
    }

    @Test
    void whoIsRevokedWhileConnectedGoes() {
        var organisation = new Organisation(directory, Clock.systemUTC());
        try (var three = three(organisation)) {
            organisation.revoke(C.toString()).exportJava(A.toString());
            three.assertThatCGoes("CERTIFICATE_REVOKED");
        }
    }

    @Test
    void whoIsRemovedFromTheRosterWhileConnectedGoes() throws Exception {
        var organisation = new Organisation(directory, Clock.systemUTC());
        try (var three = three(organisation)) {
            Path policy = organisation.exportJava(A.toString()).resolve("policy.json");
            String without = Files.readString(policy).replace("/node/c.orga.test/c", "/node/d.orga.test/d");
            Path changed =
                    Files.writeString(directory.resolve("changed"), without.replace(C.toString(), "d@d.orga.test"));
            Files.move(changed, policy, StandardCopyOption.ATOMIC_MOVE);
            three.assertThatCGoes("NOT_IN_ROSTER");
        }
    }

    /**
     * Real time: certificates that end in a few seconds, shown by two who do not close of their own accord, of whom one has
     * a certificate that would go on if its CA did.
     */
    @Test
    void whoseCertificateOrCaExpiresWhileConnectedGoes() throws Exception {
        Mint root = Mint.root("Orga Root");
        Mint lasting = root.issuing("Orga Issuing", Instant.now().plusSeconds(3600));
        Coin ofA = lasting.honest(A.toString());
        var credentials = TlsCredentials.of(identity(root, ofA, root.emptyCrl(), lasting.emptyCrl()));
        TlsIdentity ofB = identity(root, lasting.honest(B.toString()), root.emptyCrl(), lasting.emptyCrl());
        try (var a = Victim.watching(credentials, engine);
                var b = Victim.start(ofB, engine)) {
            b.believes(A, a.address());
            assertThat(b.node().ping(A, Victim.SOON)).isTrue();

            Instant soon = Instant.now().plusSeconds(5);
            Mint ending = root.issuing("Orga Issuing Too", soon);
            credentials.replace(identity(root, ofA, root.emptyCrl(), lasting.emptyCrl(), ending.emptyCrl()));
            Coin ofC = lasting.honest(C.toString(), soon);
            Coin ofD = ending.honest(D.toString(), soon.plusSeconds(3600));
            try (var c = Impostor.dial(a.address(), ofC);
                    var d = Impostor.dial(a.address(), ofD)) {
                assertThat(isAdmitted(c, C)).isTrue();
                assertThat(isAdmitted(d, D)).isTrue();
                assertThat(List.of(a.ending(), a.ending()))
                        .allSatisfy(why -> assertThat(why).startsWith("CERTIFICATE_EXPIRED "));
                assertThat(c.hear()).isEmpty();
                assertThat(d.hear()).isEmpty();
            }
            assertThat(b.node().ping(A, Victim.SOON)).isTrue();
            assertThat(a.node().connections()).hasSize(1);
        }
    }

    private static boolean isAdmitted(Impostor impostor, NodeName name) throws Exception {
        var handshakes = CookieHandshakes.otp(Cookie.of(Victim.COOKIE));
        return Proving.initiator(impostor, handshakes, name.toString(), A.toString())
                .isAdmitted();
    }

    @Test
    void nobodyStaysWhoseRevocationListHasExpired() throws Exception {
        Mint root = Mint.root("Orga Root");
        Coin ofA = root.honest(A.toString());
        var credentials = TlsCredentials.of(identity(root, ofA, root.emptyCrl()));
        try (var a = Victim.watching(credentials, engine);
                var b = Victim.start(identity(root, root.honest(B.toString()), root.emptyCrl()), engine)) {
            b.believes(A, a.address());
            assertThat(b.node().ping(A, Victim.SOON)).isTrue();
            credentials.replace(identity(root, ofA, root.emptyCrl(Instant.now().plusSeconds(3))));
            assertThat(a.ending()).startsWith("CRL_STALE ");
            Await.until(
                    Victim.SOON, "b has noticed", () -> b.node().connections().isEmpty());
            assertThatThrownBy(() -> b.node().connect(A, Victim.SOON)).hasMessageContaining("a@a.orga.test: ");
            assertThat(a.ending()).startsWith("CRL_STALE ");
        }
    }

    private TlsIdentity identity(Mint root, Coin coin, X509CRL... lists) {
        return root.identity(directory.resolve("files"), coin, NameBinding.FULL, lists);
    }
}
