package io.hawser.certs.cli;

import io.hawser.certs.AuditEntry;
import io.hawser.certs.AuditLog;
import io.hawser.certs.AuditReport;
import io.hawser.certs.AuditSubject;
import io.hawser.certs.CertsException;
import io.hawser.certs.ErrorCode;
import io.hawser.certs.LifeSpan;
import io.hawser.certs.OrgStore;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code audit log} and {@code audit verify}. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Show what was changed, when and by whom, or check that this log is whole.",
        subcommands = {AuditCommands.Log.class, AuditCommands.Verify.class},
        footer = {"", "Example:", "  certs-tool audit log --since 30d"})
final class AuditCommands {
    private AuditCommands() {}

    /** {@code audit log}. */
    @Command(
            name = "log",
            description = "Show the changes of this organisation's directory, and its exports, oldest first.",
            footer = {
                "",
                "Examples:",
                "  certs-tool audit log --since 30d",
                "  certs-tool audit log --node a@a.orga.test -o json"
            })
    static final class Log extends Verb {
        private static final int SHOWN = 4;

        @Option(
                names = "--since",
                paramLabel = "TIME",
                description = "Changes from this time on: 2026-01-31T12:00:00Z, or 30d for the last 30 days.")
        private @Nullable String since;

        @Option(
                names = "--node",
                paramLabel = "NODE",
                description = "Changes of this node, CA, partner or serial number.")
        private @Nullable String node;

        @Override
        Outcome run(CertsTool tool) {
            OrgStore store = store(tool);
            store.config();
            List<AuditEntry> entries =
                    new AuditLog(store).entries(since(tool.clock().instant()), node);
            Table table = new Table().row("NUMBER", "TIME", "BY", "OPERATION", "WHAT");
            entries.forEach(entry -> table.row(
                    entry.number(),
                    entry.at().truncatedTo(ChronoUnit.SECONDS),
                    entry.user(),
                    entry.operation() + (entry.interrupted() ? " (interrupted)" : ""),
                    what(entry)));
            return new Outcome(
                    false,
                    object("entries", entries.stream().map(Log::describe).toList()),
                    entries.isEmpty() ? List.of("No changes") : table.lines(),
                    List.of());
        }

        private @Nullable Instant since(Instant now) {
            if (since == null) {
                return null;
            }
            if (!since.contains("T")) {
                return now.minus(LifeSpan.parse(since));
            }
            try {
                return Instant.parse(since);
            } catch (DateTimeParseException e) {
                throw new CertsException(ErrorCode.USAGE, "--since is not a time", e)
                        .hint("Write it like 2026-01-31T12:00:00Z, or 30d");
            }
        }

        private static String what(AuditEntry entry) {
            var words = new ArrayList<String>();
            entry.subjects().stream().limit(SHOWN).forEach(subject -> words.add(describe(subject)));
            int more = entry.subjects().size() - words.size();
            return String.join(", ", words) + (more > 0 ? " and " + more + " more" : "");
        }

        private static String describe(AuditSubject subject) {
            return switch (subject.what()) {
                case "file" -> subject.subject();
                case "export" -> subject.subject() + " " + subject.detail();
                default -> subject.subject() + " " + subject.what() + revoked(subject);
            };
        }

        private static String revoked(AuditSubject subject) {
            boolean revokes = subject.what().equals("crl") && !subject.serials().isEmpty();
            return revokes ? " (revokes " + subject.serials().size() + ")" : "";
        }

        private static Map<String, Object> describe(AuditEntry entry) {
            return object(
                    "number",
                    entry.number(),
                    "at",
                    entry.at().toString(),
                    "operation",
                    entry.operation(),
                    "user",
                    entry.user(),
                    "interrupted",
                    entry.interrupted(),
                    "subjects",
                    entry.subjects().stream()
                            .map(subject -> object(
                                    "subject", subject.subject(),
                                    "what", subject.what(),
                                    "serials", subject.serials(),
                                    "detail", subject.detail()))
                            .toList());
        }
    }

    /** {@code audit verify}. */
    @Command(
            name = "verify",
            description = {
                "Check the log for lines that were changed, removed, moved or cut off; exit 4 when there",
                "are. Who can write the whole directory can also write another log: keep the head that",
                "this prints somewhere else, and give it with --head the next time."
            },
            footer = {
                "",
                "Examples:",
                "  certs-tool audit verify",
                "  certs-tool audit verify --head \"$(cat head.txt)\""
            })
    static final class Verify extends Verb {
        @Option(
                names = "--head",
                paramLabel = "NUMBER:HASH",
                description = "What an earlier check printed: that entry must still be there, unchanged.")
        private @Nullable String head;

        @Override
        Outcome run(CertsTool tool) {
            OrgStore store = store(tool);
            store.config();
            AuditReport report = new AuditLog(store).verify(head);
            var text = new ArrayList<>(report.findings());
            report.notes().forEach(note -> text.add("note: " + note));
            text.add(report.entries() + " entries, head " + report.head());
            CertsException failure = report.findings().isEmpty()
                    ? null
                    : new CertsException(
                                    ErrorCode.VERIFICATION_FAILED,
                                    "the log is not whole: " + report.findings().get(0))
                            .hint("Compare with a backup of log/events.jsonl; the certificates themselves say what"
                                    + " is in force")
                            .about("log/events.jsonl");
            return new Outcome(
                    false,
                    object(
                            "entries",
                            report.entries(),
                            "head",
                            report.head(),
                            "findings",
                            report.findings(),
                            "notes",
                            report.notes()),
                    text,
                    List.of(),
                    failure);
        }
    }
}
