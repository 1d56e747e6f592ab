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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.login.LoginException;
import org.jspecify.annotations.Nullable;

/**
 * A token that was logged in to, by the JDK's SunPKCS11. Keys are made in it and stay there.
 *
 * <p>The JDK finds a key by its label, and only with a certificate beside it; a self-signed one is put there with each new
 * key. By its id it is found through that certificate. A process is logged in to a token as a whole: closing this ends it for every user of the token in this process. Not
 * thread-safe, but for the signers it hands out.
 */
final class Pkcs11Token implements AutoCloseable {
    private final Pkcs11Uri uri;
    private final AuthProvider provider;
    private final long slot;
    private final KeyStore keys;

    private Pkcs11Token(Pkcs11Uri uri, Pkcs11Slots.Place place, KeyStore keys) {
        this.uri = uri;
        this.provider = place.provider();
        this.slot = place.slot();
        this.keys = keys;
    }

    /** Finds the token and logs in, with one attempt: tokens count wrong PINs. */
    static Pkcs11Token open(Pkcs11Uri uri, SecretSource secrets) {
        if (!Files.isRegularFile(uri.module())) {
            throw unavailable(uri.module() + ": is not there, but should be the library that reaches the token", null)
                    .hint("Install the token's PKCS#11 library, or correct module-path in the CA's " + SignerSpec.FILE);
        }
        Pkcs11Slots.Place place = Pkcs11Slots.find(uri);
        Optional<char[]> pin = secrets.passphrase(SecretSource.Use.OPEN);
        if (pin.isEmpty()) {
            throw new CertsException(ErrorCode.PASSPHRASE_NEEDED, uri.tokenName() + ": needs its PIN")
                    .hint("Add --pass file:PATH, --pass env:VAR, --pass fd:N or --pass prompt");
        }
        try {
            KeyStore keys = KeyStore.getInstance("PKCS11", place.provider());
            keys.load(null, pin.get());
            return new Pkcs11Token(uri, place, keys);
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

    /** The key that the URI names, if there is one; several are an error. */
    Optional<CaSigner> find(Pkcs11Uri wanted) {
        try {
            var matching = new ArrayList<String>();
            Optional<Pkcs11Objects.Found> byId = wanted.id().isEmpty()
                    ? Optional.empty()
                    : Optional.of(Pkcs11Objects.find(uri.module(), slot, wanted.id()));
            for (String alias : Collections.list(keys.aliases())) {
                if (keys.isKeyEntry(alias)
                        && (wanted.object().isEmpty() || isLabelled(alias, wanted.object()))
                        && (byId.isEmpty() || isAmong(keys.getCertificate(alias), byId.get()))) {
                    matching.add(alias);
                }
            }
            if (matching.size() > 1 || byId.filter(found -> found.keys() > 1).isPresent()) {
                List<String> labels = byId.map(Pkcs11Objects.Found::labels).orElse(matching);
                throw severalMatch(wanted, labels);
            }
            return matching.isEmpty() ? Optional.empty() : signer(matching.get(0));
        } catch (GeneralSecurityException | ProviderException e) {
            throw unavailable(uri.tokenName() + ": its keys cannot be read" + codes(e), e);
        }
    }

    private Optional<CaSigner> signer(String alias) throws GeneralSecurityException {
        return keys.getKey(alias, null) instanceof PrivateKey key
                ? Optional.of(
                        new KeySigner(key, inMemory(keys.getCertificate(alias).getPublicKey()), provider))
                : Optional.empty();
    }

    /** The JDK adds issuer and number of the certificate to labels that there are twice. */
    private boolean isLabelled(String alias, String label) throws GeneralSecurityException {
        return alias.equals(label)
                || (alias.startsWith(label + "/")
                        && keys.getCertificate(alias) instanceof X509Certificate certificate
                        && alias.equals(label + "/" + certificate.getIssuerX500Principal() + "/"
                                + certificate.getSerialNumber()));
    }

    private static boolean isAmong(Certificate certificate, Pkcs11Objects.Found found) throws GeneralSecurityException {
        byte[] encoded = certificate.getEncoded();
        return found.certificates().stream().anyMatch(each -> Arrays.equals(each, encoded));
    }

    private CertsException severalMatch(Pkcs11Uri wanted, List<String> labels) {
        String list = labels.stream()
                .map(label -> label.isEmpty() ? "(no label)" : Names.printable(label, 200))
                .collect(Collectors.joining(", "));
        return unavailable(
                        uri.tokenName() + ": holds several keys or certificates with " + wanted.keyName() + ": " + list,
                        null)
                .hint("Say which with object=LABEL and id=%HH together, or give each an id of its own");
    }

    /** Makes a key that is never outside the token. */
    CaSigner generate(Pkcs11Uri wanted, KeyKind kind, Clock clock) {
        String label = wanted.object();
        if (!wanted.id().isEmpty()) {
            throw unavailable(
                            uri.tokenName() + ": holds no key with " + wanted.keyName()
                                    + ", and none is made with an id",
                            null)
                    .hint("Make it with the token's own tools, or leave id= away and name it with object=LABEL");
        }
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind.algorithm(), provider);
            generator.initialize(kind.parameters());
            KeyPair pair = generator.generateKeyPair();
            var signer = new KeySigner(pair.getPrivate(), inMemory(pair.getPublic()), provider);
            X509Certificate beside = CertificateAuthority.placeholder(signer, clock);
            keys.setKeyEntry(label, pair.getPrivate(), null, new Certificate[] {beside});
            return find(wanted)
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
