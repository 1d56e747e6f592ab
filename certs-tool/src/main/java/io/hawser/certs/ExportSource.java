package io.hawser.certs;

import java.security.PrivateKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What every export carries.
 *
 * @param config the organisation
 * @param node the node's certificate
 * @param key its private key
 * @param root the own root
 * @param crls of root and issuing CA
 * @param roster who is in the organisation
 * @param notices what is wrong with the material, although it can be exported
 */
record ExportSource(
        OrgConfig config,
        NodeCertificate node,
        PrivateKey key,
        X509Certificate root,
        List<X509CRL> crls,
        Roster roster,
        List<Notice> notices) {

    static ExportSource of(OrgStore store, NodeName name) {
        OrgConfig config = store.config();
        NodeCertificate node = store.node(name);
        X509Certificate root = store.certificate("root");
        List<X509CRL> crls = List.of(store.crl("root"), store.crl("issuing"));
        Instant now = store.options().clock().instant();
        var notices = new ArrayList<Notice>();
        for (X509CRL crl : crls) {
            Optional<Instant> end = Optional.ofNullable(crl.getNextUpdate()).map(date -> date.toInstant());
            if (end.isPresent() && now.isAfter(end.get())) {
                notices.add(new Notice(
                        "CRL_STALE",
                        "the CRL of "
                                + Names.printable(crl.getIssuerX500Principal().getName()) + " ended at " + end.get()
                                + ": nodes will refuse every connection"));
            }
        }
        if (now.isAfter(node.notAfter())) {
            notices.add(new Notice(
                    "CERTIFICATE_EXPIRED",
                    name + ": the certificate ended at " + node.notAfter() + "; run 'certs-tool node issue " + name
                            + "'"));
        }
        Roster roster = Roster.of(config, store.nodes());
        return new ExportSource(config, node, store.key(node), root, crls, roster, List.copyOf(notices));
    }
}
