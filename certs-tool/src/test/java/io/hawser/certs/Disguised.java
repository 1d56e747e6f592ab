package io.hawser.certs;

import java.math.BigInteger;
import java.security.Principal;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** A certificate that goes onto the wire as other bytes. */
@SuppressWarnings("serial") // never stored
final class Disguised extends X509Certificate {
    private static final long serialVersionUID = 1;

    private final X509Certificate genuine;
    private final byte[] encoded;

    Disguised(X509Certificate genuine, byte[] encoded) {
        this.genuine = genuine;
        this.encoded = encoded;
    }

    @Override
    public byte[] getEncoded() {
        return encoded.clone();
    }

    @Override
    public void checkValidity() throws CertificateExpiredException, CertificateNotYetValidException {
        genuine.checkValidity();
    }

    @Override
    public void checkValidity(Date date) throws CertificateExpiredException, CertificateNotYetValidException {
        genuine.checkValidity(date);
    }

    @Override
    public int getVersion() {
        return genuine.getVersion();
    }

    @Override
    public BigInteger getSerialNumber() {
        return genuine.getSerialNumber();
    }

    @Override
    public X500Principal getIssuerX500Principal() {
        return genuine.getIssuerX500Principal();
    }

    @Override
    public X500Principal getSubjectX500Principal() {
        return genuine.getSubjectX500Principal();
    }

    @Override
    @SuppressWarnings("deprecation") // must be there
    public Principal getIssuerDN() {
        return genuine.getIssuerX500Principal();
    }

    @Override
    @SuppressWarnings("deprecation") // must be there
    public Principal getSubjectDN() {
        return genuine.getSubjectX500Principal();
    }

    @Override
    public Date getNotBefore() {
        return genuine.getNotBefore();
    }

    @Override
    public Date getNotAfter() {
        return genuine.getNotAfter();
    }

    @Override
    public byte[] getTBSCertificate() throws CertificateEncodingException {
        return genuine.getTBSCertificate();
    }

    @Override
    public byte[] getSignature() {
        return genuine.getSignature();
    }

    @Override
    public String getSigAlgName() {
        return genuine.getSigAlgName();
    }

    @Override
    public String getSigAlgOID() {
        return genuine.getSigAlgOID();
    }

    @Override
    public byte @Nullable [] getSigAlgParams() {
        return genuine.getSigAlgParams();
    }

    @Override
    public boolean @Nullable [] getIssuerUniqueID() {
        return genuine.getIssuerUniqueID();
    }

    @Override
    public boolean @Nullable [] getSubjectUniqueID() {
        return genuine.getSubjectUniqueID();
    }

    @Override
    public boolean @Nullable [] getKeyUsage() {
        return genuine.getKeyUsage();
    }

    @Override
    public int getBasicConstraints() {
        return genuine.getBasicConstraints();
    }

    @Override
    public void verify(PublicKey key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void verify(PublicKey key, String provider) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String toString() {
        return "disguised " + genuine.getSubjectX500Principal();
    }

    @Override
    public PublicKey getPublicKey() {
        return genuine.getPublicKey();
    }

    @Override
    public boolean hasUnsupportedCriticalExtension() {
        return genuine.hasUnsupportedCriticalExtension();
    }

    @Override
    public @Nullable Set<String> getCriticalExtensionOIDs() {
        return genuine.getCriticalExtensionOIDs();
    }

    @Override
    public @Nullable Set<String> getNonCriticalExtensionOIDs() {
        return genuine.getNonCriticalExtensionOIDs();
    }

    @Override
    public byte @Nullable [] getExtensionValue(String oid) {
        return genuine.getExtensionValue(oid);
    }
}
