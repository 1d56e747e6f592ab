package io.hawser.certs;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes the store what a rotation's phase says. What is done already is not done again, so a run that was stopped is finished
 * by the next. Not thread-safe; used by one operation, which holds the lock.
 */
final class RotationWork {
    private final OrgStore store;
    private final OrgConfig config;
    private final FileWriter writer;
    private final @Nullable Path offlineRoot;
    private final SecretSource secrets;
    private final StoreLayout layout;
    private final Instant now;
    private final List<Notice> notices = new ArrayList<>();

    RotationWork(
            OrgStore store, OrgConfig config, FileWriter writer, @Nullable Path offlineRoot, SecretSource secrets) {
        this.store = store;
        this.config = config;
        this.writer = writer;
        this.offlineRoot = offlineRoot;
        this.secrets = secrets;
        this.layout = store.layout();
        this.now = store.options().clock().instant();
    }

    /** What is worth knowing; open for others to add to. */
    List<Notice> notices() {
        return notices;
    }

    static Path stagedRootKey(StoreLayout layout) {
        return layout.rotationStaging().resolve("root-key.pem");
    }

    /** Moves a rotation into a phase, once it is sure that the keys for it are at hand. */
    void enter(Rotation rotation) {
        if (rotation.phase() == RotationPhase.REISSUE || rotation.phase() == RotationPhase.RETIRE) {
            openIssuing(rotation);
        }
        if (rotation.phase() == RotationPhase.RETIRE && rotation.kind() == RotationKind.ISSUING) {
            rootOf(rotation); // whose key is elsewhere, as often as not
        }
        if (rotation.phase() == RotationPhase.DISTRIBUTE
                && !rotation.offlineRoot().isEmpty()) {
            NewAuthorities.requireEmpty(Path.of(rotation.offlineRoot()));
        }
        layout.rotation().write(rotation, writer);
        settle(rotation);
    }

    private void openIssuing(Rotation rotation) {
        AuthorityRecord issuing =
                rotation.comingIssuing().flatMap(store::authorityNamed).orElseGet(() -> store.authority("issuing"));
        store.signer(issuing, null, secrets);
    }

    private void rootOf(Rotation rotation) {
        for (AuthorityRecord root : store.authorities()) {
            if (root.isRoot() && !unrevoked(rotation, root).isEmpty()) {
                store.signer(root, offlineRoot, secrets);
            }
        }
    }

    void settle(Rotation rotation) {
        switch (rotation.phase()) {
            case DISTRIBUTE, VERIFY_TRUST -> distribute(rotation);
            case REISSUE, VERIFY_USE -> reissue(rotation);
            case RETIRE, VERIFY_GONE -> retire(rotation);
            case ABORT -> undo(rotation);
            case IDLE -> {}
        }
    }

    /** The new CAs get their names, the new root fences the partners, and the bundle tells of it. */
    private void distribute(Rotation rotation) {
        for (String name : rotation.coming()) {
            Path staged = layout.rotationStaging().resolve(name);
            if (store.options().dryRun() || Files.exists(staged)) {
                writer.publish(staged, layout.authorities().resolve(name));
            }
        }
        if (store.options().dryRun()) {
            return;
        }
        Path staged = stagedRootKey(layout);
        if (Files.exists(staged)) {
            byte[] key = new SecretFiles(false).read(staged);
            Path offline = Path.of(rotation.offlineRoot());
            if (!FileWriter.hasContent(offline.resolve("key.pem"), key)) {
                NewAuthorities.requireEmpty(offline);
                writer.directories(offline);
                writer.secret(offline.resolve("key.pem"), key);
            }
        }
        writer.discard(layout.rotationStaging());
        fencePartners(rotation);
        tellPartners();
    }

    private void fencePartners(Rotation rotation) {
        for (String name : rotation.coming()) {
            AuthorityRecord root = store.authorityNamed(name).orElseThrow();
            var crosses = new PartnerCrosses(layout, writer);
            if (root.isRoot() && crosses.isMissing(root.certificate())) {
                Path offline = rotation.offlineRoot().isEmpty() ? null : Path.of(rotation.offlineRoot());
                CaSigner signer = store.signer(root, offline, secrets);
                crosses.addFor(new CertificateAuthority(
                        root.certificate(), signer, store.options().clock(), new SecureRandom()));
            }
        }
    }

    private void tellPartners() {
        if (Files.exists(layout.ownBundle()) && !store.options().dryRun()) {
            int before = writer.written().size();
            notices.addAll(
                    new TrustStore(store).exportBundle(config, writer, secrets).notices());
            if (writer.written().size() > before) {
                partnersToBeTold();
            }
        }
    }

    private void partnersToBeTold() {
        notices.add(new Notice(
                "PARTNERS_TO_BE_TOLD",
                "there is a new bundle for partners: send them what 'certs-tool trust export --to FILE' writes, for"
                        + " 'certs-tool trust refresh'"));
    }

    private void reissue(Rotation rotation) {
        notices.addAll(new NodeIssuance(store, config, writer)
                .reissue(outdated(rotation), secrets)
                .notices());
    }

    /** Which certificates the rotation replaces. */
    private Predicate<NodeCertificate> outdated(Rotation rotation) {
        if (rotation.kind() == RotationKind.NODE) {
            return node -> node.generation() <= rotation.nodes().getOrDefault(node.node(), 0);
        }
        return isComing(rotation).negate();
    }

    private Predicate<NodeCertificate> isComing(Rotation rotation) {
        Optional<X509Certificate> coming =
                rotation.comingIssuing().flatMap(store::authorityNamed).map(AuthorityRecord::certificate);
        return node -> coming.isPresent()
                && node.certificate()
                        .getIssuerX500Principal()
                        .equals(coming.get().getSubjectX500Principal());
    }

    private void retire(Rotation rotation) {
        switch (rotation.kind()) {
            case NODE -> revokeOld(rotation);
            case ISSUING -> revokeIssuing(rotation);
            case ROOT -> fencePartners(rotation);
        }
        for (String name : rotation.old()) {
            Path there = layout.authorities().resolve(name);
            if (Files.exists(there)) {
                writer.move(there, layout.retired().resolve(name));
            }
        }
        if (rotation.kind() == RotationKind.ROOT) {
            new PartnerCrosses(layout, writer).keepOnly(store.roots());
        }
        repair();
        tellPartners();
    }

    private void revokeOld(Rotation rotation) {
        Revocations revocations = store.revocations();
        var old = new ArrayList<NodeCertificate>();
        for (NodeName node : new TreeMap<>(rotation.nodes()).keySet()) {
            store.generations(node).stream()
                    .filter(outdated(rotation))
                    .filter(each -> now.isBefore(each.notAfter()) && !revocations.contains(each.certificate()))
                    .filter(this::isIssuedHere)
                    .forEach(old::add);
        }
        if (!old.isEmpty()) {
            new NodeRevocation(store, config, writer).revoke(old, RevocationReason.SUPERSEDED, secrets);
        }
    }

    private boolean isIssuedHere(NodeCertificate node) {
        return store.authorities().stream()
                .anyMatch(authority -> authority
                        .certificate()
                        .getSubjectX500Principal()
                        .equals(node.certificate().getIssuerX500Principal()));
    }

    /** Its root stays, so that the root's CRL must say that it is gone. */
    private void revokeIssuing(Rotation rotation) {
        for (AuthorityRecord root : store.authorities()) {
            Map<BigInteger, RevocationReason> further = root.isRoot() ? unrevoked(rotation, root) : Map.of();
            if (!further.isEmpty()) {
                new CrlUpkeep(store, config, writer)
                        .renew(
                                root,
                                store.signer(root, offlineRoot, secrets),
                                further,
                                config.policy().rootCrlLife());
            }
        }
    }

    private Map<BigInteger, RevocationReason> unrevoked(Rotation rotation, AuthorityRecord root) {
        Revocations revocations = store.revocations();
        var further = new LinkedHashMap<BigInteger, RevocationReason>();
        for (String name : rotation.old()) {
            store.authorityNamed(name)
                    .map(AuthorityRecord::certificate)
                    .filter(old -> old.getIssuerX500Principal()
                            .equals(root.certificate().getSubjectX500Principal()))
                    .filter(old -> !revocations.contains(old))
                    .ifPresent(old -> further.put(old.getSerialNumber(), RevocationReason.SUPERSEDED));
        }
        return further;
    }

    private void undo(Rotation rotation) {
        Predicate<NodeCertificate> added =
                rotation.kind() == RotationKind.NODE ? addedSince(rotation) : isComing(rotation);
        // nodes that came meanwhile keep what they have until they have something else
        notices.addAll(new NodeIssuance(store, config, writer)
                .reissue(node -> store.generations(node.node()).stream().allMatch(added), secrets)
                .notices());
        for (NodeCertificate node : store.nodes()) {
            Path temporary = layout.node(node.node()).resolve(".removed");
            writer.discard(layout.node(node.node()).resolve(".next"));
            writer.discard(temporary);
            for (NodeCertificate each : store.generations(node.node())) {
                if (added.test(each)) {
                    writer.removeDirectory(each.directory(), temporary);
                }
            }
        }
        repair();
        List<String> coming = new ArrayList<>(rotation.coming());
        boolean told = Files.exists(layout.ownBundle()) && !coming.isEmpty();
        Collections.reverse(coming);
        for (String name : coming) {
            Path there = layout.authorities().resolve(name);
            if (Files.exists(there)) {
                writer.removeDirectory(there, layout.rotationStaging());
            }
        }
        writer.discard(layout.rotationStaging());
        if (rotation.kind() == RotationKind.ROOT && !store.options().dryRun()) {
            new PartnerCrosses(layout, writer).keepOnly(store.roots());
        }
        if (told) {
            partnersToBeTold();
        }
        if (!rotation.offlineRoot().isEmpty()) {
            notices.add(new Notice(
                    "ROOT_KEY_LEFT", rotation.offlineRoot() + ": holds the key of the new root, which is no more"));
        }
    }

    private static Predicate<NodeCertificate> addedSince(Rotation rotation) {
        return node -> node.generation() > rotation.nodes().getOrDefault(node.node(), Integer.MAX_VALUE);
    }

    /** Links and roster follow from the generations. */
    private void repair() {
        var nodes = new TreeMap<NodeName, NodeCertificate>();
        store.nodes().forEach(node -> nodes.put(node.node(), node));
        new NodeFiles(layout, config, writer).repair(nodes, store.revocations());
    }
}
