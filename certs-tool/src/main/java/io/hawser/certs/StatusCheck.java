package io.hawser.certs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what will stop the nodes of an organisation, or has: certificates and CRLs that end, keys that others can
 * read, paths that the JDK refuses, work that was left unfinished. Changes nothing and needs no key.
 *
 * <p>Not thread-safe; used for one report.
 */
public final class StatusCheck {
    /** How long before its end a CA's or partner's certificate is of concern, unless told otherwise. */
    public static final Duration WARN = Duration.ofDays(30);

    private final OrgStore store;
    private final OrgConfig config;
    private final Duration warn;
    private final @Nullable Duration warnNodes;
    private final Instant now;
    private final List<Concern> concerns = new ArrayList<>();

    /**
     * A check of one organisation.
     *
     * @param store where it is
     * @param warn how long before its end a certificate is of concern; null for 30 days, and for nodes when they are due
     */
    public StatusCheck(OrgStore store, @Nullable Duration warn) {
        this.store = store;
        this.config = store.config();
        this.warn = warn == null ? WARN : warn;
        this.warnNodes = warn;
        this.now = store.options().clock().instant();
    }

    /**
     * Looks at everything.
     *
     * @return the report
     */
    public StatusReport run() {
        List<AuthorityRecord> authorities = store.authorities();
        List<NodeCertificate> nodes = store.nodes();
        List<Partner> partners = new TrustStore(store).partners();
        Revocations revocations = store.revocations();
        authorities.forEach(this::checkAuthority);
        var revoked = new ArrayList<NodeName>();
        for (NodeCertificate node : nodes) {
            if (revocations.contains(node.certificate())) {
                revoked.add(node.node());
            } else {
                checkNode(node);
            }
            checkKey(node.directory().resolve("key.pem"));
        }
        partners.forEach(this::checkPartner);
        store.rotation()
                .ifPresent(rotation -> add(
                        "ROTATION_WAITING",
                        rotation.kind().label(),
                        "is being rotated, in the phase " + rotation.phase().label(),
                        null,
                        rotation.phase() == RotationPhase.ABORT ? "rotate abort" : "rotate next"));
        if (!store.consistent()) {
            add("STORE_UNFINISHED", "roster", "does not follow from the certificates", null, "node renew --due");
        }
        concerns.sort(
                Comparator.comparing((Concern concern) -> concern.until() == null ? Instant.MIN : concern.until()));
        return new StatusReport(config, now, authorities, nodes, revoked, partners, concerns);
    }

    private void checkAuthority(AuthorityRecord authority) {
        Instant end = authority.certificate().getNotAfter().toInstant();
        Duration ahead =
                authority.isRoot() ? warn : longer(warn, config.policy().nodeLife());
        if (now.isAfter(end)) {
            add("CA_EXPIRED", authority.name(), "ended, and every certificate below it", end, rotate(authority));
        } else if (now.isAfter(end.minus(ahead))) {
            String effect = authority.isRoot() ? "ends" : "ends; new node certificates are cut short";
            add("CA_ENDING", authority.name(), effect, end, rotate(authority));
        }
        String help =
                authority.isRoot() && authority.key().equals("offline") ? "crl issue --offline-root DIR" : "crl issue";
        checkCrl(authority.name(), authority.crl(), help);
        checkKey(store.directory(authority).resolve("key.pem"));
        checkKey(store.directory(authority).resolve(SignerSpec.FILE));
    }

    private static String rotate(AuthorityRecord authority) {
        return authority.isRoot() ? "rotate root" : "rotate issuing";
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** A CRL is of concern once two thirds of its life are over: it is meant to be replaced long before. */
    private void checkCrl(String subject, X509CRL crl, String help) {
        Instant begin = crl.getThisUpdate().toInstant();
        Instant end = crl.getNextUpdate() == null
                ? Instant.EPOCH
                : crl.getNextUpdate().toInstant();
        if (now.isAfter(end)) {
            add("CRL_EXPIRED", subject, "its CRL ended: nodes refuse what it issued", end, help);
        } else if (now.isAfter(end.minus(Duration.between(begin, end).dividedBy(3)))) {
            add("CRL_ENDING", subject, "its CRL ends", end, help);
        }
    }

    private void checkNode(NodeCertificate node) {
        String name = node.node().toString();
        String help = "node renew " + name;
        if (now.isAfter(node.notAfter())) {
            add("NODE_EXPIRED", name, "its certificate ended", node.notAfter(), help);
            return;
        }
        if (!now.isBefore(node.due(config.policy()))
                || (warnNodes != null && now.isAfter(node.notAfter().minus(warnNodes)))) {
            add("NODE_DUE", name, "its certificate is due for renewal, and ends", node.notAfter(), help);
        }
        try {
            ChainVerifier.verify(node.chain(), store.roots(), List.of(), now, name);
        } catch (CertsException e) {
            add("CHAIN_INVALID", name, e.message(), null, "node show " + name);
        }
    }

    private void checkPartner(Partner partner) {
        if (!partner.isFenced()) {
            add("PARTNER_WAITING", partner.org(), "waits for the signature of our root", null, "ca list");
        } else if (now.isAfter(partner.trustEnds())) {
            add(
                    "PARTNER_EXPIRED",
                    partner.org(),
                    "its cross-certificate ended",
                    partner.trustEnds(),
                    "trust refresh FILE");
        } else if (now.isAfter(partner.trustEnds().minus(warn))) {
            add(
                    "PARTNER_ENDING",
                    partner.org(),
                    "its cross-certificate ends",
                    partner.trustEnds(),
                    "trust refresh FILE");
        }
        partner.crls().forEach(crl -> checkCrl(partner.org(), crl, "trust refresh FILE"));
    }

    private void checkKey(Path key) {
        try {
            if (Files.exists(key, LinkOption.NOFOLLOW_LINKS)) {
                new SecretFiles(store.options().allowGroupRead()).check(key);
            }
        } catch (CertsException e) {
            add(e.code().name(), key.toString(), e.message(), null, "status --check");
        } catch (IOException e) {
            throw CertsException.io("reading", key, e);
        }
    }

    private void add(String code, String subject, String message, @Nullable Instant until, String verb) {
        concerns.add(new Concern(code, subject, message, until, "certs-tool " + verb));
    }
}
