package io.hawser.certs.cli;

import io.hawser.certs.Inspector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code inspect}. */
@Command(
        name = "inspect",
        description = "Say what files hold: certificates, CRLs, keys, PKCS12 stores, as PEM or DER.",
        footer = {
            "",
            "Examples:",
            "  certs-tool inspect key.pem cert.pem",
            "  certs-tool inspect keystore.p12 --pass file:password"
        })
final class InspectCommand extends Verb {
    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files to look into; - is standard input.")
    private List<String> files = List.of();

    @Mixin
    private final PassphraseOption pass = new PassphraseOption();

    @Override
    Outcome run(CertsTool tool) {
        var inspector = new Inspector(tool.clock(), pass.secrets(tool), tool.allowGroupRead());
        for (String file : files) {
            if (file.equals("-")) {
                inspector.add("standard input", Input.standard(tool));
            } else {
                inspector.add(Path.of(file));
            }
        }
        List<Map<String, Object>> objects = inspector.objects();
        var text = new ArrayList<String>();
        for (Map<String, Object> object : objects) {
            if (!text.isEmpty()) {
                text.add("");
            }
            Table table = new Table();
            object.forEach((key, value) -> table.row(key, inOneLine(value)));
            text.addAll(table.lines());
        }
        return new Outcome(false, object("objects", objects), text, List.of());
    }

    private static String inOneLine(Object value) {
        return value instanceof Collection<?> values
                ? values.isEmpty() ? "-" : values.stream().map(Object::toString).collect(Collectors.joining(", "))
                : value.toString();
    }
}
