package io.hawser.certs.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hawser.certs.CertsException;
import io.hawser.certs.ErrorCode;
import io.hawser.certs.NodeName;
import io.hawser.certs.Proof;
import io.hawser.certs.ProveRequest;
import io.hawser.certs.Prover;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code prove}. */
@Command(
        name = "prove",
        description = {
            "Dial running nodes over mutual TLS and see that they let each other in: nodes of this",
            "organisation or of partners, Java or Erlang, found through the EPMD of their host. With",
            "--negative, see that they refuse everybody else. Exit 4 when one does not."
        },
        footer = {
            "",
            "Examples:",
            "  certs-tool prove --to b@b.orga.test",
            "  certs-tool prove --from a@a.orga.test --to all --negative --pass prompt",
            "  certs-tool prove --to b@b.orga.test --at b@b.orga.test=10.0.0.7:9100"
        })
final class ProveCommand extends Verb {
    @Option(
            names = "--from",
            paramLabel = "NODE",
            description = "Dial as this node (default: any other whose key is here).")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "NODE|all", description = "Dial this node; may be repeated (default: all).")
    private List<String> to = new ArrayList<>();

    @Option(
            names = "--negative",
            description = "Also try no certificate, TLS 1.2, a throw-away CA, a name that is not in the certificate"
                    + " and, where the issuing CA's key can be opened, a node that is not listed.")
    private boolean negative;

    @Mixin
    private final DialOptions dial = new DialOptions();

    @Option(names = "--json-report", paramLabel = "FILE", description = "Also write the proofs to a new file.")
    private @Nullable Path report;

    @Mixin
    private final PassphraseOption pass = new PassphraseOption();

    @Override
    Outcome run(CertsTool tool) {
        var secrets = pass.secrets(tool);
        boolean all = to.isEmpty() || to.contains("all");
        var request = new ProveRequest(
                from == null ? null : NodeName.parse(from),
                all ? List.of() : to.stream().map(NodeName::parse).toList(),
                negative,
                dial.addresses(),
                dial.epmdPort(tool),
                dial.timeout());
        List<Proof> proofs = new Prover(store(tool), request).run(secrets);
        List<Map<String, Object>> described =
                proofs.stream().map(ProveCommand::describe).toList();
        if (report != null && !tool.dryRun()) {
            write(report, described);
        }
        long failed = proofs.stream().filter(proof -> !proof.passed()).count();
        Table table = new Table().row("FROM", "TO", "ATTEMPT", "", "WHAT HAPPENED");
        proofs.forEach(proof ->
                table.row(proof.from(), proof.to(), proof.attempt(), proof.passed() ? "pass" : "FAIL", proof.detail()));
        var text = new ArrayList<>(table.lines());
        text.add(proofs.size() + " attempts, " + failed + " not as they should be");
        return new Outcome(
                false, object("proofs", described, "failed", failed), text, List.of(), failure(proofs, failed));
    }

    private static @Nullable CertsException failure(List<Proof> proofs, long failed) {
        if (failed == 0) {
            return null;
        }
        Proof first =
                proofs.stream().filter(proof -> !proof.passed()).findFirst().orElseThrow();
        return new CertsException(
                        ErrorCode.PROOF_FAILED,
                        first.to() + ": "
                                + (first.wanted() ? "did not let in " + first.from() : "let in " + first.attempt())
                                + ": " + first.detail())
                .hint(
                        first.wanted()
                                ? "See that the node runs with its latest export; 'certs-tool status' checks the rest"
                                : "The node must refuse this: see which configuration it runs with")
                .about(first.to());
    }

    private static void write(Path file, List<Map<String, Object>> proofs) {
        try {
            Files.writeString(
                    file,
                    new ObjectMapper()
                                    .writerWithDefaultPrettyPrinter()
                                    .writeValueAsString(object("schema", "certs-tool/proofs-1", "proofs", proofs))
                            + "\n",
                    java.nio.file.StandardOpenOption.CREATE_NEW);
        } catch (JacksonException e) {
            throw new IllegalStateException("plain values cannot be written as JSON", e);
        } catch (IOException e) {
            throw new CertsException(ErrorCode.IO, "writing " + file + " failed; is it there already?", e).about(file);
        }
    }

    static Map<String, Object> describe(Proof proof) {
        return object(
                "from",
                proof.from(),
                "to",
                proof.to().toString(),
                "attempt",
                proof.attempt(),
                "wanted",
                proof.wanted() ? "accepted" : "refused",
                "passed",
                proof.passed(),
                "detail",
                proof.detail());
    }
}
