package io.hawser.tls;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks the certificates of a path up in revocation lists that are at hand (RFC 5280, 6.3). Each CA in it must have a list
 * that is signed with its key and has not ended. Lists are whole: one with a critical extension, as partial and indirect
 * ones have, is not taken.
 *
 * <p>Not the JDK's checker, which neither says until when its answer holds, nor which list was missing, nor remembers whose
 * signature on a list it has verified: that makes judging thousands of live connections a matter of looking up numbers.
 *
 * <p>Thread-safe: immutable, but for what is remembered.
 */
final class RevocationCheck {
    private static final Logger LOG = LoggerFactory.getLogger(RevocationCheck.class);
    /** How far our clock may be behind that of a CA. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private static final int CRL_SIGN = 6;
    private static final int MAX_REMEMBERED = 1024;

    private final List<X509CRL> lists;
    private final Duration grace;
    /** By number of list and key. */
    private final Map<SignedBy, Boolean> signatures = new ConcurrentHashMap<>();

    private final Set<X509CRL> saidStale = ConcurrentHashMap.newKeySet();

    private record SignedBy(int list, PublicKey key) {}

    /** @param grace how long after its end a list is still taken */
    RevocationCheck(List<X509CRL> lists, Duration grace) {
        this.lists = lists;
        this.grace = grace;
    }

    /**
     * Checks all certificates of a path.
     *
     * @return when the first of the lists ends that the answer rests on, grace included
     * @throws CertificateException whose message is the sentence that says why not
     */
    Instant check(PathCheck.Path path, Instant now) throws CertificateException {
        Instant ends = Instant.MAX;
        for (int i = 0; i < path.certificates().size(); i++) {
            Instant end = check(path, i, now);
            ends = end.isBefore(ends) ? end : ends;
        }
        return ends;
    }

    private Instant check(PathCheck.Path path, int index, Instant now) throws CertificateException {
        X509Certificate certificate = path.certificates().get(index);
        String which = PathDiagnosis.called(path, index);
        X509Certificate issuer = path.issuer(index);
        Optional<Instant> ends = Optional.empty();
        boolean any = false;
        for (int i = 0; i < lists.size(); i++) {
            X509CRL list = lists.get(i);
            if (!isOf(i, issuer)) {
                continue;
            }
            any = true;
            if (list.getRevokedCertificate(certificate) != null) {
                throw (index == 0 ? TlsRefusal.CERTIFICATE_REVOKED : TlsRefusal.CA_REVOKED)
                        .because(which + " is revoked");
            }
            Optional<Instant> end = usableUntil(list, now);
            if (end.isPresent() && (ends.isEmpty() || end.get().isAfter(ends.get()))) {
                ends = end;
            }
        }
        if (ends.isEmpty()) {
            throw (any ? TlsRefusal.CRL_STALE : TlsRefusal.CRL_MISSING)
                    .because("no valid revocation list says whether " + which + " is revoked (expected: a CRL of "
                            + PathDiagnosis.name(issuer.getSubjectX500Principal()) + " that has not expired)");
        }
        return ends.get();
    }

    /** Whether a list was issued by a CA. */
    private boolean isOf(int number, X509Certificate issuer) {
        X509CRL list = lists.get(number);
        if (!list.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            return false;
        }
        boolean[] usage = issuer.getKeyUsage();
        Set<String> critical = list.getCriticalExtensionOIDs();
        if ((usage != null && !usage[CRL_SIGN]) || (critical != null && !critical.isEmpty())) {
            return false;
        }
        var by = new SignedBy(number, issuer.getPublicKey());
        Boolean known = signatures.get(by);
        if (known == null) {
            known = isSigned(list, issuer.getPublicKey());
            if (signatures.size() < MAX_REMEMBERED) {
                signatures.put(by, known);
            }
        }
        return known;
    }

    private static boolean isSigned(X509CRL list, PublicKey key) {
        try {
            list.verify(key);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private Optional<Instant> usableUntil(X509CRL list, Instant now) {
        Date nextUpdate = list.getNextUpdate();
        if (nextUpdate == null || now.plus(SKEW).isBefore(list.getThisUpdate().toInstant())) {
            return Optional.empty();
        }
        Instant end = nextUpdate.toInstant();
        if (now.isAfter(end.plus(grace))) {
            return Optional.empty();
        }
        if (now.isAfter(end) && saidStale.add(list)) {
            LOG.atWarn()
                    .addKeyValue("code", TlsRefusal.CRL_STALE)
                    .addKeyValue("issuer", PathDiagnosis.name(list.getIssuerX500Principal()))
                    .log("revocation list ended at {} and is taken until {}", end, end.plus(grace));
        }
        return Optional.of(end.plus(grace));
    }
}
