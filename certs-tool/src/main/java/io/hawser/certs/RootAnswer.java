package io.hawser.certs;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One run of installing what the machine with the root's key sent back. */
final class RootAnswer {
    private final OrgStore store;
    private final OrgConfig config;
    private final FileWriter writer;

    RootAnswer(OrgStore store, OrgConfig config, FileWriter writer) {
        this.store = store;
        this.config = config;
        this.writer = writer;
    }

    Change<AuthorityRecord> install(byte[] file, String where, SecretSource secrets) {
        Map.Entry<String, byte[]> answer = RootRequest.readAnswer(file, where);
        String name = answer.getKey();
        if (name.startsWith("issuing-")) {
            Change<IssuedAuthority> change =
                    new AuthorityIssuance(store, config, writer).install(name, answer.getValue(), where, secrets);
            return new Change<>(change.value().authority().orElseThrow(), change.files(), change.notices());
        }
        AuthorityRecord root = store.authorities().stream()
                .filter(authority -> authority.isRoot() && authority.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new CertsException(
                        ErrorCode.CA_UNKNOWN, where + ": is for " + Names.printable(name) + ", which is not here"));
        return crl(root, Pem.readCrl(answer.getValue(), where), where);
    }

    private Change<AuthorityRecord> crl(AuthorityRecord root, X509CRL crl, String where) {
        Path request = CrlUpkeep.requestFile(store, root);
        if (crl.equals(root.crl())) {
            writer.discard(request);
            return new Change<>(root, writer.written(), List.of());
        }
        requireNext(root, crl, where);
        writer.open(store.directory(root).resolve("crl.pem"), Pem.crls(List.of(crl)));
        List<X509CRL> all = store.authorities().stream()
                .map(authority -> authority.name().equals(root.name()) ? crl : authority.crl())
                .toList();
        new NodeFiles(store.layout(), config, writer).repair(store.nodes(), Revocations.of(all));
        writer.discard(request);
        return new Change<>(
                new AuthorityRecord(root.name(), root.certificate(), crl, root.key()), writer.written(), List.of());
    }

    private void requireNext(AuthorityRecord root, X509CRL crl, String where) {
        try {
            crl.verify(root.certificate().getPublicKey());
        } catch (GeneralSecurityException e) {
            throw refused(where, "is not signed by " + root.name());
        }
        Instant now = store.options().clock().instant();
        if (crl.getNextUpdate() == null || !now.isBefore(crl.getNextUpdate().toInstant())) {
            throw refused(where, "has run out");
        }
        if (CrlIssuer.number(crl).compareTo(CrlIssuer.number(root.crl())) <= 0) {
            throw refused(
                    where,
                    "has the number " + CrlIssuer.number(crl) + ", but number " + CrlIssuer.number(root.crl())
                            + " is here");
        }
        for (X509CRLEntry entry : Optional.ofNullable(root.crl().getRevokedCertificates())
                .map(List::<X509CRLEntry>copyOf)
                .orElse(List.of())) {
            if (crl.getRevokedCertificate(entry.getSerialNumber()) == null) {
                throw refused(
                        where, "no longer revokes " + entry.getSerialNumber().toString(16));
            }
        }
    }

    private static CertsException refused(String where, String why) {
        return new CertsException(ErrorCode.VERIFICATION_FAILED, where + ": the CRL " + why)
                .hint("Run 'certs-tool crl issue' for a new request, and have that signed")
                .about(where);
    }
}
