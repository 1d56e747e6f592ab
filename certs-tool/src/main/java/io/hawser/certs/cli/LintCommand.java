package io.hawser.certs.cli;

import io.hawser.certs.CertsException;
import io.hawser.certs.ErrorCode;
import io.hawser.certs.LintFinding;
import io.hawser.certs.Linter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code lint}. */
@Command(
        name = "lint",
        description = {
            "Hold certificates, of any origin, against what all runtimes of a mesh take: OTP 25 and",
            "later, OpenSSL, the JDK. Exit 4 when one of them would refuse, or wrongly accept."
        },
        footer = {"", "Example:", "  certs-tool lint chain.pem cacerts.pem"})
final class LintCommand extends Verb {
    @Parameters(arity = "1..*", paramLabel = "FILE", description = "PEM or DER files; - is standard input.")
    private List<String> files = List.of();

    @Override
    Outcome run(CertsTool tool) {
        var linter = new Linter();
        files.forEach(file -> linter.add(file.equals("-") ? "standard input" : file, Input.any(tool, file)));
        List<LintFinding> findings = linter.findings();
        long errors = findings.stream().filter(LintFinding::error).count();
        Table table = new Table();
        findings.forEach(finding ->
                table.row(finding.error() ? "error" : "advice", finding.rule(), finding.subject(), finding.message()));
        var text = new ArrayList<>(table.lines());
        text.add(linter.certificates() + " certificates, " + errors + " errors, " + (findings.size() - errors)
                + " pieces of advice");
        return new Outcome(
                false,
                object(
                        "certificates",
                        linter.certificates(),
                        "errors",
                        errors,
                        "findings",
                        findings.stream()
                                .map(finding -> object(
                                        "file", finding.file(),
                                        "subject", finding.subject(),
                                        "rule", finding.rule(),
                                        "level", finding.error() ? "error" : "advice",
                                        "message", finding.message()))
                                .toList()),
                text,
                List.of(),
                errors == 0
                        ? null
                        : new CertsException(
                                        ErrorCode.VERIFICATION_FAILED,
                                        errors + " errors in " + linter.certificates() + " certificates")
                                .hint("'certs-tool inspect FILE' shows all fields of a certificate"));
    }
}
