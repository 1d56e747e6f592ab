package io.hawser.certs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One run of ending a partnership. */
final class PartnerRemoval {
    private final OrgStore store;
    private final OrgConfig config;
    private final PartnerFiles files;
    private final FileWriter writer;

    PartnerRemoval(OrgStore store, OrgConfig config, PartnerFiles files, FileWriter writer) {
        this.store = store;
        this.config = config;
        this.files = files;
        this.writer = writer;
    }

    Change<List<X509Certificate>> run(String org, @Nullable Path offlineRoot, SecretSource secrets) {
        Path removed = store.layout().partners().resolve(".removed");
        writer.discard(removed);
        Optional<Partner> partner = files.find(org);
        if (partner.isEmpty() && !wasHere(org)) {
            throw new CertsException(
                            ErrorCode.PARTNER_UNKNOWN,
                            "there is no partner " + Names.printable(org) + ", nor was there one")
                    .hint("'certs-tool trust list' prints those there are")
                    .about(Names.printable(org));
        }
        if (partner.isEmpty()) {
            return new Change<>(
                    List.of(),
                    writer.written(),
                    List.of(new Notice("PARTNER_UNKNOWN", "there is no partner " + Names.printable(org))));
        }
        var notices = new ArrayList<Notice>();
        var authorities = new ArrayList<AuthorityRecord>();
        try (var remembered = new RememberedSecret(secrets)) {
            var roots = new RootKeys(store, offlineRoot, remembered);
            for (AuthorityRecord own : store.authorities()) {
                authorities.add(own.isRoot() ? revoke(own, partner.get(), roots, notices) : own);
            }
        }
        for (AuthorityRecord own : authorities) {
            writer.discard(PartnerFence.requestFile(store, files.directory(org), own));
        }
        // the roster names what is revoked, so it follows
        new NodeFiles(store.layout(), config, writer)
                .repair(
                        store.nodes(),
                        store.revocations(
                                authorities.stream().map(AuthorityRecord::crl).toList()));
        writer.removeDirectory(files.directory(org), removed);
        return new Change<>(partner.get().cross(), writer.written(), notices);
    }

    /** Whether this was a partner once, so that a removal is done, rather than mistyped. */
    private boolean wasHere(String org) {
        String name = String.valueOf(files.directory(org).getFileName());
        return new AuditLog(store)
                .entries(null, name).stream()
                        .flatMap(entry -> entry.subjects().stream())
                        .anyMatch(subject -> subject.what().equals("partner")
                                && subject.subject().equals(name));
    }

    private AuthorityRecord revoke(AuthorityRecord own, Partner partner, RootKeys roots, List<Notice> notices) {
        Revocations revocations = store.revocations();
        Map<X509Certificate, RevocationReason> further = new LinkedHashMap<>();
        for (X509Certificate cross : partner.cross()) {
            if (cross.getIssuerX500Principal().equals(own.certificate().getSubjectX500Principal())
                    && !revocations.contains(cross)) {
                further.put(cross, RevocationReason.CESSATION_OF_OPERATION);
            }
        }
        Path cross = PartnerFence.requestFile(store, files.directory(partner.org()), own);
        if (Files.exists(cross)) {
            notices.add(new Notice(
                    "REQUEST_WITHDRAWN",
                    cross + ": is withdrawn; if " + own.name() + " signed it already, destroy that answer: it is not"
                            + " revoked"));
        }
        if (further.isEmpty()) {
            return own;
        }
        var upkeep = new CrlUpkeep(store, config, writer);
        Optional<CaSigner> signer = roots.find(own);
        if (signer.isEmpty()) {
            Path request = upkeep.ask(own, further);
            notices.add(new Notice(
                    "CROSS_NOT_REVOKED",
                    "the key of " + own.name() + " is offline, so the cross-certificate of " + partner.org()
                            + " is not revoked: nodes keep trusting it until they are exported to again; have "
                            + request
                            + " signed by 'certs-tool ca sign' on the root's machine"));
            return own;
        }
        return upkeep.renew(
                own, signer.get(), CrlTask.serials(further), config.policy().rootCrlLife());
    }
}
