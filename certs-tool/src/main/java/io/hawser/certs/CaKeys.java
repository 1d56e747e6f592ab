package io.hawser.certs;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.jspecify.annotations.Nullable;

/**
 * Reaches the private keys of a store's CAs, and makes them: in files, in tokens, behind commands. Tokens stay open until
 * the operation ends. Not thread-safe; used by one operation at a time.
 */
final class CaKeys implements AutoCloseable {
    static final String KEY = "key.pem";

    private final StoreOptions options;
    private final SecureRandom random = new SecureRandom();
    private final List<Pkcs11Token> tokens = new ArrayList<>();

    CaKeys(StoreOptions options) {
        this.options = options;
    }

    /**
     * What signs for a CA, with the key that a directory holds or says where to find.
     *
     * @param authority the CA's name
     * @param publicKey which its certificate holds, or will
     */
    CaSigner open(String authority, PublicKey publicKey, Path directory, SecretSource secrets) {
        SecretSource own = secrets.of(authority);
        CaSigner signer;
        if (Files.exists(directory.resolve(SignerSpec.FILE), LinkOption.NOFOLLOW_LINKS)) {
            // who writes it decides which program runs, so it is read as carefully as a key
            Path file = directory.resolve(SignerSpec.FILE);
            SignerSpec spec = SignerSpec.read(files().read(file), file);
            signer = spec instanceof SignerCommand command
                    ? new ExecSigner(command, publicKey, ExecSigner.TIMEOUT)
                    : inToken((Pkcs11Uri) spec, own);
        } else {
            signer = inFile(directory.resolve(KEY), authority, own);
        }
        if (!signer.publicKey().equals(publicKey)) {
            throw new CertsException(ErrorCode.KEY_ABSENT, directory + ": holds another key than that of " + authority)
                    .about(authority);
        }
        return signer;
    }

    private CaSigner inFile(Path file, String authority, SecretSource secrets) {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw absent(file, authority);
        }
        PrivateKey key = PrivateKeys.read(files().read(file), file.toString(), secrets);
        return CaSigner.of(key, PrivateKeys.publicKey(key, file.toString()));
    }

    private static CertsException absent(Path file, String authority) {
        return new CertsException(
                        ErrorCode.KEY_ABSENT, file + ": is not there (expected: the key of " + authority + ")")
                .hint(
                        authority.startsWith("root-")
                                ? "If the root's key is kept offline, add --offline-root DIR where it is at hand"
                                : "Bring it back from a copy, or replace this CA: certs-tool ca rekey " + authority)
                .about(authority);
    }

    private CaSigner inToken(Pkcs11Uri uri, SecretSource secrets) {
        return token(uri, secrets)
                .find(uri)
                .orElseThrow(() -> Pkcs11Token.unavailable(
                                uri.tokenName() + ": holds no key with " + uri.keyName(), null)
                        .hint("The JDK sees a key only with a certificate of the same id beside it; 'keytool -list' on"
                                + " the token shows those it sees"));
    }

    private Pkcs11Token token(Pkcs11Uri uri, SecretSource secrets) {
        for (Pkcs11Token open : tokens) {
            if (open.holds(uri)) {
                return open;
            }
        }
        Pkcs11Token token = Pkcs11Token.open(uri, secrets);
        tokens.add(token);
        return token;
    }

    /**
     * Makes a key for a new CA, or finds it: a token's key of that label, a command's key. In a dry run a key is made in
     * memory instead.
     *
     * @param authority the CA's name
     * @param spec where the key shall be, or null for a file
     * @param encrypt whether the file is encrypted
     */
    NewKey make(String authority, @Nullable SignerSpec spec, KeyKind kind, boolean encrypt, SecretSource secrets) {
        SecretSource own = secrets.of(authority);
        if (spec == null || options.dryRun()) {
            KeyPair pair = kind.generate(random);
            CaSigner signer = CaSigner.of(pair.getPrivate(), pair.getPublic());
            return spec == null
                    ? new NewKey(
                            signer,
                            KEY,
                            encrypt ? encrypted(pair.getPrivate(), own) : PrivateKeys.plain(pair.getPrivate()),
                            false)
                    : new NewKey(signer, SignerSpec.FILE, spec.toYaml(), false);
        }
        if (spec instanceof SignerCommand command) {
            return new NewKey(ExecSigner.ask(command, ExecSigner.TIMEOUT), SignerSpec.FILE, spec.toYaml(), true);
        }
        Pkcs11Uri uri = (Pkcs11Uri) spec;
        Pkcs11Token token = token(uri, own);
        Optional<CaSigner> there = token.find(uri);
        CaSigner signer = there.orElseGet(() -> token.generate(uri, kind, options.clock()));
        if (Csr.acceptable(SubjectPublicKeyInfo.getInstance(signer.publicKey().getEncoded()))
                .isEmpty()) {
            throw Pkcs11Token.unavailable(
                    uri.tokenName() + ": the key with " + uri.keyName() + " is not P-256, P-384 or RSA of 3072 bits",
                    null);
        }
        return new NewKey(signer, SignerSpec.FILE, spec.toYaml(), there.isPresent());
    }

    private byte[] encrypted(PrivateKey key, SecretSource secrets) {
        char[] passphrase = secrets.passphrase(SecretSource.Use.PROTECT)
                .orElseThrow(() -> new CertsException(
                                ErrorCode.PASSPHRASE_CHOICE_MISSING,
                                "the CA keys are to be encrypted, but no passphrase was given")
                        .hint("Add --pass file:PATH, --pass env:VAR, --pass fd:N or --pass prompt"));
        try {
            return PrivateKeys.encrypted(key, passphrase, random);
        } finally {
            Arrays.fill(passphrase, '\0');
        }
    }

    private SecretFiles files() {
        return new SecretFiles(options.allowGroupRead());
    }

    /** Where the key of the CA in a directory is, in one word. */
    static String state(Path directory) {
        Path spec = directory.resolve(SignerSpec.FILE);
        if (Files.exists(spec, LinkOption.NOFOLLOW_LINKS)) {
            return SignerSpec.read(OrgStore.readFile(spec), spec).kind();
        }
        Path key = directory.resolve(KEY);
        if (!Files.exists(key, LinkOption.NOFOLLOW_LINKS)) {
            return "offline";
        }
        return PrivateKeys.isEncrypted(OrgStore.readFile(key)) ? "encrypted" : "plain";
    }

    /** Logs out of the tokens. */
    @Override
    public void close() {
        tokens.forEach(Pkcs11Token::close);
        tokens.clear();
    }
}
