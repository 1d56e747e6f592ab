package io.hawser.certs;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** A certificate of any form, with its key; what it issues too. */
record Mint(X509Certificate certificate, PrivateKey key) {
    private static final Provider BC = new BouncyCastleProvider();

    /** What shall be in a certificate. */
    static final class Form {
        private String subject = "O=orga,CN=orga CA";
        private KeyPair keys = Mint.keys("P-256");
        private Instant from = Instant.now().minus(Duration.ofMinutes(10));
        private Instant to = Instant.now().plus(Duration.ofDays(1));
        private int pathLength = -1;
        private int usage = KeyUsage.digitalSignature;
        private boolean authorityKey = true;
        private final List<GeneralName> names = new ArrayList<>();
        private final List<GeneralName> permitted = new ArrayList<>();
        private final List<Object[]> further = new ArrayList<>();

        Form subject(String name) {
            subject = name;
            return this;
        }

        Form keys(KeyPair pair) {
            keys = pair;
            return this;
        }

        Form life(Duration begin, Duration end) {
            from = Instant.now().plus(begin);
            to = Instant.now().plus(end);
            return this;
        }

        Form authority(int length) {
            pathLength = length;
            usage = KeyUsage.keyCertSign | KeyUsage.cRLSign;
            return this;
        }

        Form usage(int bits) {
            usage = bits;
            return this;
        }

        Form withoutAuthorityKey() {
            authorityKey = false;
            return this;
        }

        Form name(int kind, String... values) {
            Arrays.stream(values).forEach(value -> names.add(new GeneralName(kind, value)));
            return this;
        }

        Form permit(int kind, String... values) {
            Arrays.stream(values).forEach(value -> permitted.add(new GeneralName(kind, value)));
            return this;
        }

        Form with(ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value) {
            further.add(new Object[] {oid, critical, value});
            return this;
        }

        Mint selfSigned() {
            return signed(null);
        }

        Mint signedBy(Mint issuer) {
            return signed(issuer);
        }

        private Mint signed(@Nullable Mint issuer) {
            try {
                X500Name name = new X500Name(subject);
                X500Name by = issuer == null
                        ? name
                        : X500Name.getInstance(
                                issuer.certificate.getSubjectX500Principal().getEncoded());
                var builder = new JcaX509v3CertificateBuilder(
                        by,
                        new java.math.BigInteger(100, new java.security.SecureRandom()).setBit(100),
                        Date.from(from),
                        Date.from(to),
                        name,
                        keys.getPublic());
                var identifiers = new JcaX509ExtensionUtils();
                builder.addExtension(
                        Extension.basicConstraints,
                        true,
                        pathLength < 0 ? new BasicConstraints(false) : new BasicConstraints(pathLength));
                builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
                builder.addExtension(
                        Extension.subjectKeyIdentifier,
                        false,
                        identifiers.createSubjectKeyIdentifier(keys.getPublic()));
                if (issuer != null && authorityKey) {
                    builder.addExtension(
                            Extension.authorityKeyIdentifier,
                            false,
                            identifiers.createAuthorityKeyIdentifier(issuer.certificate.getPublicKey()));
                }
                if (!names.isEmpty()) {
                    builder.addExtension(
                            Extension.subjectAlternativeName,
                            false,
                            new GeneralNames(names.toArray(new GeneralName[0])));
                }
                if (!permitted.isEmpty()) {
                    GeneralSubtree[] trees =
                            permitted.stream().map(GeneralSubtree::new).toArray(GeneralSubtree[]::new);
                    builder.addExtension(Extension.nameConstraints, true, new NameConstraints(trees, null));
                }
                for (Object[] each : further) {
                    builder.addExtension((ASN1ObjectIdentifier) each[0], (Boolean) each[1], (ASN1Encodable) each[2]);
                }
                PrivateKey signing = issuer == null ? keys.getPrivate() : issuer.key;
                return new Mint(
                        Pem.certificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signing))
                                .getEncoded()),
                        keys.getPrivate());
            } catch (Exception e) {
                throw new AssertionError("minting failed", e);
            }
        }
    }

    /** A key pair: a curve, {@code RSA}, {@code RSASSA-PSS} or {@code Ed25519}. */
    static KeyPair keys(String kind) {
        try {
            if (kind.startsWith("brainpool")) {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", BC);
                generator.initialize(new ECGenParameterSpec(kind));
                return generator.generateKeyPair();
            }
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind.startsWith("P-") ? "EC" : kind);
            if (kind.startsWith("P-")) {
                generator.initialize(new ECGenParameterSpec("secp" + kind.substring(2) + "r1"));
            } else if (kind.startsWith("RSA")) {
                generator.initialize(2048);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError("no keys of kind " + kind, e);
        }
    }
}
