package io.hawser.certs;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A mapping in a YAML file, read so that no mistake in it passes for something left out: a key that is not known, one that
 * is there twice, or a value of another form is refused, with its place. Immutable.
 *
 * @param file where it comes from
 * @param at its place in the file; empty for the whole of it
 * @param node what was read
 */
record YamlMap(Path file, String at, JsonNode node) {
    static YamlMap read(Path file, String... keys) {
        return of(file, OrgConfig.readYaml(file), keys);
    }

    /** A whole file, which may have no other keys. */
    static YamlMap of(Path file, JsonNode node, String... keys) {
        return new YamlMap(file, "", node).with(keys);
    }

    static ObjectMapper mapper() {
        return YAMLMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    private YamlMap with(String... keys) {
        requireMapping();
        List<String> known = List.of(keys);
        for (String key : keys()) {
            if (!known.contains(key)) {
                throw invalid(
                        "'" + Names.printable(key) + "' is not known (expected: " + String.join(", ", keys) + ")");
            }
        }
        return this;
    }

    private void requireMapping() {
        if (!node.isObject()) {
            throw invalid("is no mapping (expected: keys and values)");
        }
    }

    private List<String> keys() {
        var keys = new ArrayList<String>();
        node.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    boolean has(String key) {
        return node.has(key);
    }

    /** A value that must be there. */
    String text(String key) {
        require(key);
        JsonNode value = node.path(key);
        if (!value.isValueNode() || value.isNull()) {
            throw invalid("'" + key + "' is not one value");
        }
        return value.asText();
    }

    @Nullable
    String textOrNull(String key) {
        return has(key) ? text(key) : null;
    }

    /** A list that must be there; it may be empty. */
    List<String> texts(String key) {
        require(key);
        JsonNode list = node.path(key);
        if (!list.isArray()) {
            throw invalid("'" + key + "' is not a list (expected: [ ... ])");
        }
        var texts = new ArrayList<String>();
        for (JsonNode item : list) {
            if (!item.isValueNode() || item.isNull()) {
                throw invalid("'" + key + "' holds what is not one value");
            }
            texts.add(item.asText());
        }
        return texts;
    }

    List<String> textsOrNone(String key) {
        return has(key) ? texts(key) : List.of();
    }

    /** A mapping that must be there. */
    YamlMap map(String key, String... keys) {
        require(key);
        return below(key).with(keys);
    }

    /** The names in a mapping of names to mappings; none when it is not there. */
    List<String> names(String key) {
        if (!has(key)) {
            return List.of();
        }
        YamlMap below = below(key);
        below.requireMapping();
        return below.keys();
    }

    private YamlMap below(String key) {
        String place = Names.printable(key);
        return new YamlMap(file, at.isEmpty() ? place : at + "." + place, node.path(key));
    }

    YamlMap entry(String key, String name, String... keys) {
        return below(key).below(name).with(keys);
    }

    private void require(String key) {
        if (!has(key)) {
            throw invalid("'" + key + "' is missing");
        }
    }

    CertsException invalid(String why) {
        return new CertsException(ErrorCode.FILE_INVALID, file + ": " + (at.isEmpty() ? "" : at + ": ") + why)
                .about(file);
    }
}
