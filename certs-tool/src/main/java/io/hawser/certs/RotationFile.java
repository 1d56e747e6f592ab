package io.hawser.certs;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code state/rotation.json}. Writing it is what moves a rotation from one phase to the next; all else follows from it, and
 * is done again when it was not finished.
 *
 * @param file where it is
 */
record RotationFile(Path file) {
    private static final String SCHEMA = "certs-tool/rotation-1";
    private static final int MAX_BYTES = 4 << 20;

    /** The one under way or the last; empty when there was none. */
    Optional<Rotation> read() {
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            if (Files.size(file) > MAX_BYTES) {
                throw invalid("larger than " + MAX_BYTES + " bytes");
            }
            return Optional.of(rotation(new ObjectMapper().readTree(Files.readAllBytes(file))));
        } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
            throw invalid("is not what 'certs-tool rotate' writes");
        } catch (IOException e) {
            throw CertsException.io("reading", file, e);
        }
    }

    void write(Rotation rotation, FileWriter writer) {
        Map<String, Object> content = Json.object("schema", SCHEMA);
        content.putAll(rotation.describe());
        writer.directories(FileWriter.parent(file));
        writer.openIfChanged(file, Json.file(content));
    }

    private Rotation rotation(JsonNode json) {
        if (!json.path("schema").asText().equals(SCHEMA)) {
            throw invalid("is not of the schema " + SCHEMA);
        }
        var nodes = new HashMap<NodeName, Integer>();
        json.path("nodes")
                .properties()
                .forEach(entry -> nodes.put(
                        NodeName.parse(entry.getKey()), entry.getValue().asInt()));
        return new Rotation(
                RotationKind.of(json.path("kind").asText())
                        .orElseThrow(() -> invalid("is of a kind that is not known")),
                RotationPhase.of(json.path("phase").asText())
                        .orElseThrow(() -> invalid("is in a phase that is not known")),
                Instant.parse(json.path("begun").asText()),
                Instant.parse(json.path("since").asText()),
                names(json.path("old")),
                names(json.path("new")),
                nodes,
                texts(json.path("leftOut")).stream().map(NodeName::parse).toList(),
                json.path("offlineRoot").asText());
    }

    private static List<String> texts(JsonNode list) {
        var texts = new ArrayList<String>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    /** They become paths. */
    private List<String> names(JsonNode list) {
        List<String> names = texts(list);
        if (!names.stream().allMatch(name -> name.matches("(root|issuing)-[0-9]{1,9}"))) {
            throw invalid("names a CA that is none");
        }
        return names;
    }

    private CertsException invalid(String why) {
        return new CertsException(ErrorCode.FILE_INVALID, file + ": " + why)
                .hint("Restore it from a backup; it says which CA issues at present")
                .about(file);
    }
}
