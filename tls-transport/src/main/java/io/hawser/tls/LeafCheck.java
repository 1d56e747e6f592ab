package io.hawser.tls;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Checks that a peer's certificate may be used for what the peer does with it. Thread-safe: immutable. */
final class LeafCheck {
    private static final String ANY_USAGE = "2.5.29.37.0";
    private static final int DIGITAL_SIGNATURE = 0;
    /** By how much CAs let certificates begin earlier than they are made, against clocks that are behind. */
    private static final Duration BACKDATING = Duration.ofHours(1);

    private static final List<ECParameterSpec> CURVES = List.of(curve("secp256r1"), curve("secp384r1"));

    private final boolean strict;
    private final int minRsaBits;
    private final Optional<Duration> maxLife;

    LeafCheck(TrustPolicy policy) {
        this.strict = policy.binding() == NameBinding.FULL;
        this.minRsaBits = strict ? 3072 : 2048;
        this.maxLife = policy.maxNodeLife();
    }

    /**
     * Checks a path's first certificate, and the signatures on all of them.
     *
     * @throws CertificateException whose message is the sentence that says why not
     */
    void check(List<X509Certificate> path, TlsRole role) throws CertificateException {
        X509Certificate leaf = path.get(0);
        if (leaf.getBasicConstraints() >= 0) {
            throw refused(TlsRefusal.CA_CERTIFICATE, "is a CA's", "a node's");
        }
        checkKeyUsage(leaf);
        checkExtendedKeyUsage(leaf, role);
        checkKey(leaf.getPublicKey());
        checkLife(leaf);
        for (X509Certificate certificate : path) {
            checkSignature(certificate.getSigAlgName());
        }
    }

    private void checkKeyUsage(X509Certificate leaf) throws CertificateException {
        boolean[] usage = leaf.getKeyUsage();
        if (usage == null ? strict : !usage[DIGITAL_SIGNATURE]) {
            throw refused(TlsRefusal.WRONG_KEY_USAGE, "is not for signatures", "key usage digitalSignature");
        }
    }

    private void checkExtendedKeyUsage(X509Certificate leaf, TlsRole role) throws CertificateException {
        List<String> usages = leaf.getExtendedKeyUsage();
        boolean fits =
                usages == null ? !strict : usages.contains(role.oid()) || (!strict && usages.contains(ANY_USAGE));
        if (!fits) {
            throw refused(
                    TlsRefusal.WRONG_EXTENDED_KEY_USAGE,
                    "is not for a TLS " + role.name().toLowerCase(Locale.ROOT),
                    "extended key usage " + role.usage());
        }
    }

    private void checkKey(PublicKey key) throws CertificateException {
        if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() >= minRsaBits) {
            return;
        }
        if (key instanceof ECPublicKey ec && CURVES.stream().anyMatch(curve -> isCurve(ec.getParams(), curve))) {
            return;
        }
        String found = key instanceof RSAPublicKey rsa
                ? "an RSA key of " + rsa.getModulus().bitLength() + " bits"
                : "a key of kind " + key.getAlgorithm() + " or an unusual curve";
        throw refused(
                TlsRefusal.WEAK_KEY, "has " + found, "EC P-256, P-384, or RSA of " + minRsaBits + " bits or more");
    }

    private void checkLife(X509Certificate leaf) throws CertificateException {
        Instant begins = leaf.getNotBefore().toInstant();
        Instant ends = leaf.getNotAfter().toInstant();
        if (maxLife.isPresent() && ends.isAfter(begins.plus(maxLife.get()).plus(BACKDATING))) {
            throw refused(
                    TlsRefusal.LIFE_TOO_LONG,
                    "is valid from " + begins + " to " + ends,
                    "for " + maxLife.get().toHours() + " hours at most");
        }
    }

    private static boolean isCurve(ECParameterSpec found, ECParameterSpec curve) {
        return found.getOrder().equals(curve.getOrder())
                && found.getCurve().equals(curve.getCurve())
                && found.getGenerator().equals(curve.getGenerator());
    }

    private static void checkSignature(String algorithm) throws CertificateException {
        String name = algorithm.toUpperCase(Locale.ROOT);
        if (name.startsWith("SHA1") || name.startsWith("SHA224") || name.startsWith("MD")) {
            throw refused(
                    TlsRefusal.WEAK_SIGNATURE, "or one above it is signed with " + algorithm, "SHA-256 or better");
        }
    }

    private static CertificateException refused(TlsRefusal refusal, String found, String expected) {
        return refusal.because("the peer's certificate " + found + " (expected: " + expected + ")");
    }

    private static ECParameterSpec curve(String name) {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec(name));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no curve " + name, e);
        }
    }
}
