package io.hawser.tls;

import io.hawser.term.NodeName;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Judges a peer's certificates by one policy: path, leaf, names, revocation, roster, in this order. Thread-safe: immutable,
 * but for what {@link RevocationCheck} remembers.
 */
final class TrustJudge {
    private static final Set<TlsRefusal> REVOKED =
            EnumSet.of(TlsRefusal.CERTIFICATE_REVOKED, TlsRefusal.CA_REVOKED, TlsRefusal.DENIED);

    /** How many own chains are remembered: that of now, and those of connections from before it was renewed. */
    private static final int MAX_OWN = 16;

    private final TrustPolicy policy;
    private final PathCheck paths;
    private final LeafCheck leaves;
    private final @Nullable RevocationCheck revocation;
    private final Map<List<X509Certificate>, Optional<CertificateException>> ownRevoked = new ConcurrentHashMap<>();

    TrustJudge(TrustPolicy policy) {
        this.policy = policy;
        this.paths = new PathCheck(policy);
        this.leaves = new LeafCheck(policy);
        this.revocation = policy.crls() == null ? null : new RevocationCheck(policy.crls(), policy.crlGrace());
    }

    /**
     * What was found about a peer that passed. Immutable.
     *
     * @param sent what it sent, its own certificate first
     * @param trustDomain what its URI must be of, if that is known
     * @param ends until when it passes, if nothing changes
     * @param endsFor what it is refused for from then on
     */
    record Verified(
            List<X509Certificate> sent,
            TlsRole role,
            PathCheck.Path path,
            CertificateNames names,
            NameBinding binding,
            Optional<String> trustDomain,
            Instant ends,
            TlsRefusal endsFor) {
        Optional<String> refusal(NodeName name) {
            return names.refusal(name, binding, trustDomain);
        }
    }

    /**
     * Judges what a peer sent.
     *
     * @param sent the peer's certificate, then others in any order
     * @param role the peer's
     * @throws CertificateException whose message is the sentence that says why not; see {@link TlsRefusal#of}
     */
    Verified judge(List<X509Certificate> sent, TlsRole role, Instant now) throws CertificateException {
        return judge(sent, role, paths.check(sent, now), now);
    }

    /** Judges a peer again that passed before, at another time or by another policy. */
    Verified again(Verified before, Instant now) throws CertificateException {
        Optional<PathCheck.Path> path = paths.recheck(before.path(), now);
        return path.isPresent()
                ? judge(before.sent(), before.role(), path.get(), now)
                : judge(before.sent(), before.role(), now);
    }

    private Verified judge(List<X509Certificate> sent, TlsRole role, PathCheck.Path path, Instant now)
            throws CertificateException {
        leaves.check(path.certificates(), role);
        CertificateNames names = CertificateNames.of(path.leaf());
        Optional<Namespace> namespace = checkNamespace(path, names);
        Optional<String> trustDomain = namespace.map(Namespace::trustDomain).or(policy::trustDomain);
        checkWhole(names, trustDomain);
        Instant listsEnd = revocation == null ? Instant.MAX : revocation.check(path, now);
        checkRoster(path, names);
        Instant pathEnds = path.certificates().stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
        boolean byList = listsEnd.isBefore(pathEnds);
        return new Verified(
                List.copyOf(sent),
                role,
                path,
                names,
                policy.binding(),
                trustDomain,
                byList ? listsEnd : pathEnds,
                byList ? TlsRefusal.CRL_STALE : TlsRefusal.CERTIFICATE_EXPIRED);
    }

    /** Never "any root": what a certificate may name depends on what its own path leads through. */
    private Optional<Namespace> checkNamespace(PathCheck.Path path, CertificateNames names)
            throws CertificateException {
        Optional<Namespace> namespace = policy.crossCertificates().stream()
                .filter(cross -> path.certificates().contains(cross.certificate()))
                .findFirst()
                .map(CrossCertificate::namespace)
                .or(() -> policy.namespace(path.root()));
        Optional<String> refusal = namespace.flatMap(found -> found.refusal(names));
        if (refusal.isPresent()) {
            throw TlsRefusal.OUTSIDE_NAMESPACE.because(refusal.get());
        }
        return namespace;
    }

    private void checkWhole(CertificateNames names, Optional<String> trustDomain) throws CertificateException {
        if (policy.binding() != NameBinding.FULL) {
            return;
        }
        Optional<SpiffeName> whole = names.spiffeName();
        if (whole.isEmpty()) {
            String found = names.uris().size() == 1
                    ? "is for " + names.describe()
                    : "has " + names.uris().size() + " URI names";
            throw TlsRefusal.NAME_MALFORMED.because("the peer's certificate " + found
                    + " (expected: exactly one, spiffe://" + trustDomain.orElse("*") + "/node/HOST/ALIVE)");
        }
        Optional<String> refusal = names.refusal(whole.get().node(), NameBinding.FULL, trustDomain);
        if (refusal.isPresent()) {
            throw (trustDomain.isPresent()
                                    && !trustDomain.get().equals(whole.get().trustDomain())
                            ? TlsRefusal.OUTSIDE_NAMESPACE
                            : TlsRefusal.NAME_MALFORMED)
                    .because(refusal.get());
        }
    }

    /**
     * Judges the certificates that we showed on a connection: whether we may still stand on them.
     *
     * @param shown ours, the node's own first
     * @return until when
     * @throws CertificateException whose message is the sentence that says why not
     */
    Instant own(List<X509Certificate> shown, Instant now) throws CertificateException {
        Instant ends = Instant.MAX;
        for (X509Certificate certificate : shown) {
            Instant end = certificate.getNotAfter().toInstant();
            ends = end.isBefore(ends) ? end : ends;
        }
        if (now.isAfter(ends)) {
            throw TlsRefusal.OWN_CERTIFICATE_EXPIRED.because("our certificate, or one above it, expired at " + ends);
        }
        Optional<CertificateException> revoked = ownRevoked.get(shown);
        if (revoked == null) {
            revoked = ownRevocation(shown, now);
            if (ownRevoked.size() < MAX_OWN) {
                ownRevoked.put(shown, revoked);
            }
        }
        if (revoked.isPresent()) {
            throw revoked.get();
        }
        return ends;
    }

    /** Any other fault of ours is for the peer to find: our CA need not be one that we trust. */
    private Optional<CertificateException> ownRevocation(List<X509Certificate> shown, Instant now) {
        try {
            PathCheck.Path path = paths.check(shown, now);
            checkDenied(path);
            if (revocation != null) {
                revocation.check(path, now);
            }
            return Optional.empty();
        } catch (CertificateException e) {
            return TlsRefusal.of(e)
                    .filter(REVOKED::contains)
                    .map(any -> TlsRefusal.OWN_CERTIFICATE_REVOKED.because(
                            String.valueOf(e.getMessage()).replace("the peer's", "our"), e));
        }
    }

    private void checkRoster(PathCheck.Path path, CertificateNames names) throws CertificateException {
        checkDenied(path);
        if (policy.roster().isPresent()
                && (names.uris().size() != 1
                        || !policy.roster().get().contains(names.uris().get(0)))) {
            throw TlsRefusal.NOT_IN_ROSTER.because(
                    "the peer's certificate is for " + names.describe() + " (expected: one of the "
                            + policy.roster().get().size()
                            + " nodes of the roster; one that was issued later is in the next export)");
        }
    }

    private void checkDenied(PathCheck.Path path) throws CertificateException {
        for (int i = 0; i < path.certificates().size(); i++) {
            if (policy.denied().contains(path.certificates().get(i))) {
                throw TlsRefusal.DENIED.because(PathDiagnosis.called(path, i) + " is denied (serial "
                        + path.certificates().get(i).getSerialNumber().toString(16) + ")");
            }
        }
    }
}
