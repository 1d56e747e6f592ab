package io.hawser.tls;

import io.netty.handler.ssl.OpenSslCertificateException;
import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/** Why a peer's certificate is refused, with the code that makes BoringSSL send the fitting alert (X509_V_ERR_*). */
enum CertificateRefusal {
    UNSPECIFIED(28),
    NO_CRL(3),
    NOT_YET_VALID(9),
    EXPIRED(10),
    UNKNOWN_ISSUER(20),
    CHAIN_TOO_LONG(22),
    REVOKED(23),
    WRONG_PURPOSE(26),
    WRONG_NAME(62);

    private final int code;

    CertificateRefusal(int code) {
        this.code = code;
    }

    /** The sentence that ends up in our log; the peer only sees the alert. */
    CertificateException because(String sentence, @Nullable Throwable cause) {
        return new OpenSslCertificateException(sentence, cause, code);
    }

    CertificateException because(String sentence) {
        return because(sentence, null);
    }
}
