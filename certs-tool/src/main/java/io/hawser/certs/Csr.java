package io.hawser.certs;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.Attribute;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.util.io.pem.PemObject;
import org.jspecify.annotations.Nullable;

/**
 * A certificate request as it was read, nothing believed yet. Immutable, thread-safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2986">RFC 2986</a>
 */
final class Csr {
    private static final int MAX_BYTES = 1 << 16;
    private static final int MAX_RSA_BITS = 16_384;

    /** The signatures that a request may prove its key with; nothing below SHA-256. */
    private static final Map<String, String> SIGNATURES = Map.of(
            X9ObjectIdentifiers.ecdsa_with_SHA256.getId(), "SHA256withECDSA",
            X9ObjectIdentifiers.ecdsa_with_SHA384.getId(), "SHA384withECDSA",
            X9ObjectIdentifiers.ecdsa_with_SHA512.getId(), "SHA512withECDSA",
            PKCSObjectIdentifiers.sha256WithRSAEncryption.getId(), "SHA256withRSA",
            PKCSObjectIdentifiers.sha384WithRSAEncryption.getId(), "SHA384withRSA",
            PKCSObjectIdentifiers.sha512WithRSAEncryption.getId(), "SHA512withRSA");

    private static final Map<String, String> CURVES = Map.of(
            "1.2.840.10045.3.1.7", "P-256",
            "1.3.132.0.34", "P-384",
            "1.3.132.0.35", "P-521",
            "1.3.132.0.33", "P-224",
            "1.3.132.0.10", "secp256k1");

    private final PKCS10CertificationRequest request;
    private final @Nullable Extensions extensions;

    private Csr(PKCS10CertificationRequest request) {
        this.request = request;
        this.extensions = request.getRequestedExtensions();
    }

    /** Reads PEM or DER. */
    static Csr read(byte[] content, String where) {
        if (content.length > MAX_BYTES) {
            throw new CertsException(ErrorCode.UNREADABLE, where + ": larger than " + MAX_BYTES + " bytes")
                    .about(where);
        }
        try {
            List<PemObject> objects = Pem.objects(content);
            for (PemObject object : objects) {
                if (object.getType().equals("CERTIFICATE REQUEST")
                        || object.getType().equals("NEW CERTIFICATE REQUEST")) {
                    return new Csr(new PKCS10CertificationRequest(object.getContent()));
                }
            }
            if (objects.isEmpty() && content.length > 0 && content[0] == 0x30) {
                return new Csr(new PKCS10CertificationRequest(Pem.flat(content)));
            }
        } catch (IOException | IllegalArgumentException | IllegalStateException | ClassCastException e) {
            throw new CertsException(ErrorCode.UNREADABLE, where + ": is not a certificate request", e).about(where);
        }
        throw new CertsException(ErrorCode.UNREADABLE, where + ": holds no certificate request").about(where);
    }

    byte[] pem() {
        try {
            return Pem.ascii(Pem.encode("CERTIFICATE REQUEST", request.getEncoded()));
        } catch (IOException e) {
            throw new IllegalStateException("a request that was decoded cannot be encoded", e);
        }
    }

    List<AttributeTypeAndValue> subject() {
        return Arrays.stream(request.getSubject().getRDNs())
                .map(RDN::getTypesAndValues)
                .flatMap(Arrays::stream)
                .toList();
    }

    Optional<Extensions> extensions() {
        return Optional.ofNullable(extensions);
    }

    /** Whether it asks for a certificate of this node, by whole name or, where that is too long, by host. */
    boolean names(NodeName node) {
        for (AttributeTypeAndValue attribute : subject()) {
            if (attribute.getType().equals(BCStyle.CN)) {
                return attribute.getValue().toString().equals(node.toString());
            }
        }
        GeneralNames names =
                extensions == null ? null : GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName);
        return names != null
                && Arrays.stream(names.getNames())
                        .anyMatch(name -> name.getName().toString().equals(node.host()));
    }

    /** The attributes beside the requested extensions. */
    List<Attribute> attributes() {
        return Arrays.stream(request.getAttributes())
                .filter(attribute -> !attribute.getAttrType().equals(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest))
                .toList();
    }

    String signatureAlgorithm() {
        String oid = request.getSignatureAlgorithm().getAlgorithm().getId();
        return SIGNATURES.getOrDefault(oid, oid);
    }

    /** Whether the signature was made with the request's own key, by an algorithm that still proves something. */
    boolean isSignedBy(PublicKey key) {
        String algorithm = signatureAlgorithm();
        if (!SIGNATURES.containsValue(algorithm)) {
            return false;
        }
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initVerify(key);
            signature.update(
                    request.toASN1Structure().getCertificationRequestInfo().getEncoded());
            return signature.verify(request.getSignature());
        } catch (GeneralSecurityException | IOException e) {
            return false; // not of this kind of key, or no signature at all
        }
    }

    /** The key, when it is of a kind that certificates may carry; read by the JDK, which checks that it is a key. */
    Optional<PublicKey> acceptableKey() {
        return acceptable(request.getSubjectPublicKeyInfo());
    }

    static Optional<PublicKey> acceptable(SubjectPublicKeyInfo info) {
        var algorithm = info.getAlgorithm().getAlgorithm();
        boolean ec = algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey);
        if (!ec && !algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)) {
            return Optional.empty();
        }
        try {
            PublicKey key =
                    KeyFactory.getInstance(ec ? "EC" : "RSA").generatePublic(new X509EncodedKeySpec(info.getEncoded()));
            return isAcceptable(key, info) ? Optional.of(key) : Optional.empty();
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            return Optional.empty(); // a curve the JDK does not know, or a point that is not on it
        }
    }

    String keyDescription() {
        SubjectPublicKeyInfo info = request.getSubjectPublicKeyInfo();
        var algorithm = info.getAlgorithm().getAlgorithm();
        try {
            if (algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)) {
                BigInteger modulus = org.bouncycastle.asn1.pkcs.RSAPublicKey.getInstance(info.parsePublicKey())
                        .getModulus();
                return "RSA " + modulus.bitLength();
            }
        } catch (IOException | IllegalArgumentException e) {
            return "RSA, unreadable";
        }
        if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            return "EC " + curve(info);
        }
        return Names.printable(algorithm.getId());
    }

    /** The name of an EC key's curve, or its number when it has no name here. */
    static String curve(SubjectPublicKeyInfo key) {
        String curve = String.valueOf(key.getAlgorithm().getParameters());
        return CURVES.getOrDefault(curve, Names.printable(curve));
    }

    private static boolean isAcceptable(PublicKey key, SubjectPublicKeyInfo info) {
        if (key instanceof ECPublicKey) {
            return List.of("P-256", "P-384").contains(curve(info));
        }
        return key instanceof RSAPublicKey rsa
                && rsa.getModulus().bitLength() >= 3072
                && rsa.getModulus().bitLength() <= MAX_RSA_BITS
                && rsa.getPublicExponent().compareTo(BigInteger.valueOf(65_537)) >= 0
                && rsa.getPublicExponent().testBit(0);
    }
}
