package io.hawser.tls;

import io.hawser.transport.RefusalCode;
import io.netty.handler.ssl.OpenSslCertificateException;
import java.security.cert.CertificateException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why TLS or its certificates did not do. The code and its layer are for us: a peer that is refused only learns the alert
 * that TLS has for it (RFC 8446, 6.2).
 */
public enum TlsRefusal implements RefusalCode {
    /** The first bytes are no TLS. */
    NOT_TLS(Layer.TLS),
    /** No TLS version that both sides allow. */
    PROTOCOL_VERSION(Layer.TLS),
    /** No cipher suite or signature algorithm that both sides allow. */
    NO_COMMON_SUITE(Layer.TLS),
    /** The peer sent no certificate. */
    NO_CERTIFICATE(Layer.TLS),
    /** The peer ended the connection with an alert about the certificate we showed. */
    REFUSED_BY_PEER(Layer.TLS),
    /** A handshake message is longer than any that a node sends. */
    HANDSHAKE_TOO_LARGE(Layer.TLS),
    /** The peer ended TLS before it was up. */
    HANDSHAKE_UNFINISHED(Layer.TLS),
    /** The peer did not show new certificates on a connection that stands in the way that was agreed on. */
    RENEWAL_FAILED(Layer.TLS),
    /** TLS failed in another way. */
    TLS_FAILED(Layer.TLS),

    /** No root of ours is above the certificate. */
    UNTRUSTED_ROOT(Layer.PATH, 20),
    /** The path to a root is longer than any that an organisation needs. */
    PATH_TOO_LONG(Layer.PATH, 22),
    /** A root of ours is above, but a certificate between does not allow what it is used for, or is not well-formed. */
    PATH_INVALID(Layer.PATH, 20),
    /** The certificate, or one of a CA above it, has ended. */
    CERTIFICATE_EXPIRED(Layer.PATH, 10),
    /** The certificate, or one of a CA above it, has not begun. */
    CERTIFICATE_NOT_YET_VALID(Layer.PATH, 9),
    /** The certificate this node showed on the connection has ended. */
    OWN_CERTIFICATE_EXPIRED(Layer.PATH),

    /** The certificate is that of a CA. */
    CA_CERTIFICATE(Layer.LEAF, 26),
    /** Its key usage does not allow signatures. */
    WRONG_KEY_USAGE(Layer.LEAF, 26),
    /** Its extended key usage does not allow the peer's role. */
    WRONG_EXTENDED_KEY_USAGE(Layer.LEAF, 26),
    /** Its key is of a kind or size that is not taken. */
    WEAK_KEY(Layer.LEAF, 26),
    /** It, or a certificate above it, is signed with a hash that is not taken. */
    WEAK_SIGNATURE(Layer.LEAF, 26),
    /** It is valid for longer than the policy allows. */
    LIFE_TOO_LONG(Layer.LEAF, 26),

    /** The CA above it may not name this node. */
    OUTSIDE_NAMESPACE(Layer.NAME, 47),
    /** The certificate is for another node than the one that was dialled. */
    NAME_MISMATCH(Layer.NAME, 62),
    /** The certificate does not name one node in the form that the binding demands. */
    NAME_MALFORMED(Layer.NAME, 62),

    /** The node is not in the roster. */
    NOT_IN_ROSTER(Layer.ROSTER, 28),
    /** The certificate is on the list of those that are denied. */
    DENIED(Layer.ROSTER, 28),

    /** The certificate is revoked. */
    CERTIFICATE_REVOKED(Layer.REVOCATION, 23),
    /** A CA above the certificate is revoked. */
    CA_REVOKED(Layer.REVOCATION, 23),
    /** There is no list of a CA that says whether it revoked the certificate. */
    CRL_MISSING(Layer.REVOCATION, 3),
    /** The list has ended, and its CA may have revoked the certificate since. */
    CRL_STALE(Layer.REVOCATION, 12),
    /** The certificate this node showed on the connection is revoked or denied. */
    OWN_CERTIFICATE_REVOKED(Layer.REVOCATION);

    /** X509_V_ERR_UNSPECIFIED, X509_V_ERR_APPLICATION_VERIFICATION and so on: they choose BoringSSL's alert. */
    private static final int UNSPECIFIED = 50;

    private final Layer layer;
    private final int x509Error;

    TlsRefusal(Layer layer) {
        this(layer, UNSPECIFIED);
    }

    TlsRefusal(Layer layer, int x509Error) {
        this.layer = layer;
        this.x509Error = x509Error;
    }

    @Override
    public Layer layer() {
        return layer;
    }

    /** Marks what a check of ours threw. Immutable. */
    private static final class Marker extends CertificateException {
        private static final long serialVersionUID = 1L;

        private final TlsRefusal refusal;

        Marker(TlsRefusal refusal, @Nullable Throwable cause) {
            super(refusal.name(), cause);
            this.refusal = refusal;
        }
    }

    /** The sentence that ends up in our log; the peer only sees the alert. */
    CertificateException because(String sentence, @Nullable Throwable cause) {
        return new OpenSslCertificateException(sentence, new Marker(this, cause), x509Error);
    }

    CertificateException because(String sentence) {
        return because(sentence, null);
    }

    /** What a failure was thrown by {@link #because} for; empty if it was not. */
    static Optional<TlsRefusal> of(@Nullable Throwable failure) {
        return failure instanceof OpenSslCertificateException && failure.getCause() instanceof Marker marker
                ? Optional.of(marker.refusal)
                : Optional.empty();
    }
}
