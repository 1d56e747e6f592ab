package io.hawser.certs;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;

/**
 * Issues the CRLs of one CA: version 2, the whole CA, no delta, no issuing distribution point. Thread-safe (immutable).
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5280#section-5">RFC 5280, section 5</a>
 */
public final class CrlIssuer {
    private final CertificateAuthority authority;

    /**
     * An issuer for one CA.
     *
     * @param authority signs the CRLs
     */
    public CrlIssuer(CertificateAuthority authority) {
        this.authority = authority;
    }

    /**
     * Issues the CA's first CRL, which is empty and has number 1.
     *
     * @param life how long from now it is good for
     * @return the CRL
     */
    public X509CRL first(Duration life) {
        return sign(begin(life), BigInteger.ONE);
    }

    /**
     * Issues the CRL that follows another, with all its entries.
     *
     * @param previous the CA's last CRL
     * @param life how long from now the new one is good for
     * @return a CRL with the next number
     */
    public X509CRL next(X509CRL previous, Duration life) {
        return next(previous, Map.of(), life);
    }

    /**
     * Issues the CRL that follows another, with all its entries and further ones.
     *
     * @param previous the CA's last CRL
     * @param further number and reason of what is revoked from now on
     * @param life how long from now the new one is good for
     * @return a CRL with the next number
     */
    public X509CRL next(X509CRL previous, Map<BigInteger, RevocationReason> further, Duration life) {
        X509v2CRLBuilder builder = begin(life);
        // as early as the CRL itself: the JDK lets in what was revoked later than its own clock, which may be behind
        Date since = Date.from(
                authority.clock().instant().truncatedTo(ChronoUnit.SECONDS).minus(CertificateAuthority.BACKDATE));
        further.forEach((serial, reason) -> builder.addCRLEntry(serial, since, reason.code()));
        try {
            builder.addCRL(new X509CRLHolder(previous.getEncoded()));
        } catch (IOException | GeneralSecurityException e) {
            throw new CertsException(ErrorCode.UNREADABLE, "the previous CRL cannot be read", e);
        }
        return sign(builder, number(previous).add(BigInteger.ONE));
    }

    /**
     * The number of a CRL.
     *
     * @param crl any CRL
     * @return its crlNumber, or zero when it has none
     */
    public static BigInteger number(X509CRL crl) {
        byte[] value = crl.getExtensionValue(Extension.cRLNumber.getId());
        if (value == null) {
            return BigInteger.ZERO;
        }
        return ASN1Integer.getInstance(ASN1OctetString.getInstance(value).getOctets())
                .getPositiveValue();
    }

    private X509v2CRLBuilder begin(Duration life) {
        Instant now = authority.clock().instant().truncatedTo(ChronoUnit.SECONDS);
        var builder = new JcaX509v2CRLBuilder(
                authority.certificate().getSubjectX500Principal(), Date.from(now.minus(CertificateAuthority.BACKDATE)));
        builder.setNextUpdate(Date.from(now.plus(life)));
        return builder;
    }

    private X509CRL sign(X509v2CRLBuilder builder, BigInteger number) {
        try {
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils()
                            .createAuthorityKeyIdentifier(
                                    authority.certificate().getPublicKey()));
            builder.addExtension(Extension.cRLNumber, false, new CRLNumber(number));
            X509CRL crl = Pem.readCrl(builder.build(authority.signer()).getEncoded(), "new CRL");
            crl.verify(authority.certificate().getPublicKey());
            return crl;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("a CRL could not be encoded or signed", e);
        }
    }
}
