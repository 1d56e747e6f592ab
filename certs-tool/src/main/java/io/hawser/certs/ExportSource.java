package io.hawser.certs;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What every export carries.
 *
 * @param config the organisation
 * @param node the node's certificate
 * @param chain what it shows: its certificate and those above it, without the root
 * @param key its private key, or null when only the node has it
 * @param roots the own roots
 * @param partners the organisations whose nodes are accepted, within their fences
 * @param crls of all own CAs, and of the partners'
 * @param roster who is in the organisation
 * @param notices what is wrong with the material, although it can be exported
 */
record ExportSource(
        OrgConfig config,
        NodeCertificate node,
        List<X509Certificate> chain,
        @Nullable PrivateKey key,
        List<X509Certificate> roots,
        List<Partner> partners,
        List<X509CRL> crls,
        Roster roster,
        List<Notice> notices) {

    /**
     * Collects what is exported.
     *
     * @param nodeKey where the node's own key is, when it is not in the store
     */
    static ExportSource of(OrgStore store, NodeName name, @Nullable Path nodeKey) {
        OrgConfig config = store.config();
        NodeCertificate node = store.node(name);
        List<Partner> partners = new TrustStore(store)
                .partners().stream().filter(Partner::isFenced).toList(); // of others nobody can come in yet
        Revocations revocations = store.revocations();
        var crls = new ArrayList<>(store.crls());
        Instant now = store.options().clock().instant();
        var notices = new ArrayList<Notice>();
        crls.forEach(crl -> addStale(
                notices, crl, now, "nodes will refuse every connection; run 'certs-tool crl issue', and export again"));
        for (Partner partner : partners) {
            for (X509CRL crl : partner.crls()) {
                addStale(
                        notices,
                        crl,
                        now,
                        "nodes will refuse those of " + partner.org()
                                + " until 'certs-tool trust refresh' has a newer bundle");
            }
            crls.addAll(partner.crls());
        }
        if (now.isAfter(node.notAfter())) {
            notices.add(new Notice(
                    "CERTIFICATE_EXPIRED",
                    name + ": the certificate ended at " + node.notAfter() + "; run 'certs-tool node issue " + name
                            + "'"));
        }
        if (revocations.contains(node.certificate())) {
            notices.add(new Notice(
                    "CERTIFICATE_REVOKED",
                    name + ": the certificate is revoked, and no node will accept it; give it another with 'certs-tool"
                            + " node issue " + name + " --reinstate'"));
        }
        Roster roster = Roster.of(config, store.nodes(), revocations);
        PrivateKey key = key(store, node, nodeKey);
        return new ExportSource(
                config, node, store.shown(node), key, store.roots(), partners, crls, roster, List.copyOf(notices));
    }

    private static void addStale(List<Notice> notices, X509CRL crl, Instant now, String effect) {
        Optional<Instant> end = Optional.ofNullable(crl.getNextUpdate()).map(date -> date.toInstant());
        if (end.isPresent() && now.isAfter(end.get())) {
            notices.add(new Notice(
                    "CRL_STALE",
                    "the CRL of " + Names.printable(crl.getIssuerX500Principal().getName()) + " ended at " + end.get()
                            + ": " + effect));
        }
    }

    /** The partners' roots, each fenced by ours. */
    List<X509Certificate> cross() {
        return partners.stream().flatMap(partner -> partner.cross().stream()).toList();
    }

    /** Everyone who is accepted: the own nodes, then the partners'. */
    List<NodeName> accepted() {
        return Stream.concat(
                        roster.nodes().keySet().stream(),
                        partners.stream().flatMap(partner -> partner.nodes().stream()))
                .toList();
    }

    private static @Nullable PrivateKey key(OrgStore store, NodeCertificate node, @Nullable Path nodeKey) {
        if (nodeKey == null) {
            return store.isKeyElsewhere(node) ? null : store.key(node);
        }
        byte[] pem = new SecretFiles(store.options().allowGroupRead()).read(nodeKey);
        PrivateKey key = PrivateKeys.read(pem, nodeKey.toString(), SecretSource.none());
        if (!KeyMatch.matches(key, node.certificate())) {
            throw new CertsException(
                            ErrorCode.EXPORT_CONFLICT,
                            nodeKey + ": is not the key of the current certificate of " + node.node())
                    .about(nodeKey);
        }
        return key;
    }

    /** The key, for a format that cannot do without. */
    PrivateKey requireKey() {
        if (key == null) {
            throw new CertsException(
                            ErrorCode.KEY_ABSENT,
                            node.node() + ": only the node itself has its key, and this export needs it")
                    .hint("Export where the key is, with --node-key FILE")
                    .about(node.node());
        }
        return key;
    }

    /** Adds the key, or says where it belongs. */
    List<Notice> addKey(ExportDirectory target) {
        if (key != null) {
            target.addSecret("key.pem", PrivateKeys.plain(key));
            return notices;
        }
        var all = new ArrayList<>(notices);
        all.add(new Notice(
                "KEY_ELSEWHERE",
                node.node() + ": only the node itself has its key; put it beside the other files as key.pem"));
        return all;
    }
}
