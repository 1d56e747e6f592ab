package io.hawser.certs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One run of making a partner, or of bringing one up to date: verifies, fences, writes. */
final class PartnerImport {
    private final OrgStore store;
    private final OrgConfig config;
    private final PartnerFiles files;
    private final FileWriter writer;
    private final Instant now;

    PartnerImport(OrgStore store, OrgConfig config, PartnerFiles files, FileWriter writer) {
        this.store = store;
        this.config = config;
        this.files = files;
        this.writer = writer;
        this.now = store.options().clock().instant();
    }

    Change<Partner> importBundle(ImportRequest request, SecretSource secrets) {
        TrustBundle bundle = TrustBundle.read(request.bundle(), request.where());
        if (request.org() != null && !request.org().equals(bundle.org())) {
            throw new CertsException(
                            ErrorCode.NAMESPACE_REFUSED,
                            request.where() + ": is from " + bundle.org() + " (expected: "
                                    + Names.printable(request.org()) + ")")
                    .about(bundle.org());
        }
        if (request.fingerprint() == null) {
            throw new CertsException(
                            ErrorCode.TRUST_UNCONFIRMED,
                            request.where() + ": says it is from " + bundle.org() + ", with the root "
                                    + String.join(
                                            ", ",
                                            bundle.roots().stream()
                                                    .map(Fingerprints::of)
                                                    .toList()))
                    .hint("Have the partner read out what 'certs-tool org show' prints there, then add --fingerprint"
                            + " SHA256:...")
                    .about(request.where());
        }
        String fingerprint = BundleVerifier.normal(request.fingerprint());
        Optional<Partner> known = files.find(bundle.org());
        known.ifPresent(partner -> requireSame(request, fingerprint, bundle, partner));
        Set<String> confirmed = new TreeSet<>(known.map(Partner::pinned).orElse(List.of()));
        confirmed.add(fingerprint);
        new BundleVerifier(bundle, request.where(), now)
                .verify(
                        confirmed,
                        known.map(partner -> files.bundle(partner.org()).roots())
                                .orElse(List.of()));
        if (request.domain() != null
                && !request.domain().equals(bundle.namespace().domain())) {
            throw new CertsException(
                            ErrorCode.NAMESPACE_REFUSED,
                            request.where() + ": " + bundle.org() + " names "
                                    + bundle.namespace().domain() + " (expected: " + request.domain() + ")")
                    .about(bundle.org());
        }
        request.allow().forEach(bundle.namespace()::uri);
        return write(bundle, request.where(), request.crossLife(), request.allow(), request.offlineRoot(), secrets);
    }

    Change<Partner> refresh(String where, byte[] file, @Nullable Path offlineRoot, SecretSource secrets) {
        TrustBundle bundle = TrustBundle.read(file, where);
        Partner known = files.find(bundle.org())
                .orElseThrow(() -> new CertsException(
                                ErrorCode.PARTNER_UNKNOWN,
                                where + ": is from " + bundle.org() + ", which is no partner")
                        .hint("'certs-tool trust import' makes it one")
                        .about(bundle.org()));
        new BundleVerifier(bundle, where, now)
                .verify(new TreeSet<>(known.pinned()), files.bundle(known.org()).roots());
        PartnerPolicy policy = files.policy(bundle.org());
        return write(bundle, where, policy.crossLife(), policy.allow(), offlineRoot, secrets);
    }

    private void requireSame(ImportRequest request, String fingerprint, TrustBundle bundle, Partner known) {
        PartnerPolicy policy = files.policy(known.org());
        String difference = null;
        if (!known.pinned().contains(fingerprint) && !isFurther(fingerprint, bundle, known)) {
            difference = "another root was confirmed";
        } else if (!policy.crossLife().equals(request.crossLife())) {
            difference = "its cross-certificates last " + LifeSpan.format(policy.crossLife());
        } else if (!new TreeSet<>(policy.allow()).equals(new TreeSet<>(request.allow()))) {
            difference = "other nodes of it are allowed";
        }
        if (difference != null) {
            throw new CertsException(
                            ErrorCode.PARTNER_EXISTS, known.org() + ": is a partner already, and " + difference)
                    .hint("Use 'certs-tool trust refresh' for a newer bundle; edit 'allow' in "
                            + files.directory(known.org()).resolve("policy.yaml")
                            + "; or 'certs-tool trust remove' first")
                    .about(known.org());
        }
    }

    /** Whether a person confirmed a root that came to one that was confirmed before. */
    private static boolean isFurther(String fingerprint, TrustBundle bundle, Partner known) {
        List<String> roots = bundle.roots().stream().map(Fingerprints::of).toList();
        return roots.contains(fingerprint) && known.pinned().stream().anyMatch(roots::contains);
    }

    private Change<Partner> write(
            TrustBundle bundle,
            String where,
            Duration crossLife,
            List<NodeName> allow,
            @Nullable Path offlineRoot,
            SecretSource secrets) {
        checkNames(bundle);
        Optional<TrustBundle> last = files.find(bundle.org()).map(partner -> files.bundle(partner.org()));
        last.ifPresent(before -> checkNotOlder(where, before, bundle));
        Path directory = files.directory(bundle.org());
        boolean fresh = !Files.exists(directory);
        var notices = new ArrayList<Notice>();
        List<X509Certificate> cross;
        try (var remembered = new RememberedSecret(secrets)) {
            var fence = new PartnerFence(store, config, writer, new RootKeys(store, offlineRoot, remembered));
            cross = fence.crosses(bundle, crossLife, there(directory), notices);
        }
        var policy = new PartnerPolicy(
                bundle.org(),
                bundle.namespace(),
                bundle.roots().stream().map(Fingerprints::of).toList(),
                crossLife,
                allow);
        // a new partner appears in one step; of one that is there the bundle changes last, so that a run that was
        // killed
        // is done again
        Path target = fresh ? directory.resolveSibling(".next") : directory;
        if (fresh) {
            writer.discard(target);
            writer.directories(target);
        }
        writer.openIfChanged(target.resolve("cross.pem"), Pem.certificates(cross));
        writer.openIfChanged(target.resolve("policy.yaml"), policy.toYaml());
        writer.openIfChanged(target.resolve("bundle.json"), bundle.sealed().file());
        if (fresh) {
            writer.publish(target, directory);
        }
        Set<NodeName> nodes = new TreeSet<>(bundle.nodes());
        if (!allow.isEmpty()) {
            nodes.retainAll(allow);
        }
        var partner = new Partner(
                policy.org(),
                policy.namespace(),
                policy.pinned(),
                bundle.sequence(),
                bundle.issued(),
                cross,
                bundle.crls(),
                List.copyOf(nodes));
        allow.stream()
                .filter(node -> !partner.nodes().contains(node))
                .forEach(node -> notices.add(new Notice(
                        "NODE_NOT_ON_ROSTER", node + ": is allowed, but not on the roster of " + partner.org())));
        return new Change<>(partner, writer.written(), notices);
    }

    private static List<X509Certificate> there(Path directory) {
        Path file = directory.resolve("cross.pem");
        return Files.exists(file) ? Pem.readCertificatesOrNone(OrgStore.readFile(file), file.toString()) : List.of();
    }

    /** Nobody may name our nodes, or those of another partner, or look like one of our CAs. */
    private void checkNames(TrustBundle bundle) {
        if (bundle.namespace().overlaps(config.namespace())) {
            throw refused(bundle, "its names " + bundle.namespace().domain() + " overlap ours");
        }
        for (Partner other : files.all()) {
            if (!other.org().equals(bundle.org()) && other.namespace().overlaps(bundle.namespace())) {
                throw refused(bundle, "its names " + bundle.namespace().domain() + " overlap those of " + other.org());
            }
            if (other.org().equals(bundle.org()) && !other.namespace().equals(bundle.namespace())) {
                throw refused(bundle, "its names are " + other.namespace().domain() + " so far");
            }
        }
        for (AuthorityRecord own : store.authorities()) {
            for (X509Certificate root : bundle.roots()) {
                if (own.certificate().getSubjectX500Principal().equals(root.getSubjectX500Principal())
                        || own.certificate().getPublicKey().equals(root.getPublicKey())) {
                    throw refused(bundle, "its root has the name or key of our " + own.name());
                }
            }
        }
    }

    private static CertsException refused(TrustBundle bundle, String why) {
        return new CertsException(ErrorCode.NAMESPACE_REFUSED, bundle.org() + ": is refused, since " + why)
                .hint("Partners need domains and trust domains of which none lies within another")
                .about(bundle.org());
    }

    private static void checkNotOlder(String where, TrustBundle before, TrustBundle bundle) {
        boolean same = Arrays.equals(before.sealed().payload(), bundle.sealed().payload());
        if (bundle.sequence() < before.sequence() || (bundle.sequence() == before.sequence() && !same)) {
            throw new CertsException(
                            ErrorCode.BUNDLE_ROLLBACK,
                            where + ": has the number " + bundle.sequence() + ", but number " + before.sequence()
                                    + " of " + bundle.org() + " is here"
                                    + (bundle.sequence() == before.sequence() ? " with other content" : ""))
                    .hint("Ask the partner for its latest bundle")
                    .about(bundle.org());
        }
    }
}
