package io.hawser.certs;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The nodes that a manifest asks for. Immutable, thread-safe.
 *
 * @param nodes their names, in the order of the file
 */
public record Manifest(List<NodeName> nodes) {
    /**
     * Copies the names.
     *
     * @param nodes their names, in the order of the file
     */
    public Manifest {
        nodes = List.copyOf(nodes);
    }

    /**
     * Reads a YAML manifest and checks that it is about this organisation.
     *
     * @param file the manifest, at most 1 MiB
     * @param config the organisation
     * @return the nodes it names
     * @throws CertsException if it is no manifest or names another organisation or domain ({@code FILE_INVALID})
     */
    public static Manifest read(Path file, OrgConfig config) {
        JsonNode yaml = OrgConfig.readYaml(file);
        requireSame(file, yaml, "org", config.org());
        requireSame(file, yaml, "domain", config.namespace().domain());
        var nodes = new ArrayList<NodeName>();
        for (JsonNode node : yaml.path("nodes")) {
            nodes.add(NodeName.parse(node.asText()));
        }
        return new Manifest(nodes);
    }

    private static void requireSame(Path file, JsonNode yaml, String key, String expected) {
        String found = yaml.path(key).asText(expected);
        if (!found.equals(expected)) {
            throw new CertsException(
                            ErrorCode.FILE_INVALID,
                            file + ": " + key + " is " + Names.printable(found) + " (expected: " + expected + ")")
                    .about(file);
        }
    }
}
