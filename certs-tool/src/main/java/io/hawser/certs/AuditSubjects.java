package io.hawser.certs;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Says what changed, from the paths that did: which certificates there are now, and what a CRL revokes that the one before
 * did not. Reads no key. Not thread-safe; used for one change.
 */
final class AuditSubjects {
    private final StoreLayout layout;
    private final Map<List<String>, AuditSubject> subjects = new LinkedHashMap<>();

    private AuditSubjects(StoreLayout layout) {
        this.layout = layout;
    }

    static List<AuditSubject> of(StoreLayout layout, Collection<Path> changed) {
        var subjects = new AuditSubjects(layout);
        changed.forEach(subjects::add);
        return List.copyOf(subjects.subjects.values());
    }

    /** Everything there is, for a log that begins with a store that is older than it. */
    static List<AuditSubject> of(StoreLayout layout) {
        return of(layout, List.of(layout.config(), layout.authorities(), layout.nodes(), layout.partners()));
    }

    private void add(Path path) {
        String name = String.valueOf(path.getFileName());
        Path parent = FileWriter.parent(path);
        if (name.startsWith(".")) {
            return; // a temporary name of an operation that was killed
        }
        if (parent.equals(layout.partners())) {
            partner(path);
        } else if (FileWriter.parent(parent).equals(layout.partners())) {
            partner(parent);
        } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            StoreLayout.children(path).forEach(child -> add(path.resolve(child)));
        } else if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            put(layout.root().relativize(path).toString(), "file", List.of(), "removed");
        } else if (name.equals("cert.pem")) {
            certificate(path);
        } else if (name.equals("crl.pem")) {
            crl(path);
        } else if (!isDerived(path, parent, name)) {
            other(path);
        }
    }

    /** What follows from a certificate that is named already, or is the same for every reader. */
    private boolean isDerived(Path path, Path parent, String name) {
        return Files.isSymbolicLink(path)
                || parent.startsWith(layout.nodes())
                || name.equals("chain.pem")
                || path.equals(layout.rosterTerm());
    }

    private void certificate(Path file) {
        X509Certificate certificate =
                Pem.readCertificates(OrgStore.readFile(file), file.toString()).get(0);
        Path holder = FileWriter.parent(file);
        boolean node = holder.startsWith(layout.nodes());
        put(
                String.valueOf((node ? FileWriter.parent(holder) : holder).getFileName()),
                "certificate",
                List.of(serial(certificate)),
                node ? String.valueOf(holder.getFileName()) : "");
    }

    private void crl(Path file) {
        X509CRL crl = Pem.readCrl(OrgStore.readFile(file), file.toString());
        Instant since = crl.getThisUpdate().toInstant();
        // what a CRL adds to the one before carries the CRL's own time, see CrlIssuer
        List<String> added = crl.getRevokedCertificates() == null
                ? List.of()
                : crl.getRevokedCertificates().stream()
                        .filter(entry -> entry.getRevocationDate().toInstant().equals(since))
                        .map(entry -> entry.getSerialNumber().toString(16))
                        .sorted()
                        .toList();
        put(
                String.valueOf(FileWriter.parent(file).getFileName()),
                "crl",
                added,
                "number " + CrlIssuer.number(crl) + (added.isEmpty() ? "" : ", revokes"));
    }

    private void partner(Path directory) {
        String name = String.valueOf(directory.getFileName());
        Path cross = directory.resolve("cross.pem");
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            put(name, "partner", List.of(), "removed");
        } else if (Files.exists(cross)) {
            List<String> serials = Pem.readCertificatesOrNone(OrgStore.readFile(cross), cross.toString()).stream()
                    .map(AuditSubjects::serial)
                    .toList();
            put(name, "partner", serials, digest(directory.resolve("bundle.json")));
        }
    }

    private void other(Path file) {
        String relative = layout.root().relativize(file).toString();
        boolean secret = Stream.of("key", "p12", "pass").anyMatch(relative::contains);
        put(relative, secret ? "key" : "file", List.of(), secret ? "" : digest(file));
    }

    private static String digest(Path file) {
        return Files.exists(file) ? "SHA256:" + Fingerprints.sha256(OrgStore.readFile(file)) : "";
    }

    private static String serial(X509Certificate certificate) {
        return certificate.getSerialNumber().toString(16);
    }

    private void put(String subject, String what, List<String> serials, String detail) {
        // all generations of a node count; of anything else only how it is now
        subjects.put(
                List.of(subject, what, detail.startsWith("gen-") ? detail : ""),
                new AuditSubject(subject, what, serials, detail));
    }
}
