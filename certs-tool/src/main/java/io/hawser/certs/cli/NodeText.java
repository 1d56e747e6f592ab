package io.hawser.certs.cli;

import io.hawser.certs.NodeCertificate;
import io.hawser.certs.OrgPolicy;
import io.hawser.certs.OrgStore;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Puts nodes into tables and JSON, as they stand at one moment. */
final class NodeText {
    private final OrgPolicy policy;
    private final Predicate<NodeCertificate> revoked;
    private final Instant now;

    NodeText(OrgStore store, Instant now) {
        this.policy = store.config().policy();
        this.revoked = store.revokedNow();
        this.now = now;
    }

    List<String> table(List<NodeCertificate> nodes) {
        Table table = new Table().row("NODE", "GEN", "ENDS", "DAYS LEFT", "");
        for (NodeCertificate node : nodes) {
            table.row(
                    node.node(),
                    node.generation(),
                    node.notAfter(),
                    ChronoUnit.DAYS.between(now, node.notAfter()),
                    state(node));
        }
        return table.lines();
    }

    boolean isRevoked(NodeCertificate node) {
        return revoked.test(node);
    }

    private String state(NodeCertificate node) {
        if (revoked.test(node)) {
            return "revoked";
        }
        if (now.isAfter(node.notAfter())) {
            return "expired";
        }
        return now.isBefore(node.due(policy)) ? "" : "due";
    }

    Map<String, Object> describe(NodeCertificate node) {
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
                node.due(policy).toString(),
                "revoked",
                revoked.test(node),
                "fingerprint",
                node.fingerprint(),
                "directory",
                node.directory().toString());
    }
}
