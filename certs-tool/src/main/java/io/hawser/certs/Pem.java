package io.hawser.certs;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/** Text armour (RFC 7468) around certificates, CRLs and keys. */
final class Pem {
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private Pem() {}

    static String encode(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n" + LINES.encodeToString(der) + "\n-----END " + type + "-----\n";
    }

    static byte[] certificates(Collection<X509Certificate> certificates) {
        var text = new StringBuilder();
        try {
            for (X509Certificate certificate : certificates) {
                text.append(encode("CERTIFICATE", certificate.getEncoded()));
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate without encoding", e);
        }
        return ascii(text.toString());
    }

    static byte[] crls(Collection<X509CRL> crls) {
        var text = new StringBuilder();
        try {
            for (X509CRL crl : crls) {
                text.append(encode("X509 CRL", crl.getEncoded()));
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a CRL without encoding", e);
        }
        return ascii(text.toString());
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Reads every armoured object; text between them is ignored, as OpenSSL does.
     *
     * @throws IOException if armour is broken, or what it holds is nested too deep for any parser
     */
    static List<PemObject> objects(byte[] pem) throws IOException {
        var objects = new ArrayList<PemObject>();
        try (var reader = new PemReader(new StringReader(new String(pem, StandardCharsets.ISO_8859_1)))) {
            for (PemObject object = reader.readPemObject(); object != null; object = reader.readPemObject()) {
                objects.add(new PemObject(object.getType(), flat(object.getContent())));
            }
        } catch (IllegalStateException e) {
            throw new IOException("the armour does not hold base64", e);
        }
        return objects;
    }

    /** Returns DER as it is, once it is seen to be fit for parsers that call themselves for each level. */
    static byte[] flat(byte[] der) throws IOException {
        if (DerDepth.isExceeded(der)) {
            throw new IOException("nested deeper than any certificate, CRL or key");
        }
        return der;
    }

    /** What the JDK is given: in armour of our own, since its reading of a file may differ from ours, which was checked. */
    private static ByteArrayInputStream forJdk(byte[] pemOrDer) throws IOException {
        if (pemOrDer.length > 0 && pemOrDer[0] == 0x30) { // a sequence
            return new ByteArrayInputStream(flat(pemOrDer));
        }
        var text = new StringBuilder();
        for (PemObject object : objects(pemOrDer)) {
            text.append(encode(object.getType(), object.getContent()));
        }
        return new ByteArrayInputStream(ascii(text.toString()));
    }

    static List<X509Certificate> readCertificates(byte[] pem, String where) {
        try {
            var certificates = new ArrayList<X509Certificate>();
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(forJdk(pem))) {
                certificates.add((X509Certificate) certificate);
            }
            if (certificates.isEmpty()) {
                throw new CertsException(ErrorCode.UNREADABLE, where + ": holds no certificate").about(where);
            }
            return List.copyOf(certificates);
        } catch (GeneralSecurityException | IOException e) {
            throw new CertsException(ErrorCode.UNREADABLE, where + ": is not a PEM certificate", e).about(where);
        }
    }

    /** The same of a file that may hold none. */
    static List<X509Certificate> readCertificatesOrNone(byte[] pem, String where) {
        return pem.length == 0 ? List.of() : readCertificates(pem, where);
    }

    static X509Certificate certificate(byte[] der) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK cannot read a certificate made here", e);
        }
    }

    static X509CRL readCrl(byte[] pemOrDer, String where) {
        try {
            return (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(forJdk(pemOrDer));
        } catch (GeneralSecurityException | IOException e) {
            throw new CertsException(ErrorCode.UNREADABLE, where + ": is not a CRL", e).about(where);
        }
    }
}
