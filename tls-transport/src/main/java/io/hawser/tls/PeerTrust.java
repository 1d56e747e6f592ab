package io.hawser.tls;

import io.hawser.term.NodeName;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
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
    private final TrustJudge judge;
    private final Clock clock;
    private final Map<SSLEngine, NodeName> dialled = Collections.synchronizedMap(new WeakHashMap<>());
    private final Map<SSLEngine, TrustJudge.Verified> verified = Collections.synchronizedMap(new WeakHashMap<>());

    PeerTrust(TrustJudge judge, Clock clock) {
        this.judge = judge;
        this.clock = clock;
    }

    /** Says whom an engine is about to reach. */
    void expect(SSLEngine engine, NodeName name) {
        dialled.put(engine, name);
    }

    /** What was found on an engine's handshake; null if its peer was not checked by us. Empties the place. */
    TrustJudge.@Nullable Verified take(SSLEngine engine) {
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
        TrustJudge.Verified found = verify(chain, TlsRole.SERVER);
        NodeName name = dialled.get(engine);
        if (name == null) {
            throw TlsRefusal.TLS_FAILED.because("nobody said which node was dialled");
        }
        Optional<String> refusal = found.refusal(name);
        if (refusal.isPresent()) {
            throw TlsRefusal.NAME_MISMATCH.because(refusal.get());
        }
        verified.put(engine, found);
    }

    private TrustJudge.Verified verify(X509Certificate[] chain, TlsRole role) throws CertificateException {
        return judge.judge(List.of(chain), role, clock.instant());
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
        return TlsRefusal.TLS_FAILED.because("checked without an engine (expected: one per connection)");
    }
}
