package io.hawser.certs;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which nodes an organisation has, in the forms that Java and Erlang nodes read. Immutable, thread-safe.
 *
 * @param config the organisation
 * @param nodes name and URI of each node, in order of name
 */
record Roster(OrgConfig config, Map<NodeName, String> nodes) {
    static Roster of(OrgConfig config, List<NodeCertificate> certificates) {
        var nodes = new TreeMap<NodeName, String>();
        certificates.forEach(node -> nodes.put(node.node(), config.namespace().uri(node.node())));
        return new Roster(config, nodes);
    }

    List<Map<String, Object>> entries() {
        return nodes.entrySet().stream()
                .map(entry -> Json.object("node", entry.getKey().toString(), "uri", entry.getValue()))
                .toList();
    }

    byte[] toJson() {
        return Json.file(Json.object(
                "schema",
                "certs-tool/roster-1",
                "org",
                config.org(),
                "trustDomain",
                config.namespace().trustDomain(),
                "nodes",
                entries(),
                "denied",
                List.of()));
    }

    /** Erlang terms for {@code file:consult/1}: one URI each. */
    byte[] toTerm() {
        var text = new StringBuilder("%% Nodes that may connect. Read at every handshake; written by certs-tool.\n");
        nodes.values().forEach(uri -> text.append('"').append(uri).append("\".\n"));
        return Pem.ascii(text.toString());
    }
}
