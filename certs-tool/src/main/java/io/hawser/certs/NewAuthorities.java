package io.hawser.certs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts together what a rotation begins with: a new issuing CA, below a new root or the present one, under a temporary name.
 * The old root signs the new one where its key is at hand, never the other way round: that would let the old CA in again
 * after it is gone.
 */
final class NewAuthorities {
    private final OrgStore store;
    private final OrgConfig config;
    private final FileWriter writer;
    private final SecretSource secrets;
    private final List<Notice> notices;
    private final StoreLayout layout;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /** @param secrets remembered, since several keys are opened with one passphrase */
    NewAuthorities(
            OrgStore store, OrgConfig config, FileWriter writer, RememberedSecret secrets, List<Notice> notices) {
        this.store = store;
        this.config = config;
        this.writer = writer;
        this.secrets = secrets;
        this.notices = notices;
        this.layout = store.layout();
        this.clock = store.options().clock();
    }

    Rotation begin(RotationRequest request) {
        Rotation rotation = rotation(request);
        writer.discard(layout.rotationStaging());
        if (rotation.kind() != RotationKind.NODE) {
            stage(rotation, request);
        }
        return rotation;
    }

    private Rotation rotation(RotationRequest request) {
        RotationKind kind = request.kind();
        var old = new ArrayList<String>();
        var coming = new ArrayList<String>();
        List<String> taken = layout.rotation().read().map(Rotation::coming).orElse(List.of());
        for (AuthorityRecord authority : store.authorities()) {
            if (kind == RotationKind.ROOT || (kind == RotationKind.ISSUING && !authority.isRoot())) {
                old.add(authority.name());
            }
        }
        Collections.reverse(old); // the one that issues comes first
        if (kind == RotationKind.ROOT) {
            coming.add(layout.nextAuthority("root", taken));
        }
        if (kind != RotationKind.NODE) {
            coming.add(layout.nextAuthority("issuing", taken));
        }
        Instant now = clock.instant();
        Path offline = request.newOfflineRoot();
        return new Rotation(
                kind,
                kind.phases().get(0),
                now,
                now,
                old,
                coming,
                kind == RotationKind.NODE ? generations(request.nodes()) : Map.of(),
                List.of(),
                offline == null ? "" : offline.toAbsolutePath().normalize().toString());
    }

    private Map<NodeName, Integer> generations(List<NodeName> asked) {
        var generations = new HashMap<NodeName, Integer>();
        Revocations revocations = store.revocations();
        List<NodeCertificate> nodes = asked.isEmpty()
                ? store.nodes()
                : asked.stream().map(store::node).toList();
        for (NodeCertificate node : nodes) {
            if (!revocations.contains(node.certificate())) {
                generations.put(node.node(), node.generation());
            }
        }
        if (generations.isEmpty()) {
            throw new CertsException(ErrorCode.NODE_UNKNOWN, config.org() + ": has no node to rotate")
                    .hint("'certs-tool node list' prints the nodes there are");
        }
        return generations;
    }

    private void stage(Rotation rotation, RotationRequest request) {
        AuthorityRecord issuer = store.authority("issuing");
        AuthorityRecord oldRoot = store.authority("root");
        if (rotation.kind() == RotationKind.ROOT
                && oldRoot.key().equals("offline")
                && request.newOfflineRoot() == null) {
            throw new CertsException(
                            ErrorCode.USAGE,
                            "the key of " + oldRoot.name() + " is offline; where shall the new root's key be")
                    .hint("Add --new-offline-root DIR, and --offline-root DIR with the key of " + oldRoot.name());
        }
        if (List.of("pkcs11", "exec").contains(issuer.key())) {
            throw new CertsException(
                            ErrorCode.USAGE,
                            issuer.name() + ": its key is in no file (" + issuer.key() + "), and new keys would be")
                    .hint("Use 'certs-tool ca rekey " + issuer.name()
                            + " --signer SIGNER', which keeps new keys elsewhere too");
        }
        store.signer("issuing", secrets); // new keys get the passphrase that opens the present ones
        boolean encrypted = issuer.key().equals("encrypted");
        boolean newRoot = rotation.kind() == RotationKind.ROOT;
        Optional<NewKey> rootKey =
                newRoot ? Optional.of(newKey(rotation.coming().get(0), encrypted)) : Optional.empty();
        CertificateAuthority root = rootKey.isPresent()
                ? CertificateAuthority.root(
                        config, number(rotation.coming().get(0)), rootKey.get().signer(), clock, random)
                : opened(oldRoot, request);
        String issuingName = rotation.comingIssuing().orElseThrow();
        NewKey issuingKey = newKey(issuingName, encrypted);
        X509Certificate issued = root.issuing(
                config,
                number(issuingName),
                issuingKey.signer().publicKey(),
                config.policy().issuingLife());
        var issuing = new CertificateAuthority(issued, issuingKey.signer(), clock, random);
        Path directory = layout.rotationStaging().resolve(issuingName);
        if (rootKey.isPresent()) {
            stageRoot(rotation, root, issuing, link(oldRoot, root, request), rootKey.get());
        }
        ChainVerifier.verify(
                List.of(issuing.certificate()), root.certificate(), List.of(), clock.instant(), issuingName);
        writer.directories(directory);
        writer.secret(directory.resolve("key.pem"), issuingKey.content());
        writer.open(directory.resolve("cert.pem"), Pem.certificates(List.of(issuing.certificate())));
        writer.open(
                directory.resolve("chain.pem"), Pem.certificates(List.of(issuing.certificate(), root.certificate())));
        writer.open(
                directory.resolve("crl.pem"),
                Pem.crls(List.of(new CrlIssuer(issuing).first(config.policy().crlLife()))));
    }

    private void stageRoot(
            Rotation rotation,
            CertificateAuthority root,
            CertificateAuthority issuing,
            Optional<X509Certificate> link,
            NewKey rootKey) {
        Path directory = layout.rotationStaging().resolve(rotation.coming().get(0));
        writer.directories(directory);
        Path key = rotation.offlineRoot().isEmpty() ? directory.resolve("key.pem") : RotationWork.stagedRootKey(layout);
        writer.secret(key, rootKey.content());
        writer.open(directory.resolve("cert.pem"), Pem.certificates(List.of(root.certificate())));
        writer.open(
                directory.resolve("crl.pem"),
                Pem.crls(List.of(new CrlIssuer(root).first(config.policy().rootCrlLife()))));
        if (link.isPresent()) {
            ChainVerifier.verify(
                    List.of(issuing.certificate(), link.get()),
                    store.certificate("root"),
                    List.of(),
                    clock.instant(),
                    rotation.coming().get(0));
            writer.open(directory.resolve("link.pem"), Pem.certificates(List.of(link.get())));
        }
    }

    /** The new root as the old one signs it, if its key is at hand. */
    private Optional<X509Certificate> link(AuthorityRecord old, CertificateAuthority root, RotationRequest request) {
        if (old.key().equals("offline") && request.offlineRoot() == null) {
            notices.add(new Notice(
                    "ROOT_NOT_LINKED",
                    "the key of " + old.name()
                            + " is offline, so it does not sign the new root: a partner that misses the next"
                            + " bundle must confirm the new root's fingerprint; --offline-root DIR avoids"
                            + " that"));
            return Optional.empty();
        }
        return Optional.of(opened(old, request)
                .cross(root.certificate(), config.namespace(), config.policy().rootLife()));
    }

    private CertificateAuthority opened(AuthorityRecord authority, RotationRequest request) {
        CaSigner signer = store.signer(authority, request.offlineRoot(), secrets);
        return new CertificateAuthority(authority.certificate(), signer, clock, random);
    }

    private NewKey newKey(String name, boolean encrypted) {
        return store.keys().make(name, null, config.policy().key().ofAuthority(), encrypted, secrets);
    }

    private static int number(String name) {
        return Integer.parseInt(name.substring(name.indexOf('-') + 1));
    }

    /** Refuses a directory that holds a key, before anything is made. */
    static void requireEmpty(Path offline) {
        if (Files.exists(offline.resolve("key.pem"))) {
            throw new CertsException(ErrorCode.FILE_EXISTS, offline + ": holds a key already")
                    .hint("Choose an empty directory; a CA key is never overwritten")
                    .about(offline);
        }
    }
}
