package io.hawser.certs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a new organisation. All of it is put together in a staging directory; then {@code ca} gets its name, then
 * {@code org.yaml}, which makes the organisation exist. A run that was stopped between the two is finished by the next.
 */
final class OrgCreation {
    private final StoreLayout layout;
    private final StoreOptions options;
    private final FileWriter writer;
    private final CaKeys keys;
    private final List<Notice> notices = new ArrayList<>();

    OrgCreation(StoreLayout layout, StoreOptions options, FileWriter writer, CaKeys keys) {
        this.keys = keys;
        this.layout = layout;
        this.options = options;
        this.writer = writer;
    }

    Change<OrgConfig> run(OrgRequest request, SecretSource secrets) {
        Path staged = layout.staging().resolve("org.yaml");
        if (!Files.exists(layout.config()) && Files.exists(layout.authorities())) {
            if (!Files.exists(staged)) {
                throw new CertsException(ErrorCode.ORG_EXISTS, layout.authorities() + ": is there, but org.yaml is not")
                        .hint("Restore org.yaml, or choose an empty directory; CA keys are never overwritten")
                        .about(layout.authorities());
            }
            if (Files.exists(stagedRootKey()) && request.offlineRoot() == null) {
                throw new CertsException(
                                ErrorCode.ORG_EXISTS,
                                layout.root() + ": an organisation with an offline root is half made")
                        .hint("Repeat the command with --offline-root DIR to finish it")
                        .about(layout.root());
            }
            finish(OrgConfig.read(staged), request.offlineRoot());
        }
        if (Files.exists(layout.config())) {
            OrgConfig config = requireSame(request);
            finish(config, request.offlineRoot());
            return new Change<>(config, writer.written(), List.of());
        }
        writer.discard(layout.staging());
        stage(request, secrets);
        writer.publish(layout.staging().resolve("ca"), layout.authorities());
        finish(request.config(), request.offlineRoot());
        return new Change<>(request.config(), writer.written(), notices);
    }

    private OrgConfig requireSame(OrgRequest request) {
        OrgConfig config = OrgConfig.read(layout.config());
        String difference = difference(request, config);
        if (difference != null) {
            throw new CertsException(
                            ErrorCode.ORG_EXISTS,
                            layout.root() + ": holds the organisation " + config.org() + ", whose " + difference)
                    .hint("Use another --dir for another organisation; this one is left as it is")
                    .about(config.org());
        }
        return config;
    }

    private @Nullable String difference(OrgRequest request, OrgConfig there) {
        OrgConfig wanted = request.config();
        if (!there.org().equals(wanted.org())) {
            return "name is not " + wanted.org();
        }
        if (!there.namespace().equals(wanted.namespace())) {
            return "domain and trust domain are " + there.namespace().domain() + " and "
                    + there.namespace().trustDomain();
        }
        if (there.policy().key() != wanted.policy().key()) {
            return "key kind is " + there.policy().key().label();
        }
        if (!there.policy().rootLife().equals(wanted.policy().rootLife())
                || !there.policy().issuingLife().equals(wanted.policy().issuingLife())) {
            return "CA lifetimes are " + LifeSpan.format(there.policy().rootLife()) + " and "
                    + LifeSpan.format(there.policy().issuingLife());
        }
        String issuing = CaKeys.state(layout.authorities("issuing").get(0));
        if (!request.issuingKey().equals(issuing)) {
            return "issuing CA's key is " + issuing;
        }
        String root = CaKeys.state(layout.authorities("root").get(0));
        if (!request.rootKey().equals(root)) {
            return "root key is " + root;
        }
        return null;
    }

    private Path stagedRootKey() {
        return layout.staging().resolve("root-key.pem");
    }

    private void stage(OrgRequest request, SecretSource secrets) {
        if (request.offlineRoot() != null) {
            requireEmpty(request.offlineRoot());
        }
        OrgConfig config = request.config();
        KeyKind kind = config.policy().key().ofAuthority();
        NewKey rootKey;
        NewKey issuingKey;
        try (var remembered = new RememberedSecret(secrets)) {
            rootKey = key("root-1", request.rootSigner(), kind, request.encryptKeys(), remembered);
            issuingKey = key("issuing-1", request.signer(), kind, request.encryptKeys(), remembered);
        }
        if (rootKey.signer().publicKey().equals(issuingKey.signer().publicKey())) {
            throw new CertsException(ErrorCode.KEY_IN_USE, "root and issuing CA were given one and the same key")
                    .hint("Name two keys: another object= in the token, or another argument of the command");
        }
        var random = new SecureRandom();
        CertificateAuthority root = CertificateAuthority.root(config, 1, rootKey.signer(), options.clock(), random);
        var issuing = new CertificateAuthority(
                root.issuing(
                        config,
                        1,
                        issuingKey.signer().publicKey(),
                        config.policy().issuingLife()),
                issuingKey.signer(),
                options.clock(),
                random);
        ChainVerifier.verify(
                List.of(issuing.certificate()),
                root.certificate(),
                List.of(),
                options.clock().instant(),
                "issuing-1");

        Path rootDirectory = layout.staging().resolve("ca").resolve("root-1");
        Path issuingDirectory = layout.staging().resolve("ca").resolve("issuing-1");
        writer.directories(rootDirectory);
        writer.directories(issuingDirectory);
        boolean offline = request.offlineRoot() != null;
        writer.secret(offline ? stagedRootKey() : rootDirectory.resolve(rootKey.file()), rootKey.content());
        writer.secret(issuingDirectory.resolve(issuingKey.file()), issuingKey.content());
        writer.open(rootDirectory.resolve("cert.pem"), Pem.certificates(List.of(root.certificate())));
        writer.open(
                rootDirectory.resolve("crl.pem"),
                Pem.crls(List.of(new CrlIssuer(root).first(config.policy().rootCrlLife()))));
        writer.open(issuingDirectory.resolve("cert.pem"), Pem.certificates(List.of(issuing.certificate())));
        writer.open(
                issuingDirectory.resolve("chain.pem"),
                Pem.certificates(List.of(issuing.certificate(), root.certificate())));
        writer.open(
                issuingDirectory.resolve("crl.pem"),
                Pem.crls(List.of(new CrlIssuer(issuing).first(config.policy().crlLife()))));
        writer.open(layout.staging().resolve("org.yaml"), config.toYaml());
    }

    private NewKey key(String name, @Nullable SignerSpec spec, KeyKind kind, boolean encrypt, SecretSource secrets) {
        NewKey key = keys.make(name, spec, kind, encrypt, secrets);
        if (key.found() && spec instanceof Pkcs11Uri) {
            notices.add(new Notice("KEY_FOUND", name + ": its key was in the token already, and is used as it is"));
        }
        return key;
    }

    private static void requireEmpty(Path offline) {
        if (Files.exists(offline.resolve("key.pem"))) {
            throw new CertsException(ErrorCode.ORG_EXISTS, offline + ": holds a root key already")
                    .hint("Choose an empty directory; a CA key is never overwritten")
                    .about(offline);
        }
    }

    /** What remains once the CAs are in place; does nothing that is done already. */
    private void finish(OrgConfig config, @Nullable Path offlineRoot) {
        if (offlineRoot != null && (options.dryRun() || Files.exists(stagedRootKey()))) {
            moveRootKey(offlineRoot);
        }
        Roster roster = Roster.of(config, List.of(), Revocations.of(List.of()));
        writer.directories(layout.nodes());
        writer.directories(FileWriter.parent(layout.rosterJson()));
        if (!Files.exists(layout.rosterJson())) {
            writer.open(layout.rosterJson(), roster.toJson());
        }
        if (!Files.exists(layout.rosterTerm())) {
            writer.open(layout.rosterTerm(), roster.toTerm());
        }
        if (!Files.exists(layout.config())) {
            writer.open(layout.config(), config.toYaml());
        }
        writer.discard(layout.staging());
    }

    /** Only after the move does the staged key disappear, with the staging directory. */
    private void moveRootKey(Path offlineRoot) {
        byte[] key = options.dryRun() ? new byte[0] : new SecretFiles(false).read(stagedRootKey());
        Path target = offlineRoot.resolve("key.pem");
        if (!FileWriter.hasContent(target, key)) {
            requireEmpty(offlineRoot);
            writer.directories(offlineRoot);
            writer.secret(target, key);
        }
    }
}
