package io.hawser.certs;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One run of installing what the machine with the root's key sent back. The request that is here, not the answer, says what
 * was asked for; what is anything else is refused.
 */
final class RootAnswer {
    private final OrgStore store;
    private final OrgConfig config;
    private final FileWriter writer;
    private final Instant now;
    private final List<Notice> notices = new ArrayList<>();

    RootAnswer(OrgStore store, OrgConfig config, FileWriter writer) {
        this.store = store;
        this.config = config;
        this.writer = writer;
        this.now = store.options().clock().instant();
    }

    Change<AuthorityRecord> install(byte[] file, String where, SecretSource secrets) {
        Map.Entry<String, byte[]> answer = RootRequest.readAnswer(file, where);
        String name = answer.getKey();
        if (name.startsWith("issuing-")) {
            Change<IssuedAuthority> change =
                    new AuthorityIssuance(store, config, writer).install(name, answer.getValue(), where, secrets);
            return new Change<>(change.value().authority().orElseThrow(), change.files(), change.notices());
        }
        if (RootRequest.isForCross(name)) {
            return cross(name, Pem.readCertificates(answer.getValue(), where), where);
        }
        if (name.startsWith(RootRequest.LINK)) {
            return link(name, Pem.readCertificates(answer.getValue(), where), where, secrets);
        }
        AuthorityRecord root = store.authorities().stream()
                .filter(authority -> authority.isRoot() && authority.name().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name, where));
        return crl(root, Pem.readCrl(answer.getValue(), where), where);
    }

    private static CertsException unknown(String name, String where) {
        return new CertsException(
                        ErrorCode.CA_UNKNOWN,
                        where + ": answers a request for " + Names.printable(name) + ", which is not here")
                .hint("'certs-tool ca list' prints the requests that wait; what was withdrawn is not installed")
                .about(Names.printable(name));
    }

    private Change<AuthorityRecord> crl(AuthorityRecord root, X509CRL crl, String where) {
        Path request = CrlUpkeep.requestFile(store, root);
        if (!crl.equals(root.crl())) {
            requireNext(root, crl, where);
            writer.open(store.directory(root).resolve("crl.pem"), Pem.crls(List.of(crl)));
        }
        List<X509CRL> all = store.authorities().stream()
                .map(authority -> authority.name().equals(root.name()) ? crl : authority.crl())
                .toList();
        new NodeFiles(store.layout(), config, writer).repair(store.nodes(), store.revocations(all));
        if (Files.isRegularFile(request)
                && RootRequest.read(OrgStore.readFile(request), request.toString())
                                .task()
                        instanceof CrlTask task
                && CrlIssuer.number(task.before()).compareTo(CrlIssuer.number(crl)) < 0) {
            writer.discard(request); // a later one stays
        }
        return new Change<>(
                new AuthorityRecord(root.name(), root.certificate(), crl, root.key()), writer.written(), notices);
    }

    private void requireNext(AuthorityRecord root, X509CRL crl, String where) {
        try {
            crl.verify(root.certificate().getPublicKey());
        } catch (GeneralSecurityException e) {
            throw refused(where, "is not signed by " + root.name());
        }
        if (crl.getNextUpdate() == null || !now.isBefore(crl.getNextUpdate().toInstant())) {
            throw refused(where, "has run out");
        }
        if (crl.getThisUpdate().toInstant().isAfter(now)) {
            throw refused(
                    where, "begins at " + crl.getThisUpdate().toInstant() + ", later than now: see to the clocks");
        }
        if (CrlIssuer.number(crl).compareTo(CrlIssuer.number(root.crl())) <= 0) {
            throw refused(
                    where,
                    "has the number " + CrlIssuer.number(crl) + ", but number " + CrlIssuer.number(root.crl())
                            + " is here");
        }
        Set<BigInteger> expected = serials(root.crl());
        new CrlUpkeep(store, config, writer)
                .waiting(root)
                .keySet()
                .forEach(certificate -> expected.add(certificate.getSerialNumber()));
        Set<BigInteger> listed = serials(crl);
        for (BigInteger serial : expected) {
            if (!listed.contains(serial)) {
                throw refused(where, "does not revoke " + serial.toString(16));
            }
        }
        for (BigInteger serial : listed) {
            if (!expected.contains(serial)) {
                throw refused(where, "revokes " + serial.toString(16) + ", which nobody here asked for");
            }
        }
    }

    private static Set<BigInteger> serials(X509CRL crl) {
        var serials = new HashSet<BigInteger>();
        Set<? extends X509CRLEntry> entries = crl.getRevokedCertificates();
        for (X509CRLEntry entry : entries == null ? Set.<X509CRLEntry>of() : entries) {
            serials.add(entry.getSerialNumber());
        }
        return serials;
    }

    private static CertsException refused(String where, String why) {
        return new CertsException(ErrorCode.VERIFICATION_FAILED, where + ": the CRL " + why)
                .hint("Run 'certs-tool crl issue' for a new request, and have that signed")
                .about(where);
    }

    /** The roots of a partner, behind a fence. */
    private Change<AuthorityRecord> cross(String name, List<X509Certificate> signed, String where) {
        var files = new PartnerFiles(store.layout());
        for (AuthorityRecord own : store.authorities()) {
            for (Partner partner : own.isRoot() ? files.all() : List.<Partner>of()) {
                if (RootRequest.crossName(files.directory(partner.org()), own.name())
                        .equals(name)) {
                    return cross(own, partner, signed, where);
                }
            }
        }
        throw unknown(name, where);
    }

    private Change<AuthorityRecord> cross(
            AuthorityRecord own, Partner partner, List<X509Certificate> signed, String where) {
        var files = new PartnerFiles(store.layout());
        Path directory = files.directory(partner.org());
        Path request = PartnerFence.requestFile(store, directory, own);
        if (!partner.cross().containsAll(signed)) {
            requireAsAsked(asked(request, where), signed, where);
            TrustBundle bundle = files.bundle(partner.org());
            var there = new ArrayList<>(partner.cross());
            there.addAll(signed);
            // nothing is signed here, and nobody asked
            List<X509Certificate> all = new PartnerFence(
                            store, config, writer, new RootKeys(store, null, SecretSource.none()))
                    .kept(bundle, there);
            if (!all.containsAll(signed)) {
                throw notAsAsked(where, "is for a root that " + partner.org() + " no longer has, or is due already");
            }
            writer.openIfChanged(directory.resolve("cross.pem"), Pem.certificates(all));
        }
        discardIfAnswered(request, signed);
        notices.add(
                new Notice("PARTNER_FENCED", partner.org() + ": is fenced by " + own.name() + " until " + end(signed)));
        return new Change<>(own, writer.written(), notices);
    }

    private static Instant end(List<X509Certificate> signed) {
        return signed.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
    }

    /** A next root, as the one before signed it. */
    private Change<AuthorityRecord> link(
            String name, List<X509Certificate> signed, String where, SecretSource secrets) {
        AuthorityRecord next = store.authorityNamed(name.substring(RootRequest.LINK.length()))
                .filter(AuthorityRecord::isRoot)
                .orElseThrow(() -> unknown(name, where));
        Path file = store.directory(next).resolve("link.pem");
        Path request = RootLink.requestFile(store, next.name());
        if (!FileWriter.hasContent(file, Pem.certificates(signed))) {
            requireAsAsked(asked(request, where), signed, where);
            writer.open(file, Pem.certificates(signed));
        }
        discardIfAnswered(request, signed);
        notices.addAll(new RootLink(store, config, writer).tellPartners(secrets));
        return new Change<>(next, writer.written(), notices);
    }

    private static RootRequest asked(Path request, String where) {
        if (!Files.isRegularFile(request)) {
            throw unknown(String.valueOf(request.getFileName()), where);
        }
        return RootRequest.read(OrgStore.readFile(request), request.toString());
    }

    private static Optional<String> problem(RootRequest request, List<X509Certificate> signed) {
        return request.task() instanceof CrossTask task
                ? task.problem(request.root(), signed)
                : Optional.of("is of another kind");
    }

    /** A later request for the same stays. */
    private void discardIfAnswered(Path request, List<X509Certificate> signed) {
        if (Files.isRegularFile(request)
                && problem(asked(request, request.toString()), signed).isEmpty()) {
            writer.discard(request);
        }
    }

    private void requireAsAsked(RootRequest request, List<X509Certificate> signed, String where) {
        problem(request, signed).ifPresent(problem -> {
            throw notAsAsked(where, problem);
        });
        X509Certificate own = request.root();
        Revocations revocations = store.revocations();
        for (X509Certificate cross : signed) {
            if (revocations.contains(cross)) {
                throw notAsAsked(where, "is revoked already");
            }
            ChainVerifier.verify(List.of(cross), own, List.of(), now, where);
        }
    }

    private static CertsException notAsAsked(String where, String why) {
        return new CertsException(
                        ErrorCode.VERIFICATION_FAILED, where + ": the certificate is not what was asked for: it " + why)
                .hint("Have the request signed that 'certs-tool ca list' prints")
                .about(where);
    }
}
