package io.hawser.certs;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Keeps the CRLs of an organisation's CAs fresh. Not thread-safe; used by one operation. */
final class CrlUpkeep {
    /** How old an issuing CA's CRL gets before whoever has the key at hand replaces it. */
    static final Duration REFRESH = Duration.ofDays(1);

    private final OrgStore store;
    private final OrgConfig config;
    private final FileWriter writer;
    private final SecureRandom random = new SecureRandom();
    private final Instant now;
    private final List<Notice> notices = new ArrayList<>();

    CrlUpkeep(OrgStore store, OrgConfig config, FileWriter writer) {
        this.store = store;
        this.config = config;
        this.writer = writer;
        this.now = store.options().clock().instant();
    }

    /** Renews what is old enough, and what is asked for with another lifetime. */
    Change<List<AuthorityRecord>> run(CrlRequest request, SecretSource secrets) {
        var all = new ArrayList<AuthorityRecord>();
        try (var remembered = new RememberedSecret(secrets)) {
            var roots = new RootKeys(store, request.offlineRoot(), remembered);
            for (AuthorityRecord authority : store.authorities()) {
                all.add(
                        authority.isRoot()
                                ? root(authority, roots, request.offlineRoot() != null)
                                : issuing(authority, request.life(), remembered));
            }
        }
        // the roster names what is revoked, so it follows
        new NodeFiles(store.layout(), config, writer)
                .repair(
                        store.nodes(),
                        store.revocations(all.stream().map(AuthorityRecord::crl).toList()));
        return new Change<>(all, writer.written(), notices);
    }

    private AuthorityRecord issuing(AuthorityRecord authority, @Nullable Duration life, SecretSource secrets) {
        Duration wanted = life == null ? config.policy().crlLife() : life;
        boolean sameLife = life == null || life(authority.crl()).equals(life);
        if (sameLife && now.isBefore(since(authority.crl()).plus(REFRESH))) {
            return authority;
        }
        return renew(authority, store.signer(authority, null, secrets), Map.of(), wanted);
    }

    /** The root's key is used as seldom as its CRL allows: after a third of the CRL's life, or for what waits for it. */
    private AuthorityRecord root(AuthorityRecord authority, RootKeys roots, boolean atHand) {
        Duration life = config.policy().rootCrlLife();
        boolean due = !now.isBefore(since(authority.crl()).plus(life.dividedBy(3)));
        boolean waits = !waiting(authority).isEmpty();
        if (!due && !(waits && (atHand || !authority.key().equals("offline")))) {
            return authority;
        }
        Optional<CaSigner> signer = roots.find(authority);
        if (signer.isPresent()) {
            return renew(authority, signer.get(), Map.of(), life);
        }
        if (due) {
            Path request = ask(authority, Map.of());
            notices.add(new Notice(
                    "ROOT_CRL_DUE",
                    "the CRL of " + authority.name() + " ends at "
                            + authority.crl().getNextUpdate().toInstant()
                            + "; renew it with 'certs-tool crl issue --offline-root DIR', or have " + request
                            + " signed by 'certs-tool ca sign' on the root's machine"));
        }
        return authority;
    }

    /** Writes the CRL that follows, with further entries, and with what a root was asked to revoke. */
    AuthorityRecord renew(
            AuthorityRecord authority, CaSigner signer, Map<BigInteger, RevocationReason> further, Duration life) {
        var issuer = new CrlIssuer(new CertificateAuthority(
                authority.certificate(), signer, store.options().clock(), random));
        var all = new LinkedHashMap<>(CrlTask.serials(waiting(authority)));
        all.putAll(further);
        X509CRL next = issuer.next(authority.crl(), all, life);
        writer.open(store.directory(authority).resolve("crl.pem"), Pem.crls(List.of(next)));
        writer.discard(requestFile(store, authority));
        return new AuthorityRecord(authority.name(), authority.certificate(), next, authority.key());
    }

    /** Asks a root whose key is elsewhere for its next CRL, which revokes what is given and what it was asked for before. */
    Path ask(AuthorityRecord root, Map<X509Certificate, RevocationReason> further) {
        Path request = requestFile(store, root);
        var all = new LinkedHashMap<>(waiting(root));
        all.putAll(further);
        write(root, all);
        return request;
    }

    private void write(AuthorityRecord root, Map<X509Certificate, RevocationReason> further) {
        Path request = requestFile(store, root);
        writer.directories(FileWriter.parent(request));
        writer.openIfChanged(
                request,
                new RootRequest(
                                config.org(),
                                config.namespace(),
                                root.certificate(),
                                root.name(),
                                config.policy().rootCrlLife(),
                                new CrlTask(RootRequest.text(Pem.crls(List.of(root.crl()))), further))
                        .file());
    }

    /** Asks no more that a root revokes something; a CRL that does so all the same is not installed. */
    void withdraw(AuthorityRecord root, Predicate<X509Certificate> certificates) {
        Map<X509Certificate, RevocationReason> waiting = waiting(root);
        var rest = new LinkedHashMap<>(waiting);
        rest.keySet().removeIf(certificates);
        if (rest.isEmpty() && !waiting.isEmpty()) {
            writer.discard(requestFile(store, root));
        } else if (rest.size() < waiting.size()) {
            write(root, rest);
        }
    }

    /** What a root was asked to revoke, and has not revoked yet. */
    Map<X509Certificate, RevocationReason> waiting(AuthorityRecord root) {
        Path file = requestFile(store, root);
        if (!root.isRoot() || !Files.isRegularFile(file)) {
            return Map.of();
        }
        RootTask task =
                RootRequest.read(OrgStore.readFile(file), file.toString()).task();
        var waiting = new LinkedHashMap<X509Certificate, RevocationReason>();
        if (task instanceof CrlTask crl) {
            crl.further().forEach((certificate, reason) -> {
                if (!root.crl().isRevoked(certificate)) {
                    waiting.put(certificate, reason);
                }
            });
        }
        return waiting;
    }

    /** Where a root's next CRL is asked for, when its key is elsewhere. */
    static Path requestFile(OrgStore store, AuthorityRecord root) {
        return store.layout().requests().resolve(root.name() + ".json");
    }

    private static Instant since(X509CRL crl) {
        return crl.getThisUpdate().toInstant().plus(CertificateAuthority.BACKDATE);
    }

    private static Duration life(X509CRL crl) {
        return Duration.between(since(crl), crl.getNextUpdate().toInstant());
    }
}
