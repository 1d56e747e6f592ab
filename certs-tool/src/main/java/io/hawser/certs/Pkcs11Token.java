package io.hawser.certs;

import java.io.IOException;
import java.nio.file.Files;
import java.security.AuthProvider;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.login.LoginException;
import org.jspecify.annotations.Nullable;

/**
 * A token that was logged in to, by the JDK's SunPKCS11. Keys are made in it and stay there.
 *
 * <p>The JDK finds a key by its label, and only with a certificate beside it; a self-signed one is put there with each new
 * key. A process is logged in to a token as a whole: closing this ends it for every user of the token in this process. Not
 * thread-safe, but for the signers it hands out.
 */
final class Pkcs11Token implements AutoCloseable {
    private final Pkcs11Uri uri;
    private final AuthProvider provider;
    private final KeyStore keys;

    private Pkcs11Token(Pkcs11Uri uri, AuthProvider provider, KeyStore keys) {
        this.uri = uri;
        this.provider = provider;
        this.keys = keys;
    }

    /** Finds the token and logs in, with one attempt: tokens count wrong PINs. */
    static Pkcs11Token open(Pkcs11Uri uri, SecretSource secrets) {
        if (!Files.isRegularFile(uri.module())) {
            throw unavailable(uri.module() + ": is not there, but should be the library that reaches the token", null)
                    .hint("Install the token's PKCS#11 library, or correct module-path in the CA's " + SignerSpec.FILE);
        }
        AuthProvider provider = Pkcs11Slots.find(uri);
        Optional<char[]> pin = secrets.passphrase(SecretSource.Use.OPEN);
        if (pin.isEmpty()) {
            throw new CertsException(ErrorCode.PASSPHRASE_NEEDED, uri.tokenName() + ": needs its PIN")
                    .hint("Add --pass file:PATH, --pass env:VAR, --pass fd:N or --pass prompt");
        }
        try {
            KeyStore keys = KeyStore.getInstance("PKCS11", provider);
            keys.load(null, pin.get());
            return new Pkcs11Token(uri, provider, keys);
        } catch (IOException | GeneralSecurityException | ProviderException e) {
            throw notOpened(uri, e);
        } finally {
            Arrays.fill(pin.get(), '\0');
        }
    }

    private static CertsException notOpened(Pkcs11Uri uri, Exception e) {
        String codes = codes(e);
        if (codes.contains("CKR_PIN_LOCKED")) {
            return unavailable(uri.tokenName() + ": its PIN is locked after too many wrong ones", e)
                    .hint("Its security officer can set a new PIN");
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof FailedLoginException) {
                return new CertsException(ErrorCode.PASSPHRASE_WRONG, uri.tokenName() + ": the PIN is wrong", e)
                        .hint("--pass gives the token's PIN here; tokens lock after some wrong ones");
            }
        }
        return unavailable(uri.tokenName() + ": cannot be opened" + codes, e)
                .hint("See that it is plugged in, and that this user may reach it");
    }

    /** The PKCS#11 return code, such as CKR_TOKEN_NOT_PRESENT, if there is one. */
    private static String codes(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            int at = message.indexOf("CKR_");
            if (at >= 0) {
                return " (" + message.substring(at).replaceAll("[^A-Z_0-9].*", "") + ")";
            }
        }
        return "";
    }

    static CertsException unavailable(String message, @Nullable Throwable cause) {
        return cause == null
                ? new CertsException(ErrorCode.SIGNER_UNAVAILABLE, message)
                : new CertsException(ErrorCode.SIGNER_UNAVAILABLE, message, cause);
    }

    /** Whether that URI names a key in this token. */
    boolean holds(Pkcs11Uri other) {
        return other.module().equals(uri.module()) && other.token().equals(uri.token());
    }

    /** The key with that label, if there is one. */
    Optional<CaSigner> find(String label) {
        try {
            if (!keys.isKeyEntry(label) || !(keys.getKey(label, null) instanceof PrivateKey key)) {
                return Optional.empty();
            }
            Certificate certificate = keys.getCertificate(label);
            return Optional.of(new KeySigner(key, inMemory(certificate.getPublicKey()), provider));
        } catch (GeneralSecurityException | ProviderException e) {
            throw unavailable(uri.tokenName() + ": its keys cannot be read" + codes(e), e);
        }
    }

    /** Makes a key that is never outside the token. */
    CaSigner generate(String label, KeyKind kind, Clock clock) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind.algorithm(), provider);
            generator.initialize(kind.parameters());
            KeyPair pair = generator.generateKeyPair();
            var signer = new KeySigner(pair.getPrivate(), inMemory(pair.getPublic()), provider);
            X509Certificate beside = CertificateAuthority.placeholder(signer, clock);
            keys.setKeyEntry(label, pair.getPrivate(), null, new Certificate[] {beside});
            return find(label)
                    .orElseThrow(() -> unavailable(uri.tokenName() + ": took the new key, but does not show it", null));
        } catch (InvalidAlgorithmParameterException e) {
            throw unavailable(uri.tokenName() + ": makes no " + kind.label() + " keys" + codes(e), e);
        } catch (GeneralSecurityException | ProviderException e) {
            throw unavailable(uri.tokenName() + ": makes no key" + codes(e), e)
                    .hint("See that it may be written to, and knows " + kind.label() + " keys");
        }
    }

    /** The public key as the rest of the JDK has it, so that it equals the one in a certificate. */
    private static PublicKey inMemory(PublicKey key) throws GeneralSecurityException {
        return KeyFactory.getInstance(key.getAlgorithm()).generatePublic(new X509EncodedKeySpec(key.getEncoded()));
    }

    @Override
    public void close() {
        try {
            provider.logout();
        } catch (LoginException | ProviderException e) {
            // gone already; whoever plugs it in again must log in anyway
            return;
        }
    }
}
