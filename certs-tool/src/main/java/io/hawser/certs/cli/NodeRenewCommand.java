package io.hawser.certs.cli;

import io.hawser.certs.CertsException;
import io.hawser.certs.Change;
import io.hawser.certs.ErrorCode;
import io.hawser.certs.LifeSpan;
import io.hawser.certs.NodeCertificate;
import io.hawser.certs.NodeName;
import io.hawser.certs.OrgStore;
import io.hawser.certs.RenewRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code node renew}. */
@Command(
        name = "renew",
        description = {
            "Give nodes that are due a further certificate: the same names, the same lifetime,",
            "a new key. Nodes that are not due keep what they have. Export again afterwards."
        },
        footer = {
            "",
            "Examples:",
            "  certs-tool node renew --due --pass file:ca.pass",
            "  certs-tool node renew a@a.orga.test --within 30d --pass prompt"
        })
final class NodeRenewCommand extends Verb {
    @Parameters(arity = "0..*", paramLabel = "NODE", description = "Names of nodes.")
    private List<String> names = List.of();

    @Option(names = "--due", description = "All nodes that are due.")
    private boolean due;

    @Option(
            names = "--within",
            paramLabel = "TIME",
            description = "Due is what ends within this time (default: by the policy's renew_at, two thirds of the"
                    + " lifetime).")
    private @Nullable String within;

    @Option(
            names = "--life",
            paramLabel = "LIFE",
            description = "How long the new certificates last (default: as long as the last were meant to).")
    private @Nullable String life;

    @Option(names = "--reuse-key", description = "Keep the nodes' keys.")
    private boolean reuseKey;

    @Mixin
    private final PassphraseOption pass = new PassphraseOption();

    @Override
    Outcome run(CertsTool tool) {
        var secrets = pass.secrets(tool);
        if (due == !names.isEmpty()) {
            throw new CertsException(ErrorCode.USAGE, "name nodes, or say --due for all that are due");
        }
        OrgStore store = store(tool);
        var request = new RenewRequest(
                names.stream().map(NodeName::parse).toList(),
                within == null ? null : LifeSpan.parse(within),
                life == null ? null : LifeSpan.parse(life),
                reuseKey);
        Change<List<NodeCertificate>> change = store.renew(request, secrets);
        var words = new NodeText(store, tool.clock().instant());
        Map<String, Object> result = object(
                "nodes",
                change.value().stream().map(node -> words.describe(node)).toList(),
                "files",
                change.files());
        var text = new ArrayList<String>();
        if (tool.dryRun()) {
            text.add(change.changed() ? "Would write:" : "Nothing is due");
            change.files().forEach(file -> text.add("  " + file));
        } else if (change.changed()) {
            text.addAll(words.table(change.value()));
            text.add("Export the renewed nodes again: certs-tool export java|otp|pem NODE --to DIR");
        } else {
            text.add("Nothing is due; nothing changed");
        }
        return new Outcome(change.changed(), result, text, change.notices());
    }
}
