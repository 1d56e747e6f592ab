package io.hawser.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.tls.TestCa.LeafSpec;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A path that was found before is not sought again, and lets nobody in whom a search would keep out. */
class RememberedPathTest {
    private static final TestCa ROOT = TestCa.root("Orga Root");
    private static final TestCa ISSUING = ROOT.issuing("Orga Issuing");

    private final Instant now = Instant.now();
    private final Instant begin = now.minus(Duration.ofMinutes(5));
    private final Instant end = now.plus(Duration.ofHours(1));
    private final PathCheck paths =
            new PathCheck(new TrustPolicy.Parts(List.of(ROOT.certificate()), NameBinding.FULL).build());
    private final List<X509Certificate> chain =
            ISSUING.issue(LeafSpec.node("a@a.orga.test").validFrom(begin, end)).chain();

    private static X509Certificate read(byte[] der) throws CertificateException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    private static List<X509Certificate> copy(List<X509Certificate> chain) throws CertificateException {
        var copy = new ArrayList<X509Certificate>();
        for (X509Certificate certificate : chain) {
            copy.add(read(certificate.getEncoded()));
        }
        return copy;
    }

    @Test
    void isFoundByWhatWasSent() throws CertificateException {
        PathCheck.Path first = paths.check(chain, now);
        assertThat(paths.check(copy(chain), now)).isSameAs(first);
    }

    @Test
    void endsWhenItsCertificatesDo() throws CertificateException {
        paths.check(chain, now);
        assertThatThrownBy(() -> paths.check(chain, end.plusSeconds(1)))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("expired");
        assertThatThrownBy(() -> paths.check(chain, begin.minusSeconds(1))).isInstanceOf(CertificateException.class);
    }

    @Test
    void isNotThatOfACertificateThatDiffersInOneBit() throws CertificateException {
        paths.check(chain, now);
        byte[] der = chain.get(0).getEncoded();
        der[der.length - 1] ^= 1; // of the signature
        List<X509Certificate> forged = List.of(read(der), chain.get(1));
        assertThatThrownBy(() -> paths.check(forged, now)).isInstanceOf(CertificateException.class);
    }

    @Test
    void isNotRememberedWithWhatAPeerSendsBesides() throws CertificateException {
        List<X509Certificate> more = new ArrayList<>(chain);
        more.add(TestCa.root("Noise").certificate());
        PathCheck.Path first = paths.check(more, now);
        assertThat(paths.check(more, now)).isNotSameAs(first);
    }
}
