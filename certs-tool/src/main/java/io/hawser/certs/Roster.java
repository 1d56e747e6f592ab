package io.hawser.certs;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which nodes an organisation has, in the forms that Java and Erlang nodes read. Immutable, thread-safe.
 *
 * @param config the organisation
 * @param nodes name and URI of each node, in order of name
 * @param denied the certificates that are revoked, by issuer and number
 */
record Roster(OrgConfig config, Map<NodeName, String> nodes, List<Map<String, Object>> denied) {
    /** Of the nodes whose current certificate is not revoked. */
    static Roster of(OrgConfig config, Collection<NodeCertificate> certificates, Revocations revocations) {
        var nodes = new TreeMap<NodeName, String>();
        for (NodeCertificate node : certificates) {
            if (!revocations.contains(node.certificate())) {
                nodes.put(node.node(), config.namespace().uri(node.node()));
            }
        }
        return new Roster(config, nodes, revocations.denied());
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
                denied));
    }

    /** The own nodes, then those of partners that are accepted, each with its organisation. */
    List<Map<String, Object>> entries(List<Partner> partners) {
        var entries = new ArrayList<>(entries());
        for (Partner partner : partners) {
            for (NodeName node : partner.nodes()) {
                entries.add(Json.object(
                        "node", node.toString(), "uri", partner.namespace().uri(node), "org", partner.org()));
            }
        }
        return entries;
    }

    byte[] toTerm() {
        return toTerm(List.of());
    }

    /** Erlang terms for {@code file:consult/1}: one URI each. */
    byte[] toTerm(List<Partner> partners) {
        var text = new StringBuilder("%% Nodes that may connect. Read at every handshake; written by certs-tool.\n");
        entries(partners)
                .forEach(entry -> text.append('"').append(entry.get("uri")).append("\".\n"));
        return Pem.ascii(text.toString());
    }
}
