package io.hawser.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.cert.CRLException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads certificates and revocation lists from PEM (RFC 7468). The JDK passes over what is cut off; here it is an error, for
 * then the file is being written.
 */
final class PemBlocks {
    private static final String BEGIN = "-----BEGIN ";
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----[^-]*-----END \\1-----(?:\\s|$)");

    private PemBlocks() {}

    static List<X509Certificate> certificates(Path file, byte[] bytes) {
        try {
            var found = new ArrayList<X509Certificate>();
            for (Certificate certificate : factory().generateCertificates(whole(file, bytes))) {
                found.add((X509Certificate) certificate);
            }
            if (found.isEmpty()) {
                throw new TlsConfigurationException(file + ": holds no certificate (expected: PEM)");
            }
            return found;
        } catch (CertificateException e) {
            throw new TlsConfigurationException(file + ": not a PEM certificate: " + e.getMessage(), e);
        }
    }

    static List<X509CRL> crls(Path file, byte[] bytes) {
        try {
            var found = new ArrayList<X509CRL>();
            for (var crl : factory().generateCRLs(whole(file, bytes))) {
                found.add((X509CRL) crl);
            }
            if (found.isEmpty()) {
                throw new TlsConfigurationException(
                        file + ": holds no revocation list (expected: PEM; one of each CA)");
            }
            return found;
        } catch (CertificateException | CRLException e) {
            throw new TlsConfigurationException(file + ": not a PEM revocation list: " + e.getMessage(), e);
        }
    }

    private static CertificateFactory factory() throws CertificateException {
        return CertificateFactory.getInstance("X.509");
    }

    /** The blocks without what is around them; DER as it is. */
    private static ByteArrayInputStream whole(Path file, byte[] bytes) {
        String text = new String(bytes, US_ASCII);
        if (!text.contains("-----")) {
            return new ByteArrayInputStream(bytes);
        }
        var blocks = new StringBuilder();
        Matcher matcher = BLOCK.matcher(text);
        int end = 0;
        int count = 0;
        while (matcher.find()) {
            blocks.append(matcher.group().strip()).append('\n');
            end = matcher.end();
            count++;
        }
        if (count != occurrences(text) || text.indexOf("-----", end) >= 0) {
            throw new TlsConfigurationException(
                    file + ": a PEM block does not end (expected: an END for each BEGIN; half written?)");
        }
        return new ByteArrayInputStream(blocks.toString().getBytes(US_ASCII));
    }

    private static int occurrences(String text) {
        int count = 0;
        for (int at = text.indexOf(BEGIN); at >= 0; at = text.indexOf(BEGIN, at + 1)) {
            count++;
        }
        return count;
    }
}
