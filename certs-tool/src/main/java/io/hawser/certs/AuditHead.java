package io.hawser.certs;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the log ended when the last change was done. Kept apart from the log, so that a log that was cut is told from one
 * that is whole.
 *
 * @param entries how many entries there were
 * @param bytes how long the log was
 * @param hash of the last line
 */
record AuditHead(long entries, long bytes, String hash) {
    static final AuditHead NONE = new AuditHead(0, 0, AuditLine.START);

    /** The head in a file; none when there is no file, or it holds something else. */
    static AuditHead read(Path file) {
        if (!Files.isRegularFile(file)) {
            return NONE;
        }
        JsonNode node = AuditLine.parse(OrgStore.readFile(file));
        if (node == null
                || node.path("entries").asLong() < 1
                || node.path("bytes").asLong() < 1
                || !node.path("hash").asText().matches("[0-9a-f]{64}")) {
            return NONE;
        }
        return new AuditHead(
                node.path("entries").asLong(),
                node.path("bytes").asLong(),
                node.path("hash").asText());
    }

    byte[] file() {
        return Json.file(Json.object("entries", entries, "bytes", bytes, "hash", hash));
    }

    /** The head once a line was added. */
    AuditHead after(byte[] line, long end) {
        return new AuditHead(entries + 1, end, Fingerprints.sha256(line));
    }
}
