package io.hawser.certs;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.util.Date;
import java.util.Optional;
import java.util.Set;

/** Has a Java security provider judge: path, names, purposes and revocation. Thread-safe (immutable). */
final class ProviderJudge {
    private final Provider provider;
    private final Presented presented;

    /** @param provider offers PKIX validation */
    ProviderJudge(Provider provider, Presented presented) {
        this.provider = provider;
        this.presented = presented;
    }

    Optional<Refusal> refusal(Role role) {
        Optional<Presented.Path> path = presented.path();
        if (path.isEmpty()) {
            return Optional.of(
                    Refusal.of("no way from the certificate to a trusted root: a CA is missing, or foreign"));
        }
        try {
            var parameters =
                    new PKIXParameters(Set.of(new TrustAnchor(path.get().root(), null)));
            parameters.setDate(Date.from(presented.at()));
            parameters.setRevocationEnabled(!presented.crls().isEmpty());
            parameters.addCertStore(
                    CertStore.getInstance("Collection", new CollectionCertStoreParameters(presented.crls())));
            var purpose = new X509CertSelector();
            purpose.setKeyUsage(new boolean[] {true});
            purpose.setExtendedKeyUsage(Set.of(role.purpose()));
            if (!purpose.match(presented.leaf())) {
                return Optional.of(Refusal.of("its key usage or extended key usage does not hold what TLS needs"));
            }
            CertPathValidator.getInstance("PKIX", provider)
                    .validate(
                            CertificateFactory.getInstance("X.509")
                                    .generateCertPath(path.get().certificates()),
                            parameters);
            return Optional.empty();
        } catch (CertPathValidatorException e) {
            String message = e.getMessage() == null ? e.getReason().toString() : Names.printable(e.getMessage());
            return Optional.of(new Refusal(kind(e), message));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("no PKIX validation in " + provider.getName(), e);
        } catch (RuntimeException e) {
            return Optional.of(Refusal.of("it cannot make sense of the chain (" + Names.printable(e.toString()) + ")"));
        }
    }

    private static Refusal.Kind kind(CertPathValidatorException e) {
        if (e.getReason() == BasicReason.EXPIRED) {
            return Refusal.Kind.EXPIRED;
        }
        if (e.getReason() == BasicReason.REVOKED) {
            return Refusal.Kind.REVOKED;
        }
        return e.getReason() == BasicReason.UNDETERMINED_REVOCATION_STATUS ? Refusal.Kind.CRL : Refusal.Kind.OTHER;
    }
}
