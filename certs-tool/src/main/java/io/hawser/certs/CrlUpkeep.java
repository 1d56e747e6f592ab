package io.hawser.certs;

import java.math.BigInteger;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509CRL;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
            for (AuthorityRecord authority : store.authorities()) {
                all.add(
                        authority.isRoot()
                                ? root(authority, request.offlineRoot(), remembered)
                                : issuing(authority, request.life(), remembered));
            }
        }
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

    /** The root's key is used as seldom as its CRL allows: after a third of the CRL's life. */
    private AuthorityRecord root(AuthorityRecord authority, @Nullable Path offline, SecretSource secrets) {
        Duration life = config.policy().rootCrlLife();
        if (now.isBefore(since(authority.crl()).plus(life.dividedBy(3)))) {
            return authority;
        }
        if (offline == null && authority.key().equals("offline")) {
            Path request = requestFile(store, authority);
            writer.directories(FileWriter.parent(request));
            writer.openIfChanged(
                    request,
                    new RootRequest(
                                    config.org(),
                                    config.namespace(),
                                    authority.certificate(),
                                    authority.name(),
                                    life,
                                    RootRequest.text(Pem.crls(List.of(authority.crl()))))
                            .file());
            notices.add(new Notice(
                    "ROOT_CRL_DUE",
                    "the CRL of " + authority.name() + " ends at "
                            + authority.crl().getNextUpdate().toInstant()
                            + "; renew it with 'certs-tool crl issue --offline-root DIR', or have " + request
                            + " signed by 'certs-tool ca sign' on the root's machine"));
            return authority;
        }
        return renew(authority, store.signer(authority, offline, secrets), Map.of(), life);
    }

    /** Writes the CRL that follows, with further entries. */
    AuthorityRecord renew(
            AuthorityRecord authority, CaSigner signer, Map<BigInteger, RevocationReason> further, Duration life) {
        var issuer = new CrlIssuer(new CertificateAuthority(
                authority.certificate(), signer, store.options().clock(), random));
        X509CRL next = issuer.next(authority.crl(), further, life);
        writer.open(store.directory(authority).resolve("crl.pem"), Pem.crls(List.of(next)));
        writer.discard(requestFile(store, authority));
        return new AuthorityRecord(authority.name(), authority.certificate(), next, authority.key());
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
