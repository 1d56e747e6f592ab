package io.hawser.certs;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Locale;

/** The kinds of keys that every runtime of a mesh can use. */
public enum KeyKind {
    /** ECDSA on P-256, the default for nodes. */
    P256("SHA256withECDSA"),
    /** ECDSA on P-384, the default for CAs. */
    P384("SHA384withECDSA"),
    /** RSA with 3072 bits, for those who must. */
    RSA3072("SHA384withRSA");

    private final String signature;

    KeyKind(String signature) {
        this.signature = signature;
    }

    /**
     * The signature algorithm a CA with such a key uses, by its JCA name.
     *
     * @return the name
     */
    String signature() {
        return signature;
    }

    /** The kind of the CAs above nodes with this kind of key. */
    KeyKind ofAuthority() {
        return this == RSA3072 ? RSA3072 : P384;
    }

    /**
     * Makes a new key pair.
     *
     * @param random where its randomness comes from
     * @return the pair
     */
    KeyPair generate(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm());
            generator.initialize(parameters(), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot make " + label() + " keys", e);
        }
    }

    /** The JCA name of the key's algorithm. */
    String algorithm() {
        return this == RSA3072 ? "RSA" : "EC";
    }

    /** What a generator of such keys is told. */
    AlgorithmParameterSpec parameters() {
        return switch (this) {
            case P256 -> new ECGenParameterSpec("secp256r1");
            case P384 -> new ECGenParameterSpec("secp384r1");
            case RSA3072 -> new RSAKeyGenParameterSpec(3072, RSAKeyGenParameterSpec.F4);
        };
    }

    /** The kind of a key that this tool made. */
    static KeyKind of(PublicKey key) {
        if (key instanceof RSAPublicKey) {
            return RSA3072;
        }
        return key instanceof ECPublicKey ec
                        && ec.getParams().getCurve().getField().getFieldSize() == 384
                ? P384
                : P256;
    }

    /**
     * Reads a kind as it is written on the command line and in {@code org.yaml}.
     *
     * @param text {@code p256}, {@code p384} or {@code rsa3072}
     * @return the kind
     * @throws CertsException if it is none of them ({@code USAGE})
     */
    public static KeyKind parse(String text) {
        for (KeyKind kind : values()) {
            if (kind.label().equals(text.toLowerCase(Locale.ROOT))) {
                return kind;
            }
        }
        throw new CertsException(
                        ErrorCode.USAGE, "key kind '" + Names.printable(text) + "' (expected: p256, p384 or rsa3072)")
                .hint("Leave --key away for P-256 nodes below P-384 CAs, which every runtime reads");
    }

    /**
     * The kind as written on the command line.
     *
     * @return lower-case name
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
