package io.hawser.certs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The directories of the partners. */
final class PartnerFiles {
    private final Path partners;

    PartnerFiles(StoreLayout layout) {
        this.partners = layout.partners();
    }

    /** One directory for each partner; blanks in a name become hyphens, since a path for OTP may hold none. */
    Path directory(String org) {
        return partners.resolve(org.toLowerCase(Locale.ROOT).replace(' ', '-'));
    }

    List<Partner> all() {
        return StoreLayout.children(partners).stream()
                .filter(name -> !name.startsWith("."))
                .map(name -> read(partners.resolve(name)))
                .toList();
    }

    Optional<Partner> find(String org) {
        Path directory = directory(org);
        return Files.isDirectory(directory) ? Optional.of(read(directory)) : Optional.empty();
    }

    PartnerPolicy policy(String org) {
        return PartnerPolicy.read(directory(org).resolve("policy.yaml"));
    }

    TrustBundle bundle(String org) {
        Path file = directory(org).resolve("bundle.json");
        return TrustBundle.read(OrgStore.readFile(file), file.toString());
    }

    private static Partner read(Path directory) {
        PartnerPolicy policy = PartnerPolicy.read(directory.resolve("policy.yaml"));
        Path file = directory.resolve("bundle.json");
        TrustBundle bundle = TrustBundle.read(OrgStore.readFile(file), file.toString());
        Path cross = directory.resolve("cross.pem");
        return new Partner(
                policy.org(),
                policy.namespace(),
                policy.pinned(),
                bundle.sequence(),
                bundle.issued(),
                Pem.readCertificatesOrNone(OrgStore.readFile(cross), cross.toString()),
                bundle.crls(),
                accepted(policy, bundle));
    }

    /** On the partner's roster, and allowed here. */
    private static List<NodeName> accepted(PartnerPolicy policy, TrustBundle bundle) {
        Set<NodeName> nodes = new TreeSet<>(bundle.nodes());
        if (!policy.allow().isEmpty()) {
            nodes.retainAll(policy.allow());
        }
        return List.copyOf(nodes);
    }
}
