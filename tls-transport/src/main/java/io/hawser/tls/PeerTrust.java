package io.hawser.tls;

import io.hawser.term.NodeName;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a peer's certificates are trusted: the path by the JDK, then our own checks of the certificate, and
 * for one that was dialled its name. Keeps what it found until the connection asks for it.
 *
 * <p>Thread-safe: checks are immutable, handshakes under way are in a synchronized map that does not keep engines alive.
 */
final class PeerTrust extends X509ExtendedTrustManager {
    private final NameBinding binding;
    private final Optional<String> trustDomain;
    private final PathCheck paths;
    private final LeafCheck leaves;
    private final Map<SSLEngine, NodeName> dialled = Collections.synchronizedMap(new WeakHashMap<>());
    private final Map<SSLEngine, Verified> verified = Collections.synchronizedMap(new WeakHashMap<>());

    /** What was found about a peer. Immutable. */
    record Verified(
            List<X509Certificate> path, CertificateNames names, NameBinding binding, Optional<String> trustDomain) {
        Optional<String> refusal(NodeName name) {
            return names.refusal(name, binding, trustDomain);
        }
    }

    PeerTrust(TlsIdentity identity) {
        this.binding = identity.binding();
        this.trustDomain = identity.trustDomain();
        this.paths = new PathCheck(identity);
        this.leaves = new LeafCheck(identity.binding());
    }

    /** Says whom an engine is about to reach. */
    void expect(SSLEngine engine, NodeName name) {
        dialled.put(engine, name);
    }

    /** What was found on an engine's handshake; null if its peer was not checked by us. Empties the place. */
    @Nullable
    Verified take(SSLEngine engine) {
        dialled.remove(engine);
        return verified.remove(engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        verified.put(engine, verify(chain, TlsRole.CLIENT));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        Verified found = verify(chain, TlsRole.SERVER);
        NodeName name = dialled.get(engine);
        if (name == null) {
            throw CertificateRefusal.UNSPECIFIED.because("nobody said which node was dialled");
        }
        Optional<String> refusal = found.refusal(name);
        if (refusal.isPresent()) {
            throw CertificateRefusal.WRONG_NAME.because(refusal.get());
        }
        verified.put(engine, found);
    }

    private Verified verify(X509Certificate[] chain, TlsRole role) throws CertificateException {
        PathCheck.Path path = paths.check(chain);
        leaves.check(path.certificates(), role);
        // a cross-certificate's name constraints, checked with the path, say which trust domain its nodes are of
        Optional<String> domain = path.viaCrossCertificate() ? Optional.empty() : trustDomain;
        return new Verified(path.certificates(), CertificateNames.of(chain[0]), binding, domain);
    }

    /** None: a list of our roots would keep partners, whose certificates come from other ones, from answering. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw noEngine();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw noEngine();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw noEngine();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw noEngine();
    }

    private static CertificateException noEngine() {
        return CertificateRefusal.UNSPECIFIED.because("checked without an engine (expected: one per connection)");
    }
}
