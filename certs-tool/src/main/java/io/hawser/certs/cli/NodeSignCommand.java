package io.hawser.certs.cli;

import io.hawser.certs.CertsException;
import io.hawser.certs.Change;
import io.hawser.certs.CsrReview;
import io.hawser.certs.LifeSpan;
import io.hawser.certs.NodeCertificate;
import io.hawser.certs.NodeName;
import io.hawser.certs.OrgStore;
import io.hawser.certs.SignRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code node sign}. */
@Command(
        name = "sign",
        description = {
            "Sign the request that a node made with 'node request', openssl or keytool.",
            "What would widen the certificate is refused; what the CA decides anyway is ignored."
        },
        footer = {
            "",
            "Examples:",
            "  certs-tool node sign a.csr --expect a@a.orga.test --pass prompt",
            "  certs-tool node sign a.csr --explain --dry-run --pass prompt"
        })
final class NodeSignCommand extends Verb {
    @Parameters(paramLabel = "FILE", description = "The request, as PEM or DER; - is standard input.")
    private String file = "";

    @Option(names = "--expect", paramLabel = "NODE", description = "Refuse the request unless it is for this node.")
    private @Nullable String expect;

    @Option(names = "--explain", description = "Print every field of the request: taken, ignored or refused, and why.")
    private boolean explain;

    @Option(
            names = "--life",
            paramLabel = "LIFE",
            description = "How long the certificate lasts (default: the policy's node_life, 90d).")
    private @Nullable String life;

    @Option(
            names = "--new-generation",
            description = "Where the node has a certificate for another key, issue a further one instead of refusing.")
    private boolean newGeneration;

    @Option(names = "--shared-host", description = "Let nodes share a host. Erlang nodes cannot tell such nodes apart.")
    private boolean sharedHost;

    @Option(names = "--reinstate", description = "Sign also when the node's certificate before is revoked.")
    private boolean reinstate;

    @Mixin
    private final PassphraseOption pass = new PassphraseOption();

    @Override
    Outcome run(CertsTool tool) {
        var secrets = pass.secrets(tool);
        OrgStore store = store(tool);
        boolean standardInput = file.equals("-");
        var request = new SignRequest(
                standardInput ? "standard input" : file,
                Input.any(tool, file),
                expect == null ? null : NodeName.parse(expect),
                life == null ? null : LifeSpan.parse(life),
                newGeneration,
                sharedHost,
                reinstate);
        CsrReview review = store.review(request);
        Map<String, Object> result =
                object("node", review.node().map(NodeName::toString).orElse(""), "fields", fields(review));
        var text = new ArrayList<String>();
        if (explain) {
            text.addAll(table(review));
        }
        Optional<CertsException> refusal = review.refusal(request.where());
        if (refusal.isPresent()) {
            return new Outcome(false, result, text, List.of(), refusal.get());
        }
        Change<NodeCertificate> change = store.sign(request, secrets);
        var words = new NodeText(store, tool.clock().instant());
        result.putAll(words.describe(change.value()));
        result.put("files", change.files());
        if (tool.dryRun()) {
            text.add(change.changed() ? "Would write:" : "Nothing to do");
            change.files().forEach(name -> text.add("  " + name));
        } else {
            text.addAll(words.table(List.of(change.value())));
            text.add(
                    change.changed()
                            ? "Send back " + change.value().directory().resolve("chain.pem")
                            : "The certificate is there already; nothing changed");
        }
        return new Outcome(change.changed(), result, text, change.notices());
    }

    private static List<Map<String, Object>> fields(CsrReview review) {
        return review.fields().stream()
                .map(field -> object(
                        "field",
                        field.name(),
                        "value",
                        field.value(),
                        "verdict",
                        field.verdict().name().toLowerCase(Locale.ROOT),
                        "why",
                        field.why()))
                .toList();
    }

    private static List<String> table(CsrReview review) {
        Table table = new Table().row("FIELD", "VALUE", "", "WHY");
        review.fields()
                .forEach(field -> table.row(
                        field.name(), field.value(), field.verdict().name().toLowerCase(Locale.ROOT), field.why()));
        return table.lines();
    }
}
