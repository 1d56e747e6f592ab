package io.hawser.certs;

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
     * @param org the name it is expected to have
     * @param bundle its bundle's file; a relative path is taken from the manifest's directory
     * @param fingerprint of its root, or null when the manifest gives none
     * @param domain the domain it is expected to have, or null for the one it says
     * @param allow those of its nodes that are accepted; empty for all on its roster
     */
    public record Partner(
            String org,
            Path bundle,
            @Nullable String fingerprint,
            @Nullable String domain,
            List<NodeName> allow) {
        /**
         * Copies the names.
         *
         * @param org the name it is expected to have
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
     * @throws CertsException if it is no manifest, holds what is not known, or names another organisation or domain
     *     ({@code FILE_INVALID})
     */
    public static Manifest read(Path file, OrgConfig config) {
        YamlMap yaml = YamlMap.read(file, "org", "domain", "policy", "nodes", "partners");
        requireSame(yaml, "org", config.org());
        requireSame(yaml, "domain", config.namespace().domain());
        config.requireSamePolicy(yaml);
        List<NodeName> nodes =
                yaml.textsOrNone("nodes").stream().map(NodeName::parse).toList();
        var partners = new ArrayList<Partner>();
        for (String org : yaml.names("partners")) {
            YamlMap partner = yaml.entry("partners", org, "bundle", "fingerprint", "namespace", "allow");
            partners.add(new Partner(
                    org,
                    FileWriter.parent(file).resolve(partner.text("bundle")),
                    partner.textOrNull("fingerprint"),
                    partner.textOrNull("namespace"),
                    partner.textsOrNone("allow").stream().map(NodeName::parse).toList()));
        }
        return new Manifest(nodes, partners);
    }

    private static void requireSame(YamlMap yaml, String key, String expected) {
        String found = yaml.textOrNull(key);
        if (found != null && !found.equals(expected)) {
            throw yaml.invalid(key + " is " + Names.printable(found) + " (expected: " + expected + ")");
        }
    }
}
