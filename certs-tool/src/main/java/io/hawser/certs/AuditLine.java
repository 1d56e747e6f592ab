package io.hawser.certs;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The form of one line of the log: a JSON object that ends with the hash of the line before. */
final class AuditLine {
    /** What the first line gives for the hash of the line before. */
    static final String START = "0".repeat(64);

    private static final ObjectMapper JSON = new ObjectMapper();

    private AuditLine() {}

    /** The line's bytes, without the line feed. */
    static byte[] write(AuditEntry entry, String previous) {
        Map<String, Object> line = Json.object(
                "number",
                entry.number(),
                "at",
                entry.at().toString(),
                "operation",
                entry.operation(),
                "user",
                entry.user());
        if (entry.interrupted()) {
            line.put("interrupted", true);
        }
        line.put("subjects", entry.subjects().stream().map(AuditLine::subject).toList());
        line.put("previous", previous);
        return bytes(line);
    }

    static byte[] bytes(Object value) {
        try {
            return JSON.writeValueAsString(value).getBytes(StandardCharsets.UTF_8);
        } catch (JacksonException e) {
            throw new IllegalStateException("plain values cannot be written as JSON", e);
        }
    }

    static Map<String, Object> subject(AuditSubject subject) {
        Map<String, Object> object = Json.object("subject", subject.subject(), "what", subject.what());
        if (!subject.serials().isEmpty()) {
            object.put("serials", subject.serials());
        }
        if (!subject.detail().isEmpty()) {
            object.put("detail", subject.detail());
        }
        return object;
    }

    /** The JSON object in a line, or null when it holds none. */
    static @Nullable JsonNode parse(byte[] line) {
        try {
            JsonNode node = JSON.readTree(line);
            return node != null && node.isObject() ? node : null;
        } catch (IOException e) {
            return null; // whoever asked says which line that is
        }
    }

    /** The text in a line that holds a JSON string; empty when it holds something else. */
    static String text(String line) {
        try {
            JsonNode node = JSON.readTree(line);
            return node != null && node.isTextual() ? node.asText() : "";
        } catch (JacksonException e) {
            return ""; // a line that was cut short
        }
    }

    /** The subject in an object of that form, made fit to print. */
    static AuditSubject subject(JsonNode node) {
        var serials = new ArrayList<String>();
        node.path("serials").forEach(serial -> serials.add(Names.printable(serial.asText())));
        return new AuditSubject(text(node, "subject"), text(node, "what"), serials, text(node, "detail"));
    }

    /** The entry in a line, made fit to print, or null when it is none. */
    static @Nullable AuditEntry entry(JsonNode line) {
        try {
            var subjects = new ArrayList<AuditSubject>();
            line.path("subjects").forEach(subject -> subjects.add(subject(subject)));
            return new AuditEntry(
                    line.path("number").asLong(),
                    Instant.parse(line.path("at").asText()),
                    text(line, "operation"),
                    text(line, "user"),
                    line.path("interrupted").asBoolean(),
                    List.copyOf(subjects));
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static String text(JsonNode node, String key) {
        return Names.printable(node.path(key).asText(), 300);
    }
}
