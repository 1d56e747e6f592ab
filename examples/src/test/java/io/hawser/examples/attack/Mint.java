package io.hawser.examples.attack;

import io.hawser.tls.NameBinding;
import io.hawser.tls.TlsIdentity;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A root that signs whatever it is asked to: what a CA could that was tricked, or whoever has its key. */
final class Mint {
    private static final Provider LENIENT = new BouncyCastleProvider();
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Duration DAY = Duration.ofDays(1);

    private final X509Certificate root;
    private final PrivateKey key;
    /** What nodes send along. */
    private final List<X509Certificate> above;

    private Mint(X509Certificate root, PrivateKey key, List<X509Certificate> above) {
        this.root = root;
        this.key = key;
        this.above = above;
    }

    /** A certificate and its key, with what is sent along. */
    record Coin(PrivateKey key, List<X509Certificate> chain) {
        X509Certificate certificate() {
            return chain.get(0);
        }
    }

    /** A root of its own. */
    static Mint root(String commonName) {
        return root(new X500Name("CN=" + commonName));
    }

    static Mint root(X500Name name) {
        KeyPair keys = ecKeys();
        try {
            JcaX509v3CertificateBuilder builder =
                    builder(name, name, keys, Instant.now().plus(DAY));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(2));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            return new Mint(finish(builder, keys.getPrivate()), keys.getPrivate(), List.of());
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new AssertionError(e);
        }
    }

    X509Certificate certificate() {
        return root;
    }

    /** A CA below this one. */
    Mint issuing(String commonName, Instant ends) {
        KeyPair keys = ecKeys();
        try {
            JcaX509v3CertificateBuilder builder = builder(name(), new X500Name("CN=" + commonName), keys, ends);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            addIdentifiers(builder, keys);
            X509Certificate made = finish(builder, key);
            return new Mint(made, keys.getPrivate(), List.of(made));
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new AssertionError(e);
        }
    }

    private X500Name name() {
        return X500Name.getInstance(root.getSubjectX500Principal().getEncoded());
    }

    /** A certificate that is right for a node, but for its names. */
    Coin coin(X500Name subject, byte[] alternativeNames) {
        return coin(subject, alternativeNames, Instant.now().plus(DAY));
    }

    Coin coin(X500Name subject, byte[] alternativeNames, Instant ends) {
        KeyPair keys = ecKeys();
        try {
            JcaX509v3CertificateBuilder builder = builder(name(), subject, keys, ends);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
            }));
            addIdentifiers(builder, keys);
            if (alternativeNames.length > 0) {
                builder.addExtension(
                        new Extension(Extension.subjectAlternativeName, false, new DEROctetString(alternativeNames)));
            }
            var chain = new ArrayList<>(List.of(finish(builder, key)));
            chain.addAll(above);
            return new Coin(keys.getPrivate(), chain);
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new AssertionError(e);
        }
    }

    /** What a CA that does its work would sign for a node. */
    Coin honest(String node) {
        return honest(node, Instant.now().plus(DAY));
    }

    Coin honest(String node, Instant ends) {
        return coin(new X500Name("CN=" + node), Names.of(node), ends);
    }

    private void addIdentifiers(JcaX509v3CertificateBuilder builder, KeyPair subject)
            throws CertIOException, GeneralSecurityException {
        var identifiers = new JcaX509ExtensionUtils();
        builder.addExtension(
                Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(subject.getPublic()));
        builder.addExtension(
                Extension.authorityKeyIdentifier, false, identifiers.createAuthorityKeyIdentifier(root.getPublicKey()));
    }

    private static JcaX509v3CertificateBuilder builder(X500Name issuer, X500Name subject, KeyPair keys, Instant ends) {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(127, RANDOM),
                Date.from(now.minus(DAY)),
                Date.from(ends),
                subject,
                keys.getPublic());
    }

    private static X509Certificate finish(JcaX509v3CertificateBuilder builder, PrivateKey with)
            throws OperatorCreationException, GeneralSecurityException {
        // Bouncy Castle's certificates may lack what the JDK's must have
        return new JcaX509CertificateConverter().setProvider(LENIENT).getCertificate(builder.build(signer(with)));
    }

    private static ContentSigner signer(PrivateKey with) throws OperatorCreationException {
        return new JcaContentSignerBuilder("SHA256withECDSA").build(with);
    }

    /** A revocation list on which nobody stands. */
    X509CRL emptyCrl() {
        return emptyCrl(Instant.now().plus(DAY));
    }

    X509CRL emptyCrl(Instant nextUpdate) {
        return crl(nextUpdate);
    }

    /** A revocation list on which these stand. */
    X509CRL crl(X509Certificate... revoked) {
        return crl(Instant.now().plus(DAY), revoked);
    }

    private X509CRL crl(Instant nextUpdate, X509Certificate... revoked) {
        try {
            Instant now = Instant.now();
            var builder = new JcaX509v2CRLBuilder(root.getSubjectX500Principal(), Date.from(now.minus(DAY)));
            builder.setNextUpdate(Date.from(nextUpdate));
            for (X509Certificate each : revoked) {
                builder.addCRLEntry(each.getSerialNumber(), Date.from(now), CRLReason.keyCompromise);
            }
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(root.getPublicKey()));
            return new JcaX509CRLConverter().getCRL(builder.build(signer(key)));
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new AssertionError(e);
        }
    }

    /** What a node of this root is given that shows this certificate. */
    TlsIdentity identity(Path directory, Coin coin, NameBinding binding, X509CRL... lists) {
        Path files = write(directory, coin, lists);
        return TlsIdentity.ofPem(
                        files.resolve("cert.pem"),
                        files.resolve("key.pem"),
                        files.resolve("trust.pem"),
                        files.resolve("crl.pem"))
                .withBinding(binding);
    }

    /** What an honest node of this root is given. */
    TlsIdentity identity(Path directory, String node) {
        return identity(directory.resolve(node), honest(node), NameBinding.FULL);
    }

    /** Writes {@code key.pem}, {@code cert.pem}, {@code trust.pem} and {@code crl.pem} for a node of this root. */
    private Path write(Path directory, Coin coin, X509CRL... lists) {
        try {
            Files.createDirectories(directory);
            Path keyFile = directory.resolve("key.pem");
            Files.deleteIfExists(keyFile);
            Files.createFile(
                    keyFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(keyFile, pem(List.of(new JcaPKCS8Generator(coin.key(), null))));
            Files.writeString(directory.resolve("cert.pem"), pem(coin.chain()));
            Files.writeString(directory.resolve("trust.pem"), pem(List.of(root)));
            Files.writeString(
                    directory.resolve("crl.pem"), pem(lists.length == 0 ? List.of(emptyCrl()) : List.of(lists)));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String pem(List<?> objects) throws IOException {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            for (Object object : new ArrayList<>(objects)) {
                writer.writeObject(object);
            }
        }
        return text.toString();
    }

    private static KeyPair ecKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
