package io.hawser.certs;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.Signature;
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
            return signature.sign();
        } catch (GeneralSecurityException | ProviderException e) {
            throw new CertsException(ErrorCode.SIGNER_FAILED, "the CA's key does not sign with " + algorithm, e)
                    .hint("If the key is in a token, see that it is plugged in and allows this kind of signature");
        }
    }
}
