package io.hawser.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.hawser.term.Printable;
import io.hawser.transport.TransportException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.OpenSslCertificateException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says in one sentence why TLS failed, whichever engine found out, and whichever side. */
final class TlsFailures {
    /** JDK: {@code Received fatal alert: unknown_ca}; BoringSSL: {@code ...:TLSV1_ALERT_UNKNOWN_CA}. */
    private static final Pattern JDK_ALERT = Pattern.compile("(?i)received (?:fatal )?alert: (\\w+)");

    private static final Pattern BORINGSSL_ALERT = Pattern.compile("(?:SSLV3|TLSV1|TLSV13)_ALERT_(\\w+)");

    /** RFC 8446, 6.2: the alerts that speak of the certificate we sent, or did not send. */
    private static final Set<String> ABOUT_OUR_CERTIFICATE = Set.of(
            "bad_certificate",
            "unsupported_certificate",
            "certificate_revoked",
            "certificate_expired",
            "certificate_unknown",
            "certificate_required",
            "unknown_ca",
            "access_denied");

    private static final Pattern OTHER_VERSION = Pattern.compile(
            "(?i)UNSUPPORTED_PROTOCOL|WRONG_VERSION_NUMBER|WRONG_SSL_VERSION|not accepted by (?:client|server) preferences"
                    + "|not enabled or supported in server context|not supported by server|No appropriate protocol");
    private static final Pattern NO_CERTIFICATE =
            Pattern.compile("(?i)PEER_DID_NOT_RETURN_A_CERTIFICATE|Empty (?:client|server) certificate chain");
    private static final Pattern NO_CIPHER =
            Pattern.compile("(?i)NO_SHARED_CIPHER|no cipher suites in common|NO_COMMON_SIGNATURE_ALGORITHMS");
    private static final Pattern KEY_USAGE = Pattern.compile("KEY_USAGE_BIT_INCORRECT"); // BoringSSL looks first
    private static final Pattern NOT_TLS = Pattern.compile("(?i)Unsupported or unrecognized SSL message");

    private TlsFailures() {}

    /**
     * Explains a failure.
     *
     * @param versions the TLS versions we allow
     * @return empty if it is not TLS that failed
     */
    static Optional<TransportException> explain(
            String where, Throwable failure, WireTap tap, boolean open, String versions) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            Found found = found(at, tap, open, versions);
            if (found != null) {
                return Optional.of(new TransportException(where + ": " + found.sentence(), failure, found.refusal()));
            }
        }
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof SSLException) {
                return Optional.of(new TransportException(
                        where + ": TLS failed: " + Printable.of(String.valueOf(at.getMessage())),
                        failure,
                        TlsRefusal.TLS_FAILED));
            }
        }
        return Optional.empty();
    }

    private record Found(TlsRefusal refusal, String sentence) {}

    private static @Nullable Found found(Throwable failure, WireTap tap, boolean open, String versions) {
        String message = String.valueOf(failure.getMessage());
        if (failure instanceof OpenSslCertificateException) { // ours
            return new Found(TlsRefusal.of(failure).orElse(TlsRefusal.TLS_FAILED), message);
        }
        if (failure instanceof CertificateException) { // the JDK's: it reads certificates, whichever engine asks
            return new Found(
                    TlsRefusal.PATH_INVALID, "the peer's certificate cannot be read: " + Printable.of(message));
        }
        if (failure instanceof NotSslRecordException || NOT_TLS.matcher(message).find()) {
            return new Found(TlsRefusal.NOT_TLS, "not TLS: the first bytes are " + shown(tap.first()));
        }
        if (failure instanceof ClosedChannelException && !open) {
            return closedEarly(tap);
        }
        if (!(failure instanceof SSLException)) {
            return null;
        }
        if (message.contains("Connection closed while SSL/TLS handshake was in progress")) {
            return closedEarly(tap);
        }
        String alert = alert(message);
        return alert != null ? ofAlert(alert, versions) : ofMessage(message, versions);
    }

    private static @Nullable Found ofMessage(String message, String versions) {
        if (OTHER_VERSION.matcher(message).find()) {
            return new Found(
                    TlsRefusal.PROTOCOL_VERSION, "the peer speaks another version of TLS (expected: " + versions + ")");
        }
        if (NO_CERTIFICATE.matcher(message).find()) {
            return new Found(TlsRefusal.NO_CERTIFICATE, "the peer sent no certificate (expected: mutual TLS)");
        }
        if (KEY_USAGE.matcher(message).find()) {
            return new Found(
                    TlsRefusal.WRONG_KEY_USAGE,
                    "the peer's certificate is not for signatures (expected: key usage digitalSignature)");
        }
        if (NO_CIPHER.matcher(message).find()) {
            return new Found(
                    TlsRefusal.NO_COMMON_SUITE,
                    "the peer and we have no cipher suite or signature algorithm in common");
        }
        return null;
    }

    private static Found closedEarly(WireTap tap) {
        return new Found(
                TlsRefusal.HANDSHAKE_UNFINISHED,
                tap.bytesIn() == 0
                        ? "the peer closed the connection before it sent anything (expected: a TLS handshake)"
                        : "the peer closed the connection during the TLS handshake");
    }

    private static @Nullable String alert(String message) {
        Matcher jdk = JDK_ALERT.matcher(message);
        if (jdk.find()) {
            return jdk.group(1).toLowerCase(Locale.ROOT);
        }
        Matcher boringSsl = BORINGSSL_ALERT.matcher(message);
        return boringSsl.find() ? boringSsl.group(1).toLowerCase(Locale.ROOT) : null;
    }

    private static Found ofAlert(String alert, String versions) {
        if (ABOUT_OUR_CERTIFICATE.contains(alert)) {
            return new Found(TlsRefusal.REFUSED_BY_PEER, "peer refused our certificate: alert " + alert);
        }
        if (alert.equals("protocol_version")) {
            return new Found(
                    TlsRefusal.PROTOCOL_VERSION,
                    "peer speaks another version of TLS: alert protocol_version (expected: " + versions + ")");
        }
        return new Found(TlsRefusal.TLS_FAILED, "peer ended TLS: alert " + Printable.of(alert));
    }

    private static String shown(byte[] first) {
        for (byte b : first) {
            if (b < ' ' || b > '~') {
                return HexFormat.ofDelimiter(" ").formatHex(first);
            }
        }
        return '"' + new String(first, US_ASCII) + '"';
    }
}
