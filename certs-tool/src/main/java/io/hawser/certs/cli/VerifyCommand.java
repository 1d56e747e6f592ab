package io.hawser.certs.cli;

import io.hawser.certs.CertsException;
import io.hawser.certs.ErrorCode;
import io.hawser.certs.Judge;
import io.hawser.certs.NodeCertificate;
import io.hawser.certs.NodeName;
import io.hawser.certs.OrgStore;
import io.hawser.certs.Verdict;
import io.hawser.certs.Verifier;
import io.hawser.certs.VerifyRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verify}. */
@Command(
        name = "verify",
        description = {
            "Say what each runtime makes of certificates, without a connection: the JDK and Bouncy",
            "Castle by themselves, OTP and OpenSSL by rules that were measured on them. Exit 4 when",
            "one refuses. Without NODE or FILE, all nodes are judged but those that are revoked."
        },
        footer = {
            "",
            "Examples:",
            "  certs-tool verify",
            "  certs-tool verify a@a.orga.test --as otp25,openssl --live",
            "  certs-tool verify a@a.orga.test --against orgb",
            "  certs-tool verify chain.pem --trust root.pem --host a.orga.test"
        })
final class VerifyCommand extends Verb {
    @Parameters(
            arity = "0..*",
            paramLabel = "NODE|FILE",
            description = "Names of nodes, or files with a chain, the certificate first; - is standard input.")
    private List<String> subjects = List.of();

    @Option(
            names = "--as",
            paramLabel = "RUNTIME",
            split = ",",
            description = "otp25, otp27, jdk17, openssl, bc (default: all).")
    private List<String> judges = List.of();

    @Option(
            names = "--against",
            paramLabel = "ORG",
            description = "Nodes as the nodes of this partner see them; files as of this partner, within its fence.")
    private @Nullable String against;

    @Option(names = "--host", paramLabel = "HOST", description = "The host that is dialled (default: as in the file).")
    private @Nullable String host;

    @Option(names = "--trust", paramLabel = "FILE", description = "Judge files by these roots instead; without CRLs.")
    private @Nullable Path trust;

    @Option(names = "--live", description = "Ask OpenSSL, and Erlang for path and names, where they are installed.")
    private boolean live;

    @Override
    Outcome run(CertsTool tool) {
        OrgStore store = store(tool);
        var revoked = new ArrayList<NodeName>();
        List<Verdict> verdicts = new Verifier(store, request(tool, store, revoked)).run();
        List<Verdict> refused =
                verdicts.stream().filter(verdict -> !verdict.accepted()).toList();
        Table table = new Table().row("WHAT", "RUNTIME", "VERDICT", "BECAUSE");
        verdicts.forEach(verdict -> table.row(
                verdict.subject(),
                verdict.judge().label() + (verdict.live() ? "" : " (rules)"),
                verdict.accepted() ? "accepts" : "refuses",
                verdict.reason()));
        var text = new ArrayList<>(table.lines());
        var hints = new LinkedHashSet<String>();
        verdicts.stream().map(Verdict::hint).filter(hint -> !hint.isEmpty()).forEach(hints::add);
        hints.forEach(hint -> text.add("Next: " + hint));
        if (!revoked.isEmpty()) {
            text.add("Revoked, and left out: "
                    + revoked.stream().map(NodeName::toString).collect(Collectors.joining(", ")));
        }
        return new Outcome(
                false,
                object(
                        "verdicts",
                        verdicts.stream().map(VerifyCommand::describe).toList(),
                        "revoked",
                        revoked.stream().map(NodeName::toString).toList()),
                text,
                List.of(),
                refused.isEmpty() ? null : failure(verdicts.size(), refused));
    }

    private static CertsException failure(int all, List<Verdict> refused) {
        Verdict first = refused.get(0);
        return new CertsException(
                        ErrorCode.VERIFICATION_FAILED,
                        refused.size() + " of " + all + " verdicts refuse: " + first.subject() + ", "
                                + first.judge().label() + ", " + first.reason())
                .hint("Run: " + first.hint())
                .about(first.subject());
    }

    /** @param revoked takes the nodes that nobody asked for by name, and that every runtime shall refuse */
    private VerifyRequest request(CertsTool tool, OrgStore store, List<NodeName> revoked) {
        var nodes = new ArrayList<NodeName>();
        var files = new LinkedHashMap<String, byte[]>();
        for (String subject : subjects) {
            if (subject.indexOf('@') > 0 && !Files.exists(Path.of(subject))) {
                nodes.add(NodeName.parse(subject));
            } else {
                files.put(subject.equals("-") ? "standard input" : subject, Input.any(tool, subject));
            }
        }
        if (trust != null && (against != null || !nodes.isEmpty() || files.isEmpty())) {
            throw new CertsException(ErrorCode.USAGE, "--trust is for files, and not with --against")
                    .hint("Leave --trust away to judge by this organisation's roots");
        }
        if (trust == null) {
            store.config();
        }
        if (subjects.isEmpty()) {
            Predicate<NodeCertificate> out = store.revokedNow();
            store.nodes().forEach(node -> (out.test(node) ? revoked : nodes).add(node.node()));
        }
        return new VerifyRequest(
                nodes,
                files,
                (judges.isEmpty()
                        ? List.of(Judge.values())
                        : judges.stream().map(Judge::parse).distinct().toList()),
                against,
                host,
                trust == null ? Map.of() : Map.of(trust.toString(), Input.file(trust)),
                live);
    }

    private static Map<String, Object> describe(Verdict verdict) {
        return object(
                "subject", verdict.subject(),
                "runtime", verdict.judge().label(),
                "accepted", verdict.accepted(),
                "reason", verdict.reason(),
                "live", verdict.live(),
                "hint", verdict.hint());
    }
}
