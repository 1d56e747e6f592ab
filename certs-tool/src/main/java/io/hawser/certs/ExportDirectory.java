package io.hawser.certs;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The directory an export goes to. A first export fills it; a later one for the same node brings it up to date. Files
 * that were not written by an export, or were changed since, are left alone and reported. The directory may belong to somebody
 * who is not trusted with the store: what lies in it, {@code export.json} too, is taken for no more than a claim.
 *
 * <p>{@code export.json} records what was written, and before that what is going to be, so that an export that was stopped
 * half-way is known by the next one, also when that has something else to write. The store's log says who was handed a key; an
 * export that changes nothing is not logged. Not thread-safe; used by one caller at a
 * time.
 */
final class ExportDirectory {
    private static final String RECORD = "export.json";
    private static final String COMING = "coming";
    private static final int MAX_BYTES = 4 << 20;

    /** The files of the formats that hold the node's private key. */
    private static final Set<String> KEYS = Set.of("key.pem", "keystore.p12", "secret.yaml");

    /** What one export may write and the next one not; nothing else is ever removed. */
    private static final Pattern PASSING = Pattern.compile("key\\.pem|cross\\.pem|crl/[0-9a-f]{8}\\.r[0-9]{1,4}");

    /** One file: {@code same} tells whether what is there already will do. */
    private static final class Part {
        final String name;
        final byte[] content;
        final boolean secret;
        final Predicate<byte[]> same;

        Part(String name, byte[] content, boolean secret, Predicate<byte[]> same) {
            this.name = name;
            this.content = content;
            this.secret = secret;
            this.same = same;
        }
    }

    private final Path directory;
    private final String format;
    private final NodeCertificate node;
    private final OrgStore store;
    private final Map<String, Object> header;
    private final JsonNode recorded;
    private final List<Part> parts = new ArrayList<>();

    /** @param parameters what must stay the same from one export to the next, as keys and values */
    ExportDirectory(
            Path directory, String format, NodeCertificate node, OrgStore store, Map<String, String> parameters) {
        this.directory = directory.toAbsolutePath().normalize();
        this.format = format;
        this.node = node;
        this.store = store;
        this.header = Json.object("schema", "certs-tool/export-1", "format", format);
        header.put("node", node.node().toString());
        header.putAll(parameters);
        this.recorded = readRecord();
        for (Map.Entry<String, Object> entry : header.entrySet()) {
            String there = recorded.path(entry.getKey()).asText(entry.getValue().toString());
            if (!there.equals(entry.getValue())) {
                throw conflict(entry.getKey() + " is " + Names.printable(there) + ", not " + entry.getValue());
            }
        }
        header.put("generation", node.generation());
        header.put("serial", node.serial());
    }

    Path path() {
        return directory;
    }

    CertsException conflict(String why) {
        return new CertsException(ErrorCode.EXPORT_CONFLICT, directory + ": holds another export: " + why)
                .hint("Export to an empty directory, or remove this one first")
                .about(directory);
    }

    void add(String name, byte[] content) {
        parts.add(new Part(name, content, false, there -> Arrays.equals(there, content)));
    }

    void addSecret(String name, byte[] content) {
        parts.add(new Part(name, content, true, there -> Arrays.equals(there, content)));
    }

    /** A file whose bytes differ each time it is made. */
    void addSecret(String name, byte[] content, Predicate<byte[]> same) {
        parts.add(new Part(name, content, true, same));
    }

    /** A file that is there from an earlier export. */
    Optional<byte[]> existingSecret(String name) {
        Path file = onPlainWay(name);
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                ? Optional.of(new SecretFiles(store.options().allowGroupRead()).read(file))
                : Optional.empty();
    }

    Change<Path> write(List<Notice> notices) {
        var hashes = new LinkedHashMap<String, Object>();
        var stale = new ArrayList<Part>();
        for (Part part : parts) {
            Optional<byte[]> there = read(part);
            if (there.isPresent() && part.same.test(there.get())) {
                hashes.put(part.name, Fingerprints.sha256(there.get()));
                continue;
            }
            if (there.isPresent() && !isRecorded(part.name, there.get())) {
                throw notOurs(directory.resolve(part.name), "was not written by this tool, or changed since");
            }
            hashes.put(part.name, Fingerprints.sha256(part.content));
            stale.add(part);
        }
        header.put("files", hashes);
        byte[] record = Json.file(header);
        List<Path> obsolete = obsolete(hashes.keySet());
        byte[] intent = intent(stale, obsolete);
        boolean upToDate =
                stale.isEmpty() && obsolete.isEmpty() && FileWriter.hasContent(directory.resolve(RECORD), record);
        if (upToDate && !Files.exists(store.layout().pending())) {
            return new Change<>(directory, List.of(), notices);
        }
        List<AuditSubject> handedOut = upToDate ? List.of() : List.of(handedOut(stale));
        return store.changing("export " + format, handedOut, writer -> {
            if (!stale.isEmpty() || !obsolete.isEmpty()) {
                writer.directories(directory);
                writer.beside().openIfChanged(directory.resolve(RECORD), intent); // counts as one with the last
            }
            fill(writer, stale);
            obsolete.forEach(writer::remove);
            writer.openIfChanged(directory.resolve(RECORD), record);
            return new Change<>(directory, writer.written(), notices);
        });
    }

    /** The record while files are written: each is as it was found, or as it will be. */
    private byte[] intent(List<Part> stale, List<Path> obsolete) {
        var found = new LinkedHashMap<String, Object>();
        for (Part part : parts) {
            read(part).ifPresent(there -> found.put(part.name, Fingerprints.sha256(there)));
        }
        for (Path file : obsolete) {
            String name = directory.relativize(file).toString();
            read(name).ifPresent(there -> found.put(name, Fingerprints.sha256(there)));
        }
        var coming = new LinkedHashMap<String, Object>();
        stale.forEach(part -> coming.put(part.name, Fingerprints.sha256(part.content)));
        var intent = new LinkedHashMap<>(header);
        intent.put("files", found);
        intent.put(COMING, coming);
        return Json.file(intent);
    }

    private void fill(FileWriter writer, List<Part> stale) {
        writer.directories(directory);
        for (Part part : stale) {
            Path file = directory.resolve(part.name);
            writer.directories(FileWriter.parent(file));
            if (part.secret) {
                writer.secret(file, part.content);
            } else {
                writer.open(file, part.content);
            }
        }
    }

    /** What the log says of it. */
    private AuditSubject handedOut(List<Part> stale) {
        boolean key = stale.stream().anyMatch(part -> KEYS.contains(part.name));
        return new AuditSubject(
                node.node().toString(),
                "export",
                List.of(node.serial()),
                "to " + directory + (key ? ", with the private key" : ""));
    }

    /** What an earlier export wrote and this one has no more, such as what a former partner brought; unless changed since. */
    private List<Path> obsolete(Set<String> current) {
        var obsolete = new ArrayList<Path>();
        for (String name : recordedNames()) {
            if (!current.contains(name)
                    && PASSING.matcher(name).matches()
                    && read(name).filter(there -> isRecorded(name, there)).isPresent()) {
                obsolete.add(directory.resolve(name));
            }
        }
        return obsolete;
    }

    private Set<String> recordedNames() {
        var names = new LinkedHashSet<String>();
        recorded.path("files").fieldNames().forEachRemaining(names::add);
        recorded.path(COMING).fieldNames().forEachRemaining(names::add);
        return names;
    }

    private boolean isRecorded(String name, byte[] content) {
        String hash = Fingerprints.sha256(content);
        return recorded.path("files").path(name).asText("").equals(hash)
                || recorded.path(COMING).path(name).asText("").equals(hash);
    }

    private Optional<byte[]> read(Part part) {
        return part.secret ? existingSecret(part.name) : read(part.name);
    }

    private Optional<byte[]> read(String name) {
        Path file = onPlainWay(name);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw notOurs(file, "is not a plain file"); // a pipe would keep us waiting, a device never ends
        }
        try {
            return Optional.of(CappedFile.read(file, MAX_BYTES, LinkOption.NOFOLLOW_LINKS)
                    .orElseThrow(() -> notOurs(file, "is larger than " + MAX_BYTES + " bytes")));
        } catch (IOException e) {
            throw CertsException.io("reading", file, e);
        }
    }

    /** Where a name leads; not through a link, which may end at any file that we may write and the directory's owner may not. */
    private Path onPlainWay(String name) {
        Path file = directory.resolve(name);
        for (Path on = FileWriter.parent(file); !on.equals(directory); on = FileWriter.parent(on)) {
            if (Files.isSymbolicLink(on)) {
                throw notOurs(on, "is a symbolic link");
            }
        }
        return file;
    }

    private static CertsException notOurs(Path file, String why) {
        return new CertsException(ErrorCode.EXPORT_CONFLICT, file + ": " + why)
                .hint("Move the file away, or export to another directory")
                .about(file);
    }

    private JsonNode readRecord() {
        var mapper = new ObjectMapper();
        try {
            Optional<byte[]> record = read(RECORD);
            return record.isEmpty() ? mapper.createObjectNode() : mapper.readTree(record.get());
        } catch (JacksonException e) {
            throw conflict(RECORD + " is not readable");
        } catch (IOException e) {
            throw CertsException.io("reading", directory.resolve(RECORD), e);
        }
    }
}
