package io.hawser.certs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Date;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;

/**
 * A CA certificate with its private key: issues the CA below it, or nodes.
 *
 * <p>Every certificate begins ten minutes before now, for clocks that differ, and ends no later than the CA's own.
 * Lifetimes count from now and are cut to whole seconds. Thread-safe (immutable).
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5280">RFC 5280</a>
 */
public final class CertificateAuthority {
    static final Duration BACKDATE = Duration.ofMinutes(10);

    /** RFC 5280, appendix A.1: ub-common-name-length. */
    static final int MAX_COMMON_NAME = 64;

    private final X509Certificate certificate;
    private final CaSigner signer;
    private final Clock clock;
    private final SecureRandom random;

    /**
     * A CA from what was stored.
     *
     * @param certificate its certificate
     * @param key the private key that belongs to it
     * @param clock tells when certificates begin
     * @param random makes serial numbers
     */
    public CertificateAuthority(X509Certificate certificate, PrivateKey key, Clock clock, SecureRandom random) {
        this(certificate, CaSigner.of(key, certificate.getPublicKey()), clock, random);
    }

    /**
     * A CA whose key may be anywhere.
     *
     * @param certificate its certificate
     * @param signer signs with the key that belongs to it
     * @param clock tells when certificates begin
     * @param random makes serial numbers
     */
    public CertificateAuthority(X509Certificate certificate, CaSigner signer, Clock clock, SecureRandom random) {
        this.certificate = certificate;
        this.signer = signer;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Makes a new root with a new key.
     *
     * @param org gives name, key kind and lifetime
     * @param number counts the organisation's roots, from 1
     * @param clock tells when it begins
     * @param random makes its key
     * @return the root; path length 2, no name constraints
     */
    public static CertificateAuthority root(OrgConfig org, int number, Clock clock, SecureRandom random) {
        return root(org, number, newKey(org, random), clock, random);
    }

    /** Makes a new root with a key that is there already. */
    static CertificateAuthority root(OrgConfig org, int number, CaSigner signer, Clock clock, SecureRandom random) {
        X500Name name = authorityName(org, "Root", number);
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        PublicKey key = signer.publicKey();
        X509v3CertificateBuilder builder =
                begin(name, name, key, now, now.plus(org.policy().rootLife()), random);
        try {
            asAuthority(builder, key, 2);
            X509Certificate certificate = sign(builder, signer);
            return new CertificateAuthority(certificate, signer, clock, random);
        } catch (IOException | GeneralSecurityException e) {
            throw failed(e);
        }
    }

    /**
     * Issues a CA with a new key, for nodes only, fenced to the organisation's namespace by critical name constraints.
     *
     * @param org gives name, namespace, key kind and lifetime
     * @param number counts the organisation's issuing CAs, from 1
     * @return the issuing CA; path length 0
     */
    public CertificateAuthority issuing(OrgConfig org, int number) {
        CaSigner below = newKey(org, random);
        X509Certificate issued =
                issuing(org, number, below.publicKey(), org.policy().issuingLife());
        return new CertificateAuthority(issued, below, clock, random);
    }

    /** Issues a CA like {@link #issuing(OrgConfig, int)} for a key that is there already. */
    X509Certificate issuing(OrgConfig org, int number, PublicKey key, Duration life) {
        X509v3CertificateBuilder builder = begin(authorityName(org, "Issuing", number), key, life);
        try {
            asAuthority(builder, key, 0);
            addAuthorityKey(builder);
            builder.addExtension(Extension.extendedKeyUsage, false, bothRoles());
            addFence(builder, org.namespace());
            return sign(builder);
        } catch (IOException | GeneralSecurityException e) {
            throw failed(e);
        }
    }

    /**
     * Issues a cross-certificate: a partner's root, with its own name and key, below this root, and fenced to what the
     * partner may name. The constraints are those of the partner's issuing CA, word for word: Erlang refuses narrower ones
     * below others.
     *
     * @param partner the partner's root
     * @param namespace what the partner may name
     * @param life how long from now; cut at this CA's own end, and before the partner root's
     * @return the cross-certificate; path length 1
     */
    public X509Certificate cross(X509Certificate partner, Namespace namespace, Duration life) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        X500Name issuer =
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        X500Name subject =
                X500Name.getInstance(partner.getSubjectX500Principal().getEncoded());
        X509v3CertificateBuilder builder =
                begin(issuer, subject, partner.getPublicKey(), now, crossEnd(certificate, partner, now, life), random);
        try {
            asAuthority(builder, partner.getPublicKey(), 1);
            addAuthorityKey(builder);
            addFence(builder, namespace);
            return sign(builder);
        } catch (IOException | GeneralSecurityException e) {
            throw failed(e);
        }
    }

    private static void addFence(X509v3CertificateBuilder builder, Namespace namespace) throws IOException {
        builder.addExtension(Extension.nameConstraints, true, fence(namespace));
    }

    private static NameConstraints fence(Namespace namespace) {
        var fence = new GeneralSubtree[] {
            new GeneralSubtree(new GeneralName(GeneralName.dNSName, namespace.domain())),
            new GeneralSubtree(new GeneralName(GeneralName.uniformResourceIdentifier, namespace.trustDomain()))
        };
        return new NameConstraints(fence, null);
    }

    /** Whether a CA may name what is in the namespace, and nothing else. */
    static boolean isFencedTo(X509Certificate authority, Namespace namespace) {
        byte[] value = authority.getExtensionValue(Extension.nameConstraints.getId());
        try {
            return value != null
                    && authority.getCriticalExtensionOIDs().contains(Extension.nameConstraints.getId())
                    && Arrays.equals(
                            ASN1OctetString.getInstance(value).getOctets(),
                            fence(namespace).getEncoded("DER"));
        } catch (IOException e) {
            throw failed(e);
        }
    }

    static X500Name subject(X509Certificate certificate) {
        return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    }

    /**
     * Issues a node's certificate, good for both ends of a connection.
     *
     * @param org gives organisation and namespace
     * @param node whom it stands for
     * @param nodeKey the node's public key
     * @param life how long from now; cut at the CA's own end
     * @return the certificate
     * @throws CertsException if the node is outside the namespace
     */
    public X509Certificate node(OrgConfig org, NodeName node, PublicKey nodeKey, Duration life) {
        String uri = org.namespace().uri(node);
        var subject = new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.O, org.org());
        if (node.toString().length() <= MAX_COMMON_NAME) {
            subject.addRDN(BCStyle.CN, node.toString());
        }
        X509v3CertificateBuilder builder = begin(subject.build(), nodeKey, life);
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, bothRoles());
            var names = new GeneralName[] {
                new GeneralName(GeneralName.dNSName, node.host()),
                new GeneralName(GeneralName.uniformResourceIdentifier, uri)
            };
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(nodeKey));
            addAuthorityKey(builder);
            return sign(builder);
        } catch (IOException | GeneralSecurityException e) {
            throw failed(e);
        }
    }

    /**
     * The CA's certificate.
     *
     * @return the certificate
     */
    public X509Certificate certificate() {
        return certificate;
    }

    /** A certificate that a token wants beside a key, and nobody else; named by the key, so that no two are alike. */
    static X509Certificate placeholder(CaSigner signer, Clock clock) {
        String key = Fingerprints.sha256(signer.publicKey().getEncoded());
        X500Name name = new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(
                        BCStyle.CN,
                        "certs-tool key " + key.replace("SHA256:", "").substring(0, 32))
                .build();
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        try {
            return sign(begin(name, name, signer.publicKey(), now, now.plus(BACKDATE), new SecureRandom()), signer);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static CaSigner newKey(OrgConfig org, SecureRandom random) {
        KeyPair pair = org.policy().key().ofAuthority().generate(random);
        return CaSigner.of(pair.getPrivate(), pair.getPublic());
    }

    Clock clock() {
        return clock;
    }

    /** Signs something that is neither certificate nor CRL; the domain keeps the three apart. */
    byte[] signBundle(byte[] domain, byte[] content) {
        var message = new ByteArrayOutputStream();
        message.writeBytes(domain);
        message.writeBytes(content);
        return signer.sign(KeyKind.of(signer.publicKey()).signature(), message.toByteArray());
    }

    ContentSigner signer() {
        return new SignerContent(signer);
    }

    /** When a certificate of this lifetime ends, asked for at this time. */
    static Instant end(X509Certificate issuer, Instant now, Duration life) {
        Instant wanted = now.truncatedTo(ChronoUnit.SECONDS).plus(life);
        Instant limit = issuer.getNotAfter().toInstant();
        return wanted.isBefore(limit) ? wanted : limit;
    }

    /** When a cross-certificate ends: no later than the CA that signs it, and before the root that it is for. */
    static Instant crossEnd(X509Certificate issuer, X509Certificate root, Instant now, Duration life) {
        Instant end = end(issuer, now, life);
        Instant limit = root.getNotAfter().toInstant().minusSeconds(1);
        return end.isBefore(limit) ? end : limit;
    }

    private X509v3CertificateBuilder begin(X500Name subject, PublicKey subjectKey, Duration life) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        X500Name issuer =
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        return begin(issuer, subject, subjectKey, now, end(certificate, now, life), random);
    }

    private static X509v3CertificateBuilder begin(
            X500Name issuer, X500Name subject, PublicKey key, Instant now, Instant end, SecureRandom random) {
        return new JcaX509v3CertificateBuilder(
                issuer, serial(random), Date.from(now.minus(BACKDATE)), Date.from(end), subject, key);
    }

    /** 128 random bits; zero is not a serial number. */
    private static BigInteger serial(SecureRandom random) {
        BigInteger serial = new BigInteger(128, random);
        return serial.signum() == 0 ? BigInteger.ONE : serial;
    }

    /**
     * The blank in the name matters: the JDK takes a common name that could be a host for a DNS name and holds it
     * against the name constraints.
     */
    static X500Name authorityName(OrgConfig org, String role, int number) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, org.org())
                .addRDN(BCStyle.CN, org.org() + " Distribution " + role + " " + number)
                .build();
    }

    private static void asAuthority(X509v3CertificateBuilder builder, PublicKey key, int pathLength)
            throws IOException, GeneralSecurityException {
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(pathLength));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        builder.addExtension(
                Extension.subjectKeyIdentifier, false, new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key));
    }

    private void addAuthorityKey(X509v3CertificateBuilder builder) throws IOException, GeneralSecurityException {
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate.getPublicKey()));
    }

    private static ExtendedKeyUsage bothRoles() {
        return new ExtendedKeyUsage(new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth});
    }

    private X509Certificate sign(X509v3CertificateBuilder builder) throws IOException {
        return sign(builder, signer);
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, CaSigner signer) throws IOException {
        return Pem.certificate(builder.build(new SignerContent(signer)).getEncoded());
    }

    private static IllegalStateException failed(Exception cause) {
        return new IllegalStateException("a certificate could not be encoded or signed", cause);
    }
}
