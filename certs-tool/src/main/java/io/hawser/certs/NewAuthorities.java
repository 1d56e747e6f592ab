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
import org.jspecify.annotations.Nullable;

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

    /** What would be rotated; in the phase {@code IDLE} when the root, whose key is elsewhere, must sign first. */
    Rotation begin(RotationRequest request) {
        Rotation rotation = rotation(request);
        writer.discard(layout.rotationStaging());
        if (rotation.kind() == RotationKind.ISSUING
                && roots(request).find(store.authority("root")).isEmpty()) {
            ask(rotation, request);
            return rotation.in(RotationPhase.IDLE, rotation.since());
        }
        if (rotation.kind() != RotationKind.NODE) {
            stage(rotation, request);
        }
        return rotation;
    }

    private void ask(Rotation rotation, RotationRequest request) {
        AuthorityRecord issuer = store.authority("issuing");
        String name = rotation.comingIssuing().orElseThrow();
        KeyPlace place = place(issuer, request.issuingKey(), name, "--signer", request);
        store.signer("issuing", secrets); // new keys get the passphrase that opens the present ones
        Path file = new AuthorityIssuance(store, config, writer).askForRotation(name, place, secrets);
        notices.add(new Notice(
                "ROOT_ASKED",
                "the key of " + store.authority("root").name() + " is not here; the rotation begins with 'certs-tool ca"
                        + " install answer.json', after 'certs-tool ca sign request.json --out answer.json"
                        + " --offline-root DIR' on the root's machine, with the file " + file));
    }

    private RootKeys roots(RotationRequest request) {
        return new RootKeys(store, request.offlineRoot(), secrets);
    }

    /** Where a new key shall be: where it is said, or in a file like the one before, never in a file unasked. */
    private static KeyPlace place(
            AuthorityRecord before, @Nullable KeyPlace said, String name, String option, RotationRequest request) {
        if (said != null) {
            return said;
        }
        if (List.of("pkcs11", "exec").contains(before.key())) {
            String example = before.key().equals("exec")
                    ? "'exec:COMMAND'"
                    : "'pkcs11:token=...;object=" + name + "?module-path=...'";
            throw new CertsException(
                            ErrorCode.USAGE,
                            before.name() + ": its key is in no file (" + before.key() + "); where shall that of "
                                    + name + " be")
                    .hint("Say it: certs-tool rotate " + request.kind().label() + " " + option + " " + example + "; or "
                            + option + " file, for a file")
                    .about(before.name());
        }
        return new KeyPlace(null, before.key().equals("encrypted"));
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
                && request.newOfflineRoot() == null
                && request.rootKey() == null) {
            throw new CertsException(
                            ErrorCode.USAGE,
                            "the key of " + oldRoot.name() + " is offline; where shall the new root's key be")
                    .hint("Add --new-offline-root DIR, or --root-signer SIGNER; and --offline-root DIR with the key of "
                            + oldRoot.name() + ", which otherwise is asked by a request");
        }
        if (request.newOfflineRoot() != null && request.rootKey() != null) {
            throw new CertsException(ErrorCode.USAGE, "--new-offline-root and --root-signer exclude each other");
        }
        boolean newRoot = rotation.kind() == RotationKind.ROOT;
        String issuingName = rotation.comingIssuing().orElseThrow();
        KeyPlace issuingPlace = place(issuer, request.issuingKey(), issuingName, "--signer", request);
        Optional<KeyPlace> rootPlace = newRoot
                ? Optional.of(rootPlace(oldRoot, issuingPlace, rotation.coming().get(0), request))
                : Optional.empty();
        store.signer("issuing", secrets); // new keys get the passphrase that opens the present ones
        RootKeys roots = roots(request);
        Optional<CaSigner> oldSigner = roots.find(oldRoot); // before a key is made
        Optional<NewKey> rootKey =
                rootPlace.map(place -> newKey(rotation.coming().get(0), place));
        CertificateAuthority root = rootKey.isPresent()
                ? CertificateAuthority.root(
                        config, number(rotation.coming().get(0)), rootKey.get().signer(), clock, random)
                : new CertificateAuthority(oldRoot.certificate(), oldSigner.orElseThrow(), clock, random);
        NewKey issuingKey = newKey(issuingName, issuingPlace);
        if (issuingKey.signer().publicKey().equals(root.certificate().getPublicKey())) {
            throw new CertsException(ErrorCode.KEY_IN_USE, "root and issuing CA were given one and the same key")
                    .hint("Name two keys: another object= in the token, or another argument of the command");
        }
        X509Certificate issued = root.issuing(
                config,
                number(issuingName),
                issuingKey.signer().publicKey(),
                config.policy().issuingLife());
        var issuing = new CertificateAuthority(issued, issuingKey.signer(), clock, random);
        Path directory = layout.rotationStaging().resolve(issuingName);
        if (rootKey.isPresent()) {
            stageRoot(rotation, root, issuing, link(oldSigner, oldRoot, root), rootKey.get());
        }
        ChainVerifier.verify(
                List.of(issuing.certificate()), root.certificate(), List.of(), clock.instant(), issuingName);
        writer.directories(directory);
        writer.secret(directory.resolve(issuingKey.file()), issuingKey.content());
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
        Path key = rotation.offlineRoot().isEmpty()
                ? directory.resolve(rootKey.file())
                : RotationWork.stagedRootKey(layout);
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

    /** A file for a root is encrypted as the one before is; of one that is elsewhere that cannot be told. */
    private static KeyPlace rootPlace(AuthorityRecord old, KeyPlace issuing, String name, RotationRequest request) {
        if (request.newOfflineRoot() != null || (old.key().equals("offline") && request.rootKey() == null)) {
            return new KeyPlace(null, issuing.encrypted());
        }
        return place(old, request.rootKey(), name, "--root-signer", request);
    }

    /** The new root as the old one signs it, if its key is at hand; otherwise it is asked once the new one is there. */
    private Optional<X509Certificate> link(Optional<CaSigner> signer, AuthorityRecord old, CertificateAuthority root) {
        return signer.map(with -> new CertificateAuthority(old.certificate(), with, clock, random)
                .cross(root.certificate(), config.namespace(), config.policy().rootLife()));
    }

    private NewKey newKey(String name, KeyPlace place) {
        NewKey key = store.keys()
                .make(name, place.signer(), config.policy().key().ofAuthority(), place.encrypted(), secrets);
        AuthorityIssuance.requireUnused(store, name, key.signer().publicKey());
        if (key.found() && place.signer() instanceof Pkcs11Uri) {
            notices.add(new Notice("KEY_FOUND", name + ": its key was in the token already, and is used as it is"));
        }
        return key;
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
