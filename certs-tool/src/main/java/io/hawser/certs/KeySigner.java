package io.hawser.certs;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import org.jspecify.annotations.Nullable;

/** Signs with a key that the JDK can use: one in memory, or one that a provider reaches. Immutable, thread-safe. */
final class KeySigner implements CaSigner {
    private final PrivateKey key;
    private final PublicKey publicKey;
    private final @Nullable Provider provider;

    /** A signer by a provider, or by whichever knows the key. */
    KeySigner(PrivateKey key, PublicKey publicKey, @Nullable Provider provider) {
        this.key = key;
        this.publicKey = publicKey;
        this.provider = provider;
    }

    @Override
    public PublicKey publicKey() {
        return publicKey;
    }

    @Override
    public byte[] sign(String algorithm, byte[] content) {
        try {
            Signature signature =
                    provider == null ? Signature.getInstance(algorithm) : Signature.getInstance(algorithm, provider);
            signature.initSign(key);
            signature.update(content);
            byte[] signed = signature.sign();
            if (provider != null) {
                requireSignedBy(publicKey, algorithm, content, signed);
            }
            return signed;
        } catch (GeneralSecurityException | ProviderException e) {
            throw new CertsException(ErrorCode.SIGNER_FAILED, "the CA's key does not sign with " + algorithm, e)
                    .hint("If the key is in a token, see that it is plugged in and allows this kind of signature");
        }
    }

    /** Nothing is issued with a signature of another key: it would be useless, and found out by the nodes. */
    static void requireSignedBy(PublicKey key, String algorithm, byte[] content, byte[] signed) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initVerify(key);
            signature.update(content);
            if (signature.verify(signed)) {
                return;
            }
        } catch (SignatureException e) {
            throw notOurs(algorithm, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot verify " + algorithm, e);
        }
        throw notOurs(algorithm, null);
    }

    private static CertsException notOurs(String algorithm, @Nullable Throwable cause) {
        String message = "what holds the CA's key returned no " + algorithm + " signature of the CA's key";
        return (cause == null
                        ? new CertsException(ErrorCode.SIGNER_FAILED, message)
                        : new CertsException(ErrorCode.SIGNER_FAILED, message, cause))
                .hint("See that the token or command holds the key of this CA, and signs with what it is asked for");
    }
}
