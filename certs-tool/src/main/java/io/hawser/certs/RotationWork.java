package io.hawser.certs;

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
    private final RootKeys roots;
    private final SecretSource secrets;
    private final StoreLayout layout;
    private final Instant now;
    private final List<Notice> notices = new ArrayList<>();

    RotationWork(
            OrgStore store, OrgConfig config, FileWriter writer, @Nullable Path offlineRoot, SecretSource secrets) {
        this.store = store;
        this.config = config;
        this.writer = writer;
        this.roots = new RootKeys(store, offlineRoot, secrets);
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

    /** Begins a rotation with an issuing CA that the root's machine signed for it. */
    static List<Notice> beginWith(
            OrgStore store,
            OrgConfig config,
            FileWriter writer,
            SecretSource secrets,
            PendingAuthority pending,
            AuthorityRecord coming,
            X509Certificate root) {
        store.rotation().ifPresent(there -> {
            throw new CertsException(
                            ErrorCode.ROTATION_EXISTS,
                            "another rotation (" + there.kind().label() + ") is under way")
                    .hint("Finish it with 'certs-tool rotate next', then install the answer")
                    .about(coming.name());
        });
        var work = new RotationWork(store, config, writer, null, secrets);
        Path staging = work.layout.rotationStaging();
        Path directory = staging.resolve(coming.name());
        writer.discard(staging);
        writer.directories(directory);
        writer.secret(directory.resolve(pending.keyFile()), pending.key());
        writer.open(directory.resolve("cert.pem"), Pem.certificates(List.of(coming.certificate())));
        writer.open(directory.resolve("chain.pem"), Pem.certificates(List.of(coming.certificate(), root)));
        writer.open(directory.resolve("crl.pem"), Pem.crls(List.of(coming.crl())));
        var old = new ArrayList<String>();
        store.authorities().stream()
                .filter(authority -> !authority.isRoot())
                .forEach(authority -> old.add(0, authority.name()));
        work.enter(new Rotation(
                RotationKind.ISSUING,
                RotationPhase.DISTRIBUTE,
                work.now,
                work.now,
                old,
                List.of(coming.name()),
                Map.of(),
                List.of(),
                ""));
        work.notices.add(new Notice(
                "ROTATION_BEGUN",
                "the rotation (issuing) has begun; export to all nodes again, then 'certs-tool rotate next'"));
        return work.notices;
    }

    /** Finishes what an operation that was stopped left of the phase. */
    static List<Notice> settleAgain(OrgStore store, OrgConfig config, FileWriter writer, SecretSource secrets) {
        var work = new RotationWork(store, config, writer, null, secrets);
        store.rotation().ifPresent(work::settle);
        return work.notices;
    }

    /** Moves a rotation into a phase, once it is sure that the keys for it are at hand. */
    void enter(Rotation rotation) {
        if (rotation.phase() == RotationPhase.REISSUE || rotation.phase() == RotationPhase.RETIRE) {
            openIssuing(rotation);
        }
        if (rotation.phase() == RotationPhase.RETIRE && rotation.kind() == RotationKind.ISSUING) {
            unrevoked(rotation).keySet().forEach(roots::open);
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

    /** Asks roots whose keys are elsewhere to revoke what goes in a phase, before which it cannot begin. */
    List<Path> ask(Rotation rotation) {
        if (rotation.phase() != RotationPhase.RETIRE || rotation.kind() != RotationKind.ISSUING) {
            return List.of();
        }
        var upkeep = new CrlUpkeep(store, config, writer);
        var requests = new ArrayList<Path>();
        unrevoked(rotation).forEach((root, further) -> {
            if (roots.find(root).isEmpty()) {
                requests.add(upkeep.ask(root, further));
            }
        });
        return requests;
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
        linkRoots(rotation);
        fencePartners(rotation);
        tellPartners();
    }

    /** A new root that the old one did not sign, since its key is elsewhere: that is asked. */
    private void linkRoots(Rotation rotation) {
        for (String name : rotation.kind() == RotationKind.ROOT ? rotation.coming() : List.<String>of()) {
            AuthorityRecord next = store.authorityNamed(name).orElseThrow();
            Optional<AuthorityRecord> old = rotation.old().stream()
                    .filter(each -> each.startsWith("root-"))
                    .findFirst()
                    .flatMap(store::authorityNamed);
            if (next.isRoot()
                    && old.isPresent()
                    && !Files.exists(store.directory(next).resolve("link.pem"))) {
                Path request = new RootLink(store, config, writer).ask(old.get(), next);
                notices.add(new Notice(
                        "ROOT_NOT_LINKED",
                        "the key of " + old.get().name() + " is not here, so it has not signed " + next.name()
                                + " yet, and partners refuse bundles with it unless they confirm its fingerprint: have "
                                + request + " signed by 'certs-tool ca sign' on the root's machine, and install the"
                                + " answer; the new root, to compare there: " + next.fingerprint()));
            }
        }
    }

    private void fencePartners(Rotation rotation) {
        for (String name : rotation.coming()) {
            AuthorityRecord root = store.authorityNamed(name).orElseThrow();
            var crosses = new PartnerCrosses(layout, writer);
            if (root.isRoot() && crosses.isMissing(root.certificate())) {
                Optional<CaSigner> signer = roots.find(root);
                if (signer.isPresent()) {
                    crosses.addFor(new CertificateAuthority(
                            root.certificate(), signer.get(), store.options().clock(), new SecureRandom()));
                } else {
                    crosses.askFor(root, new PartnerFence(store, config, writer, roots), notices);
                }
            }
        }
    }

    private void tellPartners() {
        notices.addAll(new RootLink(store, config, writer).tellPartners(secrets));
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
            rotation.old().forEach(this::withdraw);
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
        unrevoked(rotation)
                .forEach((root, further) -> new CrlUpkeep(store, config, writer)
                        .renew(
                                root,
                                roots.open(root),
                                CrlTask.serials(further),
                                config.policy().rootCrlLife()));
    }

    /** What goes and is not revoked yet, by the root that signed it. */
    private Map<AuthorityRecord, Map<X509Certificate, RevocationReason>> unrevoked(Rotation rotation) {
        Revocations revocations = store.revocations();
        var all = new LinkedHashMap<AuthorityRecord, Map<X509Certificate, RevocationReason>>();
        for (AuthorityRecord root : store.authorities()) {
            var further = new LinkedHashMap<X509Certificate, RevocationReason>();
            for (String name : root.isRoot() ? rotation.old() : List.<String>of()) {
                store.authorityNamed(name)
                        .map(AuthorityRecord::certificate)
                        .filter(old -> old.getIssuerX500Principal()
                                .equals(root.certificate().getSubjectX500Principal()))
                        .filter(old -> !revocations.contains(old))
                        .ifPresent(old -> further.put(old, RevocationReason.SUPERSEDED));
            }
            if (!further.isEmpty()) {
                all.put(root, further);
            }
        }
        return all;
    }

    private void undo(Rotation rotation) {
        withdraw(rotation);
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
                if (Files.exists(there.resolve(SignerSpec.FILE))) {
                    notices.add(new Notice(
                            "KEY_LEFT",
                            name + ": is no more; its key stays where it is, in a token or behind a command"));
                }
                writer.removeDirectory(there, layout.rotationStaging());
            }
        }
        writer.discard(layout.rotationStaging());
        if (rotation.kind() == RotationKind.ROOT && !store.options().dryRun()) {
            new PartnerCrosses(layout, writer).keepOnly(store.roots());
        }
        if (told) {
            notices.add(RootLink.partnersToBeTold());
        }
        if (!rotation.offlineRoot().isEmpty()) {
            notices.add(new Notice(
                    "ROOT_KEY_LEFT", rotation.offlineRoot() + ": holds the key of the new root, which is no more"));
        }
    }

    /** What roots were asked for the sake of the rotation. */
    private void withdraw(Rotation rotation) {
        List<X509Certificate> stays = rotation.old().stream()
                .flatMap(name -> store.authorityNamed(name).stream())
                .map(AuthorityRecord::certificate)
                .toList();
        for (AuthorityRecord root : store.authorities()) {
            if (root.isRoot()) {
                new CrlUpkeep(store, config, writer).withdraw(root, stays::contains);
            }
        }
        rotation.coming().forEach(this::withdraw);
    }

    /** What was asked of a root, or for it, that is no more. */
    private void withdraw(String root) {
        writer.discard(RootLink.requestFile(store, root));
        writer.discard(layout.requests().resolve(root + ".json"));
        for (Partner partner : new TrustStore(store).partners()) {
            Path directory = new PartnerFiles(layout).directory(partner.org());
            writer.discard(layout.requests().resolve(RootRequest.crossName(directory, root) + ".json"));
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
