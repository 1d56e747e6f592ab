package io.hawser.examples.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieHandshakes;
import io.hawser.examples.attack.Mint.Coin;
import io.hawser.term.NodeName;
import io.hawser.tls.NameBinding;
import io.hawser.tls.TlsEngine;
import io.hawser.tls.TlsIdentity;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Somebody between two nodes who holds a certificate and does not know the cookie. With {@link NameBinding#HOST} the
 * certificate is good for the names of both, as all nodes of a host may use it: only the strong proof is left.
 */
@ParameterizedClass
@EnumSource(names = {"BORINGSSL", "JDK"})
class RelayTest {
    private static final String STRONG = "hawser-strong-1";
    private static final NodeName A = NodeName.parse("a@shared.orga.test");
    private static final NodeName B = NodeName.parse("b@shared.orga.test");
    private static final Mint MINT = Mint.root("Orga Root");
    private static final Coin OF_SOMEBODY_ON_THAT_HOST = MINT.honest("m@shared.orga.test");

    @TempDir
    private static Path directory;

    private final TlsEngine engine;

    RelayTest(TlsEngine engine) {
        this.engine = engine;
    }

    /** The two nodes that somebody stands between. */
    private record Two(Victim a, Victim b) implements AutoCloseable {
        void assertNothingStands() {
            assertThat(a.node().connections()).isEmpty();
            assertThat(b.node().connections()).isEmpty();
        }

        void connect() throws InterruptedException {
            a.node().connect(B, Victim.SOON);
        }

        @Override
        public void close() {
            a.close();
            b.close();
        }
    }

    private Two start(NameBinding binding, CookieHandshakes ofA, CookieHandshakes ofB) {
        return new Two(start(A, binding, ofA), start(B, binding, ofB));
    }

    private Victim start(NodeName name, NameBinding binding, CookieHandshakes handshakes) {
        TlsIdentity identity = MINT.identity(directory.resolve(name.toString()), MINT.honest(name.toString()), binding);
        return Victim.start(identity, engine, handshakes);
    }

    private static CookieHandshakes auto() {
        return CookieHandshakes.auto(Cookie.of(Victim.COOKIE));
    }

    private static CookieHandshakes strong() {
        return CookieHandshakes.strong(Cookie.of(Victim.COOKIE));
    }

    @Test
    void whoHoldsACertificateCannotRelayTheStrongProof() throws Exception {
        try (var two = start(NameBinding.HOST, auto(), auto());
                var relay = Relay.to(two.b().address(), OF_SOMEBODY_ON_THAT_HOST, STRONG)) {
            two.a().believes(B, relay.address());
            assertThatThrownBy(two::connect).hasMessageContaining("closed after our challenge reply");
            assertThat(two.b().ending()).contains("strong reply proves none of our cookies on this connection");
            two.assertNothingStands();
        }
    }

    @Test
    void whoRelaysCannotTalkTwoStrictNodesIntoOtpsProof() throws Exception {
        try (var two = start(NameBinding.HOST, strong(), strong());
                var relay = Relay.to(two.b().address(), OF_SOMEBODY_ON_THAT_HOST)) {
            two.a().believes(B, relay.address());
            assertThatThrownBy(two::connect).hasMessageContaining("does not speak " + STRONG);
            two.assertNothingStands();
        }
    }

    @Test
    void whoRelaysCannotDowngradeNodesThatWereStrongBefore() throws Exception {
        try (var two = start(NameBinding.HOST, auto(), auto());
                var relay = Relay.to(two.b().address(), OF_SOMEBODY_ON_THAT_HOST)) {
            two.a().believes(B, two.b().address());
            two.connect();
            two.a().node().disconnect(B);
            two.b().ending();
            two.a().believes(B, relay.address());
            assertThatThrownBy(two::connect).hasMessageContaining("no longer speaks " + STRONG);
            two.assertNothingStands();
        }
    }

    @Test
    void whoseCertificateIsForAnotherNodeRelaysNothing() throws Exception {
        try (var two = start(NameBinding.FULL, auto(), auto());
                var relay = Relay.to(two.b().address(), OF_SOMEBODY_ON_THAT_HOST)) {
            two.a().believes(B, relay.address());
            assertThatThrownBy(two::connect).hasMessageContaining("the peer's certificate is for m@shared.orga.test");
            two.assertNothingStands();
        }
    }

    /** What is not promised: an attacker on the peer's own host, who is there before the two nodes first meet. */
    @Test
    void theFirstContactByOtpsProofCanBeRelayedByWhoHoldsACertificateOfTheHost() throws Exception {
        try (var two = start(NameBinding.HOST, auto(), auto());
                var relay = Relay.to(two.b().address(), OF_SOMEBODY_ON_THAT_HOST)) {
            two.a().believes(B, relay.address());
            two.connect();
            assertThat(two.a().node().connections()).singleElement().satisfies(connection -> {
                assertThat(connection.proof()).isEqualTo("otp");
                assertThat(connection.peer()).as("is told who that is").contains("m@shared.orga.test");
            });
        }
    }
}
