package io.hawser.certs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A report as one page for a browser: what needs doing with the command to type, what ends when, the nodes, the partners. The
 * page loads nothing and runs nothing. Not thread-safe; used by one caller at a time.
 */
public final class StatusPage {
    private static final int MAX_ROWS = 2000;
    private static final int MAX_LINES = 40;
    private static final Set<String> BAD = Set.of("CHAIN_INVALID", "STORE_UNFINISHED");

    private final OrgStore store;
    private final StatusReport report;
    private final Html html = new Html();

    /** Something with an end. */
    private record Line(String name, Instant begin, Instant end, boolean due) {}

    /**
     * The page of a report.
     *
     * @param store where the organisation is
     * @param report how it stands
     */
    public StatusPage(OrgStore store, StatusReport report) {
        this.store = store;
        this.report = report;
    }

    /**
     * Writes the page, unless the file has this content already.
     *
     * @param file is replaced when it is a page, too
     * @return the file, and what was written
     * @throws CertsException if the file is something else ({@code FILE_EXISTS})
     */
    public Change<Path> write(Path file) {
        if (Files.exists(file) && !isPage(file)) {
            throw new CertsException(ErrorCode.FILE_EXISTS, file + ": is there, and is no status page")
                    .hint("Choose another file; nothing else is overwritten")
                    .about(file);
        }
        var writer = new FileWriter(store.options().dryRun(), store.observer());
        writer.directories(FileWriter.parent(file));
        writer.openIfChanged(file, html().getBytes(StandardCharsets.UTF_8));
        return new Change<>(file, writer.written(), List.of());
    }

    private static boolean isPage(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(200), StandardCharsets.UTF_8).contains("content=\"certs-tool\"");
        } catch (IOException e) {
            throw CertsException.io("reading", file, e);
        }
    }

    /**
     * The page.
     *
     * @return HTML, to be encoded in UTF-8
     */
    public String html() {
        html.add("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta name=\"generator\" content=\"certs-tool\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                + "<meta http-equiv=\"Content-Security-Policy\""
                + " content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
        html.add("<title>%s: certificates</title>\n<style>\n", report.config().org());
        html.add(style()).add("</style>\n</head>\n<body>\n");
        header();
        todo();
        rotation();
        timeline();
        nodes();
        partners();
        html.add(
                "<footer>Written by certs-tool at <time>%s</time>; for later news run"
                        + " <code>certs-tool status --html FILE</code></footer>\n</body>\n</html>\n",
                time(report.at()));
        return html.toString();
    }

    private static String style() {
        try (InputStream in =
                Objects.requireNonNull(StatusPage.class.getResourceAsStream("status.css"), "status.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("the style sheet cannot be read", e);
        }
    }

    private void header() {
        int count = report.concerns().size();
        boolean bad = report.concerns().stream().anyMatch(this::isBad);
        html.add("<header>\n<h1>%s</h1>\n", report.config().org());
        html.add(
                "<span class=\"state " + (count == 0 ? "good" : bad ? "bad" : "soon") + "\">%s</span>\n",
                count == 0 ? "All is well" : count == 1 ? "1 thing to do" : count + " things to do");
        html.add(
                "<p>Certificates below %s, on %s</p>\n</header>\n",
                report.config().namespace().domain(), time(report.at()));
        html.add("<div class=\"figures\">\n");
        figure(report.nodes().size(), "nodes");
        figure(report.revokedNodes().size(), "revoked");
        figure(report.partners().size(), "partners");
        figure(nextEnd(), "until the next end");
        html.add("</div>\n");
    }

    private void figure(Object value, String what) {
        html.add("<div><b>%s</b><span>%s</span></div>\n", value, what);
    }

    private String nextEnd() {
        return lines().stream()
                .map(Line::end)
                .min(Comparator.naturalOrder())
                .map(this::left)
                .orElse("-");
    }

    private boolean isBad(Concern concern) {
        Instant until = concern.until();
        return BAD.contains(concern.code()) || (until != null && report.at().isAfter(until));
    }

    private void todo() {
        html.add("<section id=\"todo\">\n<h2>To do</h2>\n");
        if (report.concerns().isEmpty()) {
            html.add("<p class=\"quiet\">Nothing. Every chain is valid, and nothing ends soon.</p>\n</section>\n");
            return;
        }
        html.add("<ol class=\"todo\">\n");
        for (Concern concern : report.concerns().stream().limit(MAX_ROWS).toList()) {
            html.add(
                    "<li><span class=\"state " + (isBad(concern) ? "bad" : "soon")
                            + "\">%s</span> <strong>%s</strong> %s",
                    concern.until() == null ? "now" : left(concern.until()),
                    concern.subject(),
                    concern.message());
            if (concern.until() != null) {
                html.add(" <time class=\"quiet\">%s</time>", time(concern.until()));
            }
            html.add("<br><code>%s</code></li>\n", concern.hint());
        }
        html.add("</ol>\n</section>\n");
    }

    private void rotation() {
        store.rotation().ifPresent(rotation -> {
            html.add(
                    "<section id=\"rotation\">\n<h2>Rotation of %s</h2>\n<ol class=\"phases\">\n",
                    rotation.kind().label());
            for (RotationPhase each : rotation.kind().phases()) {
                html.add("<li" + (each == rotation.phase() ? " class=\"now\"" : "") + ">%s</li>\n", each.label());
            }
            html.add("</ol>\n<code>certs-tool rotate next</code>\n</section>\n");
        });
    }

    private List<Line> lines() {
        var lines = new ArrayList<Line>();
        report.authorities().forEach(authority -> {
            lines.add(line(authority.name(), authority.certificate(), false));
            lines.add(line(authority.name() + " CRL", authority.crl()));
        });
        report.partners().forEach(partner -> {
            partner.cross().forEach(cross -> lines.add(line(partner.org() + " trust", cross, false)));
            partner.crls()
                    .forEach(crl -> lines.add(line(
                            Identities.commonName(crl.getIssuerX500Principal()).orElse(partner.org()) + " CRL", crl)));
        });
        report.nodes().stream()
                .filter(node -> !report.revokedNodes().contains(node.node()))
                .forEach(node -> lines.add(line(
                        node.node().toString(),
                        node.certificate(),
                        !report.at().isBefore(node.due(report.config().policy())))));
        lines.sort(Comparator.comparing(Line::end).thenComparing(Line::name));
        return lines;
    }

    private static Line line(String name, X509Certificate certificate, boolean due) {
        return new Line(
                name,
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant(),
                due);
    }

    private Line line(String name, X509CRL crl) {
        Instant begin = crl.getThisUpdate().toInstant();
        Instant end = crl.getNextUpdate() == null ? begin : crl.getNextUpdate().toInstant();
        boolean due = report.at().isAfter(end.minus(Duration.between(begin, end).dividedBy(3)));
        return new Line(name, begin, end, due);
    }

    private void timeline() {
        List<Line> lines = lines();
        html.add("<section id=\"timeline\">\n<h2>What ends when</h2>\n");
        for (Line line : lines.stream().limit(MAX_LINES).toList()) {
            long whole = Math.max(1, Duration.between(line.begin(), line.end()).toSeconds());
            long left = Duration.between(report.at(), line.end()).toSeconds();
            long percent = Math.max(0, Math.min(100, left * 100 / whole));
            String state = left < 0 ? " class=\"bad\"" : line.due() ? " class=\"soon\"" : "";
            html.add("<div class=\"line\"><span class=\"name\">%s</span>", line.name());
            html.add(
                    "<span class=\"track\" title=\"%s\"><i" + state + " style=\"width:" + percent + "%\"></i></span>",
                    time(line.end()));
            html.add("<span class=\"end\">%s</span></div>\n", left(line.end()));
        }
        if (lines.size() > MAX_LINES) {
            html.add("<p class=\"quiet\">and %s that last longer</p>\n", lines.size() - MAX_LINES);
        }
        html.add("</section>\n");
    }

    private void nodes() {
        html.add("<section id=\"nodes\">\n<h2>Nodes</h2>\n");
        if (report.nodes().isEmpty()) {
            html.add("<p class=\"quiet\">None yet.</p>\n<code>certs-tool node issue NODE</code>\n</section>\n");
            return;
        }
        table("Node", "Generation", "Serial number", "Ends", "State");
        for (NodeCertificate node : report.nodes().stream().limit(MAX_ROWS).toList()) {
            String state = state(node);
            html.add(
                    "<tr><td>%s</td><td data-label=\"Generation\">%s</td><td data-label=\"Serial number\">%s</td>"
                            + "<td data-label=\"Ends\"><time>%s</time></td><td><span class=\"state " + shade(state)
                            + "\">%s</span></td></tr>\n",
                    node.node(),
                    node.generation(),
                    node.serial().substring(0, Math.min(12, node.serial().length())) + "...",
                    day(node.notAfter()),
                    state);
        }
        html.add("</tbody>\n</table>\n</section>\n");
    }

    private String state(NodeCertificate node) {
        if (report.revokedNodes().contains(node.node())) {
            return "revoked";
        }
        if (report.at().isAfter(node.notAfter())) {
            return "over";
        }
        return report.at().isBefore(node.due(report.config().policy())) ? "valid" : "due";
    }

    private static String shade(String state) {
        return state.equals("valid") ? "good" : state.equals("due") ? "soon" : "bad";
    }

    private void partners() {
        html.add("<section id=\"partners\">\n<h2>Partners</h2>\n");
        if (report.partners().isEmpty()) {
            html.add("<p class=\"quiet\">None. <code>certs-tool trust import FILE</code> makes one.</p>\n</section>\n");
            return;
        }
        table("Organisation", "Domain", "Nodes", "Bundle", "Trusted until", "CRLs until");
        for (Partner partner : report.partners()) {
            html.add(
                    "<tr><td>%s</td><td data-label=\"Domain\">%s</td><td data-label=\"Nodes\">%s</td>"
                            + "<td data-label=\"Bundle\">%s</td><td data-label=\"Trusted until\"><time>%s</time></td>"
                            + "<td data-label=\"CRLs until\"><time>%s</time></td></tr>\n",
                    partner.org(),
                    partner.namespace().domain(),
                    partner.nodes().size(),
                    "no. " + partner.sequence() + ", " + day(partner.issued()),
                    day(partner.trustEnds()),
                    day(partner.crlsEnd()));
        }
        html.add("</tbody>\n</table>\n</section>\n");
    }

    private void table(String... heads) {
        html.add("<table>\n<thead><tr>");
        for (String head : heads) {
            html.add("<th>%s</th>", head);
        }
        html.add("</tr></thead>\n<tbody>\n");
    }

    private String left(Instant end) {
        Duration left = Duration.between(report.at(), end);
        long days = Math.abs(left.toDays());
        String amount = days >= 730
                ? days / 365 + " years"
                : days > 1 ? days + " days" : Math.max(1, Math.abs(left.toHours())) + " h";
        return left.isNegative() ? amount + " ago" : amount;
    }

    private static String day(Instant time) {
        return time.toString().substring(0, 10);
    }

    private static String time(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString().replace('T', ' ').replace("Z", " UTC");
    }
}
