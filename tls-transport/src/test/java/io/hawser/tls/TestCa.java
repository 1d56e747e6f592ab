package io.hawser.tls;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** A CA that issues whatever a test wants, also what no CA should. */
final class TestCa {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String name;
    private final KeyPair keys;
    private final X509Certificate certificate;
    private final @Nullable TestCa issuer;

    private TestCa(String name, @Nullable TestCa issuer) {
        this.name = name;
        this.issuer = issuer;
        this.keys = ecKeys();
        var spec = new LeafSpec(name);
        spec.ca = true;
        this.certificate = issuer == null ? sign(spec, keys, name, keys) : issuer.sign(spec, keys);
    }

    /** A self-signed root. */
    static TestCa root(String name) {
        return new TestCa(name, null);
    }

    /** A CA below this one. */
    TestCa issuing(String subject) {
        return new TestCa(subject, this);
    }

    X509Certificate certificate() {
        return certificate;
    }

    /** Another root's key, signed by this one for one domain only. */
    X509Certificate cross(TestCa partner, String domain) {
        var spec = new LeafSpec(partner.name);
        spec.ca = true;
        spec.permitted = domain;
        return sign(spec, partner.keys);
    }

    /** What a certificate says; the defaults are right for a node with full names. */
    static final class LeafSpec {
        private final String commonName;
        private List<GeneralName> names = new ArrayList<>();
        private List<KeyPurposeId> usages = List.of(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth);
        private int keyUsage = KeyUsage.digitalSignature;
        private Instant begins = Instant.now().minus(Duration.ofMinutes(10));
        private Instant ends = Instant.now().plus(Duration.ofDays(1));
        private KeyPair keys = ecKeys();
        private String hash = "SHA256";
        private boolean ca;
        private @Nullable String permitted;

        LeafSpec(String commonName) {
            this.commonName = commonName;
        }

        /** The names of a node in the trust domain orga.test. */
        static LeafSpec node(String node) {
            return node(node, "orga.test");
        }

        static LeafSpec node(String node, String trustDomain) {
            String alive = node.substring(0, node.indexOf('@'));
            String host = node.substring(node.indexOf('@') + 1);
            return new LeafSpec(node)
                    .uri("spiffe://" + trustDomain + "/node/" + host + "/" + alive)
                    .dns(host);
        }

        LeafSpec dns(String name) {
            names.add(new GeneralName(GeneralName.dNSName, name));
            return this;
        }

        LeafSpec uri(String uri) {
            names.add(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
            return this;
        }

        LeafSpec ip(String address) {
            names.add(new GeneralName(GeneralName.iPAddress, address));
            return this;
        }

        LeafSpec withoutNames() {
            names = new ArrayList<>();
            return this;
        }

        LeafSpec usages(KeyPurposeId... wanted) {
            usages = List.of(wanted);
            return this;
        }

        LeafSpec keyUsage(int wanted) {
            keyUsage = wanted;
            return this;
        }

        LeafSpec validFrom(Instant begin, Instant end) {
            begins = begin;
            ends = end;
            return this;
        }

        LeafSpec keys(KeyPair wanted) {
            keys = wanted;
            return this;
        }

        LeafSpec hash(String wanted) {
            hash = wanted;
            return this;
        }

        LeafSpec asCa() {
            ca = true;
            return this;
        }
    }

    /** A certificate and its key. */
    record Leaf(X509Certificate certificate, KeyPair keys, TestCa issuer) {
        /** The certificates a node sends: its own, then those of CAs below the root. */
        List<X509Certificate> chain() {
            var chain = new ArrayList<>(List.of(certificate));
            for (TestCa at = issuer; at.issuer != null; at = at.issuer) {
                chain.add(at.certificate);
            }
            return chain;
        }
    }

    Leaf issue(LeafSpec spec) {
        return new Leaf(sign(spec, spec.keys), spec.keys, this);
    }

    private X509Certificate sign(LeafSpec spec, KeyPair subject) {
        return sign(spec, subject, name, keys);
    }

    private static X509Certificate sign(LeafSpec spec, KeyPair subject, String issuerName, KeyPair issuerKeys) {
        try {
            var builder = new JcaX509v3CertificateBuilder(
                    new X500Name("CN=" + issuerName),
                    new BigInteger(127, RANDOM),
                    Date.from(spec.begins),
                    Date.from(spec.ends),
                    new X500Name("CN=" + spec.commonName),
                    subject.getPublic());
            var ids = new JcaX509ExtensionUtils();
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(subject.getPublic()));
            builder.addExtension(
                    Extension.authorityKeyIdentifier, false, ids.createAuthorityKeyIdentifier(issuerKeys.getPublic()));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(spec.ca));
            addUsages(builder, spec);
            if (spec.permitted != null) {
                var dns = new GeneralSubtree(new GeneralName(GeneralName.dNSName, spec.permitted));
                var uri = new GeneralSubtree(new GeneralName(GeneralName.uniformResourceIdentifier, spec.permitted));
                builder.addExtension(
                        Extension.nameConstraints,
                        true,
                        new org.bouncycastle.asn1.x509.NameConstraints(new GeneralSubtree[] {dns, uri}, null));
            }
            if (!spec.names.isEmpty()) {
                var names = new GeneralNames(spec.names.toArray(new GeneralName[0]));
                builder.addExtension(Extension.subjectAlternativeName, false, names);
            }
            String algorithm = spec.hash + "withECDSA";
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder(algorithm).build(issuerKeys.getPrivate())));
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new AssertionError(e);
        }
    }

    private static void addUsages(JcaX509v3CertificateBuilder builder, LeafSpec spec) throws CertIOException {
        int usage = spec.ca ? KeyUsage.keyCertSign | KeyUsage.cRLSign | KeyUsage.digitalSignature : spec.keyUsage;
        if (usage != 0) {
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
        }
        if (!spec.usages.isEmpty()) {
            builder.addExtension(
                    Extension.extendedKeyUsage, false, new ExtendedKeyUsage(spec.usages.toArray(new KeyPurposeId[0])));
        }
    }

    /** This CA's revocation list. */
    X509CRL crl(X509Certificate... revoked) {
        return crl(Instant.now().plus(Duration.ofDays(1)), revoked);
    }

    X509CRL crl(Instant nextUpdate, X509Certificate... revoked) {
        try {
            var builder = new JcaX509v2CRLBuilder(
                    certificate.getSubjectX500Principal(),
                    Date.from(Instant.now().minus(Duration.ofDays(2))));
            builder.setNextUpdate(Date.from(nextUpdate));
            for (X509Certificate each : revoked) {
                builder.addCRLEntry(
                        each.getSerialNumber(),
                        Date.from(Instant.now().minus(Duration.ofHours(1))),
                        CRLReason.keyCompromise);
            }
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(keys.getPublic()));
            return new JcaX509CRLConverter()
                    .getCRL(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new AssertionError(e);
        }
    }

    /** An identity as a transport takes it; revocation is checked if any list is given. */
    static TlsIdentity identity(NameBinding binding, Leaf leaf, List<TestCa> trusted, List<X509CRL> crls) {
        var policy =
                new TrustPolicy.Parts(trusted.stream().map(TestCa::certificate).toList(), binding);
        policy.crls = crls.isEmpty() ? null : crls;
        return identity(leaf, policy);
    }

    /** An identity as a transport takes it, with a policy of the test's own. */
    static TlsIdentity identity(Leaf leaf, TrustPolicy.Parts policy) {
        return new TlsIdentity(leaf.keys().getPrivate(), leaf.chain(), policy.build());
    }

    /** Writes key.pem, cert.pem, trust.pem and, if given, crl.pem. */
    static Path write(Path directory, Leaf leaf, TestCa trusted, Optional<X509CRL> crl) {
        try {
            Files.createDirectories(directory);
            writeKey(
                    directory.resolve("key.pem"),
                    pem(new JcaPKCS8Generator(leaf.keys().getPrivate(), null)));
            Files.writeString(directory.resolve("cert.pem"), pem(leaf.chain().toArray()));
            Files.writeString(directory.resolve("trust.pem"), pem(trusted.certificate()));
            if (crl.isPresent()) {
                Files.writeString(directory.resolve("crl.pem"), pem(crl.get()));
            }
            return directory;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static void writeKey(Path file, String pem) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, pem);
    }

    static String pem(Object... objects) throws IOException {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            for (Object object : objects) {
                writer.writeObject(object);
            }
        }
        return text.toString();
    }

    static KeyPair ecKeys() {
        return keys("EC", 256);
    }

    static KeyPair keys(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
