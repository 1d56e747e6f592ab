package io.hawser.certs.cli;

import io.hawser.certs.NodeCertificate;
import io.hawser.certs.OrgConfig;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** Puts nodes into tables and JSON. */
final class NodeText {
    private NodeText() {}

    static List<String> table(List<NodeCertificate> nodes, Instant now) {
        Table table = new Table().row("NODE", "GEN", "ENDS", "DAYS LEFT");
        for (NodeCertificate node : nodes) {
            table.row(node.node(), node.generation(), node.notAfter(), ChronoUnit.DAYS.between(now, node.notAfter()));
        }
        return table.lines();
    }

    static Map<String, Object> describe(NodeCertificate node, OrgConfig config, Instant now) {
        return Verb.object(
                "node",
                node.node().toString(),
                "uri",
                node.uri(),
                "generation",
                node.generation(),
                "serial",
                node.serial(),
                "notBefore",
                node.notBefore().toString(),
                "notAfter",
                node.notAfter().toString(),
                "daysLeft",
                ChronoUnit.DAYS.between(now, node.notAfter()),
                "due",
                node.due(config.policy()).toString(),
                "fingerprint",
                node.fingerprint(),
                "directory",
                node.directory().toString());
    }
}
