package io.hawser.certs.cli;

import io.hawser.certs.CertsException;
import io.hawser.certs.Change;
import io.hawser.certs.Concern;
import io.hawser.certs.ErrorCode;
import io.hawser.certs.LifeSpan;
import io.hawser.certs.OrgStore;
import io.hawser.certs.StatusCheck;
import io.hawser.certs.StatusPage;
import io.hawser.certs.StatusReport;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code status}. */
@Command(
        name = "status",
        description = {
            "Say how the organisation stands: what ends when, and what needs doing. With --check the",
            "exit code is 5 when something does (4 when a chain is bad): for a timer or a monitor."
        },
        footer = {
            "",
            "Examples:",
            "  certs-tool status",
            "  certs-tool status --check --warn 14d -o json",
            "  certs-tool status --html status.html"
        })
final class StatusCommand extends Verb {
    private static final int SHOWN = 50;

    @Option(names = "--check", description = "Exit 5 when something needs attention, 4 when something is bad.")
    private boolean check;

    @Option(
            names = "--warn",
            paramLabel = "TIME",
            description = "How long before its end a certificate needs attention (default: 30d for CAs and partners;"
                    + " nodes when they are due for renewal).")
    private @Nullable String warn;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Also write the report as one page for a browser; it loads and runs nothing.")
    private @Nullable Path html;

    @Override
    Outcome run(CertsTool tool) {
        OrgStore store = store(tool);
        StatusReport report = new StatusCheck(store, warn == null ? null : LifeSpan.parse(warn)).run();
        Map<String, Object> result = result(report);
        boolean changed = false;
        if (html != null) {
            Change<Path> page = new StatusPage(store, report).write(html);
            result.put("files", page.files());
            changed = page.changed();
        }
        return new Outcome(changed, result, text(report), List.of(), check ? failure(report) : null);
    }

    private static @Nullable CertsException failure(StatusReport report) {
        if (report.concerns().isEmpty()) {
            return null;
        }
        boolean bad =
                report.concerns().stream().anyMatch(concern -> concern.code().equals("CHAIN_INVALID"));
        Concern first = report.concerns().get(0);
        return new CertsException(
                        bad ? ErrorCode.VERIFICATION_FAILED : ErrorCode.ATTENTION,
                        summary(report) + ": " + first.subject() + " " + first.message())
                .hint("Run: " + first.hint())
                .about(first.subject());
    }

    private static String summary(StatusReport report) {
        int count = report.concerns().size();
        return count == 0 ? "all is well" : count == 1 ? "1 thing needs attention" : count + " things need attention";
    }

    private static List<String> text(StatusReport report) {
        Instant now = report.at();
        var text = new ArrayList<String>();
        text.add(report.config().org() + ": " + summary(report));
        Table table = new Table()
                .row(
                        "Nodes",
                        report.nodes().size() + " (" + report.revokedNodes().size() + " revoked)")
                .row("Partners", report.partners().size());
        report.authorities()
                .forEach(authority -> table.row(
                        authority.name(),
                        "ends "
                                + day(authority.certificate().getNotAfter().toInstant(), now)
                                + ", its CRL "
                                + day(authority.crl().getNextUpdate().toInstant(), now)
                                + ", key " + authority.key()));
        report.partners()
                .forEach(partner -> table.row(
                        partner.org(),
                        "trusted until " + day(partner.trustEnds(), now) + ", its CRLs until "
                                + day(partner.crlsEnd(), now)));
        text.addAll(table.lines());
        if (report.concerns().isEmpty()) {
            return text;
        }
        text.add("");
        Table concerns = new Table().row("WHAT", "WHO", "WHEN", "DO");
        report.concerns().stream()
                .limit(SHOWN)
                .forEach(concern -> concerns.row(
                        concern.code(),
                        concern.subject(),
                        concern.until() == null ? "now" : day(concern.until(), now),
                        concern.hint()));
        text.addAll(concerns.lines());
        if (report.concerns().size() > SHOWN) {
            text.add("... and " + (report.concerns().size() - SHOWN) + " more; -o json lists them all");
        }
        return text;
    }

    private static String day(Instant end, Instant now) {
        return end.truncatedTo(ChronoUnit.SECONDS) + " (" + ChronoUnit.DAYS.between(now, end) + " days)";
    }

    private static Map<String, Object> result(StatusReport report) {
        Instant now = report.at();
        return object(
                "org",
                report.config().org(),
                "at",
                now.toString(),
                "attention",
                !report.concerns().isEmpty(),
                "nodes",
                report.nodes().size(),
                "revoked",
                report.revokedNodes().size(),
                "authorities",
                report.authorities().stream()
                        .map(authority -> object(
                                "name",
                                authority.name(),
                                "notAfter",
                                authority
                                        .certificate()
                                        .getNotAfter()
                                        .toInstant()
                                        .toString(),
                                "crlNextUpdate",
                                authority.crl().getNextUpdate().toInstant().toString(),
                                "key",
                                authority.key()))
                        .toList(),
                "partners",
                report.partners().stream()
                        .map(partner -> object(
                                "org",
                                partner.org(),
                                "trustEnds",
                                partner.trustEnds().toString(),
                                "crlsEnd",
                                partner.crlsEnd().toString(),
                                "sequence",
                                partner.sequence()))
                        .toList(),
                "concerns",
                report.concerns().stream().map(StatusCommand::describe).toList());
    }

    private static Map<String, Object> describe(Concern concern) {
        Map<String, Object> fields = object(
                "code",
                concern.code(),
                "subject",
                concern.subject(),
                "message",
                concern.message(),
                "hint",
                concern.hint());
        if (concern.until() != null) {
            fields.put("until", concern.until().toString());
        }
        return fields;
    }
}
