package io.hawser.certs;

import java.security.PrivateKey;
import java.security.PublicKey;

/**
 * Signs for one CA, wherever its private key lives: in a file, in a token, in a key management service.
 *
 * <p>Implementations are thread-safe, since many certificates are signed at once.
 */
public interface CaSigner {
    /**
     * The public half of the key, which stands in the CA's certificate.
     *
     * @return an EC or RSA key
     */
    PublicKey publicKey();

    /**
     * Signs.
     *
     * @param algorithm the JCA name of a signature that goes with the key, such as {@code SHA384withECDSA}
     * @param content what is to be signed, not yet hashed
     * @return the signature as certificates carry it: ECDSA-Sig-Value in DER, or PKCS#1 v1.5
     * @throws CertsException if whatever holds the key does not sign ({@code SIGNER_FAILED})
     */
    byte[] sign(String algorithm, byte[] content);

    /**
     * A signer that holds the key itself.
     *
     * @param key the private key
     * @param publicKey its public half
     * @return the signer
     */
    static CaSigner of(PrivateKey key, PublicKey publicKey) {
        return new KeySigner(key, publicKey, null);
    }
}
