package io.hawser.benchmarks.pair;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A CA and the certificates of a client {@code a} and a server {@code b}, both for 127.0.0.1, which no organisation of
 * {@code certs-tool} has as a host; P-256, good for a day. Plain PEM files, so that every peer can have the same.
 */
final class PairCertificates {
    /** What BoringSSL chooses where AES is in hardware; whoever can be told is told to take it, too. */
    static final String SUITE = "TLS_AES_128_GCM_SHA256";

    private static final Duration LIFE = Duration.ofDays(1);
    private static final X500Name CA = new X500Name("CN=benchmarks");

    private final Path directory;
    private final KeyPair authority;

    private PairCertificates(Path directory) throws GeneralSecurityException {
        this.directory = directory;
        this.authority = newKey();
    }

    /** Writes {@code ca.pem} and the certificates and keys of both sides. */
    static void write(Path directory) throws IOException {
        try {
            Files.createDirectories(directory);
            var made = new PairCertificates(directory);
            Files.writeString(
                    directory.resolve("ca.pem"), pem("CERTIFICATE", made.root().getEncoded()));
            made.writeSide("a", 2);
            made.writeSide("b", 3);
        } catch (GeneralSecurityException | OperatorException e) {
            throw new IOException(directory + ": certificates cannot be made: " + e.getMessage(), e);
        }
    }

    private static KeyPair newKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private X509Certificate root() throws IOException, GeneralSecurityException, OperatorException {
        X509v3CertificateBuilder builder = begin(CA, 1, authority)
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        return sign(builder);
    }

    private void writeSide(String side, int serial) throws IOException, GeneralSecurityException, OperatorException {
        KeyPair key = newKey();
        var roles = new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};
        var names = new GeneralName[] {
            new GeneralName(GeneralName.iPAddress, "127.0.0.1"), new GeneralName(GeneralName.dNSName, "127.0.0.1")
        };
        X509v3CertificateBuilder builder = begin(new X500Name("CN=" + side), serial, key)
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(roles))
                .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        Files.writeString(
                directory.resolve(side + ".pem"),
                pem("CERTIFICATE", sign(builder).getEncoded()));
        Path file = directory.resolve(side + ".key");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, pem("PRIVATE KEY", key.getPrivate().getEncoded()));
    }

    private static X509v3CertificateBuilder begin(X500Name subject, int serial, KeyPair key) {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                CA,
                BigInteger.valueOf(serial),
                Date.from(now.minus(Duration.ofHours(1))),
                Date.from(now.plus(LIFE)),
                subject,
                key.getPublic());
    }

    private X509Certificate sign(X509v3CertificateBuilder builder) throws GeneralSecurityException, OperatorException {
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(authority.getPrivate())));
    }

    private static String pem(String label, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }

    /** Returns what the JDK's own TLS needs for a side, from the files. */
    static SSLContext context(Path directory, String side) throws IOException, GeneralSecurityException {
        String text = Files.readString(directory.resolve(side + ".key")).replaceAll("-----[A-Z ]+-----", "");
        PrivateKey key = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(text)));
        char[] password = {};
        KeyStore own = emptyStore();
        own.setKeyEntry("node", key, password, new X509Certificate[] {read(directory.resolve(side + ".pem"))});
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(own, password);
        KeyStore trusted = emptyStore();
        trusted.setCertificateEntry("ca", read(directory.resolve("ca.pem")));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static X509Certificate read(Path file) throws IOException, GeneralSecurityException {
        try (var in = Files.newInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }
}
