package io.hawser.certs;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The nodes and partners that a manifest asks for. Immutable, thread-safe.
 *
 * @param nodes their names, in the order of the file
 * @param partners the organisations to trust, in the order of the file
 */
public record Manifest(List<NodeName> nodes, List<Partner> partners) {
    /**
     * A partner that a manifest names.
     *
     * @param bundle its bundle's file; a relative path is taken from the manifest's directory
     * @param fingerprint of its root, or null when the manifest gives none
     * @param domain the domain it is expected to have, or null for the one it says
     * @param allow those of its nodes that are accepted; empty for all on its roster
     */
    public record Partner(
            Path bundle,
            @Nullable String fingerprint,
            @Nullable String domain,
            List<NodeName> allow) {
        /**
         * Copies the names.
         *
         * @param bundle its bundle's file; a relative path is taken from the manifest's directory
         * @param fingerprint of its root, or null when the manifest gives none
         * @param domain the domain it is expected to have, or null for the one it says
         * @param allow those of its nodes that are accepted; empty for all on its roster
         */
        public Partner {
            allow = List.copyOf(allow);
        }
    }

    /**
     * Copies both lists.
     *
     * @param nodes their names, in the order of the file
     * @param partners the organisations to trust, in the order of the file
     */
    public Manifest {
        nodes = List.copyOf(nodes);
        partners = List.copyOf(partners);
    }

    /**
     * Reads a YAML manifest and checks that it is about this organisation.
     *
     * @param file the manifest, at most 1 MiB
     * @param config the organisation
     * @return the nodes and partners it names
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
        var partners = new ArrayList<Partner>();
        for (JsonNode partner : yaml.path("partners")) {
            partners.add(new Partner(
                    FileWriter.parent(file).resolve(OrgConfig.text(partner, "bundle")),
                    partner.path("fingerprint").asText(null),
                    partner.path("namespace").asText(null),
                    PartnerPolicy.texts(partner.path("allow")).stream()
                            .map(NodeName::parse)
                            .toList()));
        }
        return new Manifest(nodes, partners);
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
