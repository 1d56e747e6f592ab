package io.hawser.certs;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** The partners' cross-certificates when our own roots change. Not thread-safe; used by one operation. */
final class PartnerCrosses {
    private final PartnerFiles files;
    private final FileWriter writer;

    PartnerCrosses(StoreLayout layout, FileWriter writer) {
        this.files = new PartnerFiles(layout);
        this.writer = writer;
    }

    /** Whether a root of ours has not signed every root of every partner. */
    boolean isMissing(X509Certificate own) {
        return files.all().stream().anyMatch(partner -> !missing(own, partner).isEmpty());
    }

    /** Fences the partners below a root of ours that has not done so. */
    void addFor(CertificateAuthority own) {
        for (Partner partner : files.all()) {
            var all = new ArrayList<>(partner.cross());
            for (X509Certificate root : missing(own.certificate(), partner)) {
                all.add(own.cross(
                        root, partner.namespace(), files.policy(partner.org()).crossLife()));
            }
            write(partner, all);
        }
    }

    /** Asks a root of ours that has not done so, and whose key is elsewhere. */
    void askFor(AuthorityRecord own, PartnerFence fence, List<Notice> notices) {
        for (Partner partner : files.all()) {
            List<X509Certificate> missing = missing(own.certificate(), partner);
            if (!missing.isEmpty()) {
                fence.ask(
                        own,
                        files.bundle(partner.org()),
                        files.policy(partner.org()).crossLife(),
                        missing,
                        partner.cross(),
                        notices);
            }
        }
    }

    /** Drops what other roots signed. */
    void keepOnly(List<X509Certificate> roots) {
        for (Partner partner : files.all()) {
            write(
                    partner,
                    partner.cross().stream()
                            .filter(cross -> roots.stream().anyMatch(root -> isBy(cross, root)))
                            .toList());
        }
    }

    private List<X509Certificate> missing(X509Certificate own, Partner partner) {
        return files.bundle(partner.org()).roots().stream()
                .filter(root -> partner.cross().stream()
                        .noneMatch(cross ->
                                isBy(cross, own) && cross.getPublicKey().equals(root.getPublicKey())))
                .toList();
    }

    private void write(Partner partner, List<X509Certificate> cross) {
        Path file = files.directory(partner.org()).resolve("cross.pem");
        writer.openIfChanged(file, Pem.certificates(cross));
    }

    private static boolean isBy(X509Certificate cross, X509Certificate root) {
        return cross.getIssuerX500Principal().equals(root.getSubjectX500Principal());
    }
}
