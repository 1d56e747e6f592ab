package io.hawser.certs;

import java.math.BigInteger;
import java.security.cert.CRLReason;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What CRLs say, which is the only place where revocations are kept: roster and listings follow from it. Immutable.
 *
 * @param entries by issuer and number
 */
record Revocations(Map<Key, Revocation> entries) {
    /** Which certificate. */
    record Key(String issuer, BigInteger serial) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            return Comparator.comparing(Key::issuer).thenComparing(Key::serial).compare(this, other);
        }
    }

    static Revocations of(Collection<X509CRL> crls) {
        var entries = new TreeMap<Key, Revocation>();
        for (X509CRL crl : crls) {
            String issuer = crl.getIssuerX500Principal().getName();
            Set<? extends X509CRLEntry> listed = crl.getRevokedCertificates();
            for (X509CRLEntry entry : listed == null ? Set.<X509CRLEntry>of() : listed) {
                entries.put(
                        new Key(issuer, entry.getSerialNumber()),
                        new Revocation(
                                issuer,
                                entry.getSerialNumber(),
                                entry.getRevocationDate().toInstant(),
                                reason(entry.getRevocationReason()),
                                Optional.empty()));
            }
        }
        return new Revocations(entries);
    }

    private static String reason(@Nullable CRLReason reason) {
        if (reason == null) {
            return RevocationReason.UNSPECIFIED.label();
        }
        for (RevocationReason known : RevocationReason.values()) {
            if (known.name().equals(reason.name())) {
                return known.label();
            }
        }
        return reason.name().toLowerCase(Locale.ROOT);
    }

    boolean contains(X509Certificate certificate) {
        return find(certificate).isPresent();
    }

    Optional<Revocation> find(X509Certificate certificate) {
        return Optional.ofNullable(
                entries.get(new Key(certificate.getIssuerX500Principal().getName(), certificate.getSerialNumber())));
    }

    /** As rosters and policies carry it: by issuer and number, never by fingerprint, which a holder can change. */
    List<Map<String, Object>> denied() {
        return entries.values().stream()
                .map(entry -> Json.object(
                        "issuer", entry.issuer(),
                        "serial", entry.serial().toString(16),
                        "reason", entry.reason(),
                        "time", entry.at().toString()))
                .toList();
    }
}
