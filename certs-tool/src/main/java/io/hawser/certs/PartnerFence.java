package io.hawser.certs;

import java.math.BigInteger;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Fences partners: each root of ours signs each root of theirs. A root whose key is elsewhere is asked by a request; until it
 * has answered, what it signed before stays for as long as it lasts. Not thread-safe; used by one operation.
 */
final class PartnerFence {
    private final OrgStore store;
    private final OrgConfig config;
    private final FileWriter writer;
    private final RootKeys keys;
    private final PartnerFiles files;
    private final Instant now;

    PartnerFence(OrgStore store, OrgConfig config, FileWriter writer, RootKeys keys) {
        this.store = store;
        this.config = config;
        this.writer = writer;
        this.keys = keys;
        this.files = new PartnerFiles(store.layout());
        this.now = store.options().clock().instant();
    }

    /** Where one root is asked to sign the roots of a partner. */
    static Path requestFile(OrgStore store, Path partner, AuthorityRecord own) {
        return store.layout().requests().resolve(RootRequest.crossName(partner, own.name()) + ".json");
    }

    /** What belongs into a partner's {@code cross.pem}: what is there while it lasts, and what is signed now. */
    List<X509Certificate> crosses(
            TrustBundle bundle, Duration life, List<X509Certificate> there, List<Notice> notices) {
        var all = new ArrayList<X509Certificate>();
        for (AuthorityRecord own : store.authorities()) {
            if (own.isRoot()) {
                all.addAll(crosses(own, bundle, life, there, notices));
            }
        }
        return all;
    }

    /** What stays of what is there, best first; signs nothing. */
    List<X509Certificate> kept(TrustBundle bundle, List<X509Certificate> there) {
        var all = new ArrayList<X509Certificate>();
        for (AuthorityRecord own : store.authorities()) {
            for (X509Certificate root : own.isRoot() ? bundle.roots() : List.<X509Certificate>of()) {
                lasting(there, root, own)
                        .or(() -> stillThere(there, root, own).findFirst())
                        .ifPresent(all::add);
            }
        }
        return all;
    }

    private List<X509Certificate> crosses(
            AuthorityRecord own, TrustBundle bundle, Duration life, List<X509Certificate> there, List<Notice> notices) {
        List<X509Certificate> missing = bundle.roots().stream()
                .filter(root -> lasting(there, root, own).isEmpty())
                .toList();
        Optional<CaSigner> signer = missing.isEmpty() ? Optional.empty() : keys.find(own);
        if (missing.isEmpty() || signer.isPresent()) {
            writer.discard(requestFile(store, files.directory(bundle.org()), own));
        } else {
            ask(own, bundle, life, missing, there, notices);
        }
        return bundle.roots().stream()
                .flatMap(root -> lasting(there, root, own)
                        .or(() -> signer.map(with -> sign(own, with, root, bundle.namespace(), life)))
                        .or(() -> stillThere(there, root, own).findFirst())
                        .stream())
                .toList();
    }

    /** Asks a root that is elsewhere. */
    void ask(
            AuthorityRecord own,
            TrustBundle bundle,
            Duration life,
            List<X509Certificate> missing,
            List<X509Certificate> there,
            List<Notice> notices) {
        Path file = requestFile(store, files.directory(bundle.org()), own);
        List<BigInteger> replaced = there.stream()
                .filter(cross -> isBy(cross, own))
                .map(X509Certificate::getSerialNumber)
                .sorted()
                .toList();
        var task = new CrossTask(bundle.org(), bundle.namespace(), missing, issuingBelow(store, own), replaced);
        var request = new RootRequest(
                config.org(),
                config.namespace(),
                own.certificate(),
                RootRequest.crossName(files.directory(bundle.org()), own.name()),
                life,
                task);
        writer.directories(FileWriter.parent(file));
        writer.openIfChanged(file, request.file());
        notices.add(new Notice(
                "ROOT_ASKED",
                "the key of " + own.name() + " is not here, so " + bundle.org()
                        + " waits for its signature: 'certs-tool"
                        + " ca sign " + file.getFileName() + " --out answer.json --offline-root DIR' on the root's"
                        + " machine, with the file " + file
                        + "; then 'certs-tool ca install answer.json'. The partner's"
                        + " root, to compare there: " + task.fingerprint()));
    }

    /** An issuing CA by whose constraints a root tells what our names are. */
    static X509Certificate issuingBelow(OrgStore store, AuthorityRecord own) {
        return Stream.concat(store.authorities().stream(), store.retired().stream())
                .filter(authority -> !authority.isRoot())
                .map(AuthorityRecord::certificate)
                .filter(issuing -> RootTask.isSignedBy(issuing, own.certificate()))
                .findFirst()
                .orElseThrow(() -> new CertsException(
                                ErrorCode.CA_UNKNOWN, own.name() + ": has signed no issuing CA that is here")
                        .about(own.name()));
    }

    private X509Certificate sign(
            AuthorityRecord own, CaSigner signer, X509Certificate root, Namespace namespace, Duration life) {
        return new CertificateAuthority(
                        own.certificate(), signer, store.options().clock(), new SecureRandom())
                .cross(root, namespace, life);
    }

    private Optional<X509Certificate> lasting(List<X509Certificate> there, X509Certificate root, AuthorityRecord own) {
        return stillThere(there, root, own)
                .filter(cross -> lasts(cross, root, own))
                .findFirst();
    }

    private Stream<X509Certificate> stillThere(List<X509Certificate> there, X509Certificate root, AuthorityRecord own) {
        Revocations revocations = store.revocations();
        return there.stream()
                .filter(cross -> isBy(cross, own) && cross.getPublicKey().equals(root.getPublicKey()))
                .filter(cross -> now.isBefore(cross.getNotAfter().toInstant()))
                .filter(cross -> !revocations.contains(cross));
    }

    private static boolean isBy(X509Certificate cross, AuthorityRecord own) {
        return cross.getIssuerX500Principal().equals(own.certificate().getSubjectX500Principal());
    }

    /** Renewed after two thirds of its life, unless a new one could not last longer. */
    boolean lasts(X509Certificate cross, X509Certificate root, AuthorityRecord own) {
        Instant begin = cross.getNotBefore().toInstant();
        Instant end = cross.getNotAfter().toInstant();
        Instant due = begin.plus(Duration.between(begin, end).dividedBy(3).multipliedBy(2));
        Instant limit = own.certificate().getNotAfter().toInstant();
        Instant partnerLimit = root.getNotAfter().toInstant().minusSeconds(1);
        boolean clamped = !end.isBefore(limit) || !end.isBefore(partnerLimit);
        return now.isBefore(due) || (clamped && now.isBefore(end));
    }
}
