package io.hawser.certs.cli;

import io.hawser.certs.CertsException;
import io.hawser.certs.Change;
import io.hawser.certs.ErrorCode;
import io.hawser.certs.NodeCertificate;
import io.hawser.certs.NodeName;
import io.hawser.certs.OrgStore;
import io.hawser.certs.RevocationReason;
import io.hawser.certs.RevokeRequest;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code revoke}. */
@Command(
        name = "revoke",
        description = {
            "Revoke all live certificates of a node, one generation, or one serial number:",
            "a new CRL, and a roster without the node. Export again, so that nodes learn of it."
        },
        footer = {
            "",
            "Examples:",
            "  certs-tool revoke a@a.orga.test --reason keyCompromise --pass prompt",
            "  certs-tool revoke a@a.orga.test --generation 1 --reason superseded --pass prompt",
            "  certs-tool revoke --serial 5f3c9a --pass prompt"
        })
final class RevokeCommand extends Verb {
    @Parameters(arity = "0..1", paramLabel = "NODE", description = "The node's name.")
    private @Nullable String name;

    @Option(names = "--serial", paramLabel = "HEX", description = "The number of one certificate.")
    private @Nullable String serial;

    @Option(
            names = "--generation",
            paramLabel = "N",
            description = "One of the node's certificates only, such as one that was replaced.")
    private @Nullable Integer generation;

    @Option(names = "--all", description = "All live certificates of the node; so it is anyway.")
    @SuppressWarnings("unused") // says what happens without it
    private boolean all;

    @Option(
            names = "--reason",
            paramLabel = "REASON",
            defaultValue = "unspecified",
            description = "unspecified (default), keyCompromise, affiliationChanged, superseded,"
                    + " cessationOfOperation or privilegeWithdrawn.")
    private String reason = "unspecified";

    @Mixin
    private final PassphraseOption pass = new PassphraseOption();

    @Override
    Outcome run(CertsTool tool) {
        var secrets = pass.secrets(tool);
        if ((name == null) == (serial == null)) {
            throw new CertsException(ErrorCode.USAGE, "name a node, or one certificate with --serial");
        }
        if (generation != null && name == null) {
            throw new CertsException(ErrorCode.USAGE, "--generation needs a node");
        }
        RevocationReason why = RevocationReason.parse(reason);
        OrgStore store = store(tool);
        var request = new RevokeRequest(
                name == null ? null : NodeName.parse(name), generation, serial == null ? null : number(serial), why);
        Change<List<NodeCertificate>> change = store.revoke(request, secrets);
        List<Map<String, Object>> revoked = change.value().stream()
                .map(node -> object(
                        "node",
                        node.node().toString(),
                        "generation",
                        node.generation(),
                        "serial",
                        node.serial(),
                        "notAfter",
                        node.notAfter().toString()))
                .toList();
        var text = new ArrayList<String>();
        if (!change.changed()) {
            text.add("Revoked already; nothing changed");
        } else {
            for (NodeCertificate node : change.value()) {
                text.add((tool.dryRun() ? "Would revoke " : "Revoked ") + node.node() + " generation "
                        + node.generation() + ", serial " + node.serial());
            }
            text.add("Export to the other nodes again (or copy crl.pem and the roster): they check at every handshake");
        }
        return new Outcome(
                change.changed(),
                object("revoked", revoked, "reason", why.label(), "files", change.files()),
                text,
                change.notices());
    }

    private static BigInteger number(String hex) {
        String digits = hex.replace(":", "");
        if (!digits.matches("[0-9A-Fa-f]{1,40}")) {
            throw new CertsException(ErrorCode.USAGE, "--serial is not a hexadecimal number of at most 40 digits");
        }
        return new BigInteger(digits, 16);
    }
}
