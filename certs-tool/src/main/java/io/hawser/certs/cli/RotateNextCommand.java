package io.hawser.certs.cli;

import io.hawser.certs.CertsException;
import io.hawser.certs.Change;
import io.hawser.certs.ErrorCode;
import io.hawser.certs.LifeSpan;
import io.hawser.certs.NodeName;
import io.hawser.certs.Proof;
import io.hawser.certs.Rotation;
import io.hawser.certs.RotationAdvance;
import io.hawser.certs.RotationResult;
import io.hawser.certs.Rotator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rotate next}. */
@Command(
        name = "next",
        description = {
            "Go on to the next phase. Where nodes must have followed first, each on the roster is dialled;",
            "when one has not, nothing changes, the stragglers are listed, and the exit code is 5."
        },
        footer = {
            "",
            "Examples:",
            "  certs-tool rotate next --pass prompt",
            "  certs-tool rotate next --wait 5m --pass file:ca.pass",
            "  certs-tool rotate next --leave-out-dead-node c@c.orga.test --pass prompt"
        })
final class RotateNextCommand extends Verb {
    @Option(
            names = "--wait",
            paramLabel = "TIME",
            description =
                    "Ask nodes that have not followed again, as long as this time is not over (default: ask once).")
    private @Nullable String wait;

    @Option(
            names = "--leave-out-dead-node",
            paramLabel = "NODE",
            description = "This node is down for good: do not wait for it, in all phases to come. If it answers after"
                    + " all, it must follow like the others.")
    private List<String> dead = new ArrayList<>();

    @Option(names = "--offline-root", paramLabel = "DIR", description = "Where the root's key.pem is.")
    private @Nullable Path offlineRoot;

    @Mixin
    private final DialOptions dial = new DialOptions();

    @Mixin
    private final PassphraseOption pass = new PassphraseOption();

    @Override
    Outcome run(CertsTool tool) {
        var secrets = pass.secrets(tool);
        var asked = new AtomicInteger();
        var advance = new RotationAdvance(
                dial.addresses(),
                dial.epmdPort(tool),
                dial.timeout(),
                wait == null ? Duration.ZERO : LifeSpan.parse(wait),
                dead.stream().map(NodeName::parse).toList(),
                offlineRoot,
                proof -> report(tool, proof, asked.incrementAndGet()));
        Change<RotationResult> change = new Rotator(store(tool)).next(advance, secrets);
        RotationResult result = change.value();
        var text = new ArrayList<String>();
        if (!result.proofs().isEmpty()) {
            Table table = new Table().row("NODE", "ATTEMPT", "", "WHAT HAPPENED");
            List<Proof> shown = result.stragglers().isEmpty() ? result.proofs() : result.stragglers();
            shown.forEach(
                    proof -> table.row(proof.to(), proof.attempt(), proof.passed() ? "pass" : "FAIL", proof.detail()));
            text.addAll(table.lines());
        }
        if (result.stragglers().isEmpty()) {
            text.addAll(result.rotation().map(RotationText::status).orElseGet(RotationText::none));
        }
        Map<String, Object> json = object(
                "rotation",
                RotationText.describe(result.rotation()),
                "proofs",
                result.proofs().stream().map(ProveCommand::describe).toList(),
                "stragglers",
                result.stragglers().stream()
                        .map(proof -> proof.to().toString())
                        .distinct()
                        .toList(),
                "requests",
                result.requests().stream().map(Path::toString).toList(),
                "files",
                change.files());
        return new Outcome(change.changed(), json, text, change.notices(), failure(result));
    }

    /** The stragglers as they are met, and all others now and then. */
    private static void report(CertsTool tool, Proof proof, int asked) {
        if (!proof.passed()) {
            tool.progress("waiting for " + proof.to() + ": " + proof.detail());
        } else if (asked % 50 == 0) {
            tool.progress(asked + " nodes asked");
        }
    }

    private static @Nullable CertsException failure(RotationResult result) {
        List<Proof> stragglers = result.stragglers();
        if (stragglers.isEmpty()) {
            return result.requests().isEmpty() ? null : unsigned(result);
        }
        Rotation rotation = result.rotation().orElseThrow();
        Proof first = stragglers.get(0);
        long nodes = stragglers.stream().map(Proof::to).distinct().count();
        return new CertsException(
                        ErrorCode.ROTATION_WAITING,
                        "the phase " + rotation.phase().label() + " waits for "
                                + (nodes == 1 ? "1 node" : nodes + " nodes") + ", first " + first.to() + ": "
                                + first.detail())
                .hint(RotationText.mend(rotation, first.to()))
                .about(first.to());
    }

    private static CertsException unsigned(RotationResult result) {
        Path request = result.requests().get(0);
        return new CertsException(
                        ErrorCode.ROTATION_WAITING,
                        "the phase " + result.rotation().orElseThrow().phase().label()
                                + " waits for the root, which must revoke the old issuing CA: " + request)
                .hint("On the root's machine: certs-tool ca sign " + request.getFileName()
                        + " --out answer.json --offline-root DIR; here: certs-tool ca install answer.json; then"
                        + " 'certs-tool rotate next' again, or now with --offline-root DIR")
                .about(request);
    }
}
