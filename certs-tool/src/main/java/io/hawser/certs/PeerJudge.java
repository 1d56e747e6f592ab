package io.hawser.certs;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Judges the certificate of a node that was dialled, as a Java node does: a path to an own root, through a cross-certificate
 * for partners, with the CRLs of every CA in it, and the whole name of the node.
 */
final class PeerJudge extends X509ExtendedTrustManager {
    private final OrgStore store;
    private final String uri;
    private final Instant now;
    private volatile List<X509Certificate> shown = List.of();

    /** @param uri the identity that the certificate must carry */
    PeerJudge(OrgStore store, String uri) {
        this.store = store;
        this.uri = uri;
        this.now = store.options().clock().instant();
    }

    /** What the node showed, its own certificate first; empty until one passed. */
    List<X509Certificate> shown() {
        return shown;
    }

    private void judge(X509Certificate[] chain) throws CertificateException {
        for (X509Certificate certificate : chain) {
            if (DerDepth.isExceeded(certificate.getEncoded())) {
                throw new CertificateException("its certificate is nested deeper than any certificate");
            }
        }
        var certificates = new ArrayList<Object>(List.of(chain));
        certificates.addAll(store.crls());
        for (Partner partner : new TrustStore(store).partners()) {
            certificates.addAll(partner.cross());
            certificates.addAll(partner.crls());
        }
        var target = new X509CertSelector();
        target.setCertificate(chain[0]);
        try {
            target.setExtendedKeyUsage(Set.of("1.3.6.1.5.5.7.3.1"));
            var parameters = new PKIXBuilderParameters(
                    store.roots().stream()
                            .map(root -> new TrustAnchor(root, null))
                            .collect(Collectors.toSet()),
                    target);
            parameters.addCertStore(
                    CertStore.getInstance("Collection", new CollectionCertStoreParameters(certificates)));
            parameters.setDate(Date.from(now));
            CertPathBuilder.getInstance("PKIX").build(parameters);
        } catch (GeneralSecurityException e) {
            Throwable why = e.getCause() == null ? e : e.getCause();
            throw new CertificateException("its certificate is not valid: " + why.getMessage(), e);
        } catch (java.io.IOException | RuntimeException e) {
            // what the JDK throws for name constraints that have nothing in common, among others
            throw new CertificateException("its certificate is not valid: " + e.getMessage(), e);
        }
        String found = Identities.uri(chain[0]).orElse("not one URI");
        if (!found.equals(uri)) {
            throw new CertificateException("its certificate is for " + Names.printable(found) + ", not for " + uri);
        }
        shown = List.of(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        judge(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        judge(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        judge(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw new CertificateException("not a server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        throw new CertificateException("not a server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("not a server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
