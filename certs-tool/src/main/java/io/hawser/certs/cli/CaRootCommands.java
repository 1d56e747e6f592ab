package io.hawser.certs.cli;

import io.hawser.certs.AuthorityRecord;
import io.hawser.certs.AuthorityStore;
import io.hawser.certs.Change;
import io.hawser.certs.OrgStore;
import io.hawser.certs.RootSigning;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ca sign} and {@code ca install}: to the machine with the root's key, and back. */
final class CaRootCommands {
    private CaRootCommands() {}

    /** {@code ca sign}. */
    @Command(
            name = "sign",
            description = {
                "On the machine with the root's key: show what a request asks for, and sign it once somebody",
                "said yes. No organisation need be on that machine, only the directory with the key."
            },
            footer = {
                "",
                "Examples:",
                "  certs-tool ca sign request.json --out answer.json --offline-root /media/usb/orga --pass prompt",
                "  certs-tool ca sign request.json --out answer.json --dry-run"
            })
    static final class Sign extends Verb {
        @Parameters(paramLabel = "FILE", description = "The request; - is standard input.")
        private String file = "";

        @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where the answer is written.")
        private Path out = Path.of("");

        @Mixin
        private final RootKeyOptions keys = new RootKeyOptions();

        @Override
        Outcome run(CertsTool tool) {
            var secrets = keys.secrets(tool);
            OrgStore store = store(tool);
            RootSigning signing = RootSigning.read(Input.any(tool, file), file, store);
            Map<String, String> fields = signing.fields();
            Table table = new Table();
            fields.forEach(table::row);
            Map<String, Object> result = object("fields", fields, "answer", out.toString());
            var text = new ArrayList<String>();
            boolean answered = Files.exists(out);
            if (tool.dryRun()) {
                text.addAll(table.lines());
                result.put("files", answered ? List.of() : List.of(out.toString()));
                text.add(answered ? out + " is there already" : "Would sign this, and write " + out);
                return new Outcome(!answered, result, text, List.of());
            }
            table.lines().forEach(tool::progress);
            if (!answered) {
                tool.confirm("Sign this? Type yes: ");
            }
            Change<Path> change = signing.sign(store, keys.offlineRoot(), out, secrets);
            result.put("files", change.files());
            text.add(done(
                    tool,
                    change.changed(),
                    "Signed; take " + out + " back, for 'certs-tool ca install'",
                    "",
                    out + " answers this request already; nothing changed"));
            return new Outcome(change.changed(), result, text, change.notices());
        }
    }

    /** {@code ca install}. */
    @Command(
            name = "install",
            description = {
                "Install what 'ca sign' made of a request: an issuing CA, which issues from then on or with",
                "which a rotation begins, the root's CRL, a partner behind its fence, or the link to a new",
                "root. What is not as it was asked for is refused."
            },
            footer = {"", "Example:", "  certs-tool ca install answer.json --pass prompt"})
    static final class Install extends Verb {
        @Parameters(paramLabel = "FILE", description = "The answer; - is standard input.")
        private String file = "";

        @Mixin
        private final PassphraseOption pass = new PassphraseOption();

        @Override
        Outcome run(CertsTool tool) {
            var secrets = pass.secrets(tool);
            Change<AuthorityRecord> change =
                    new AuthorityStore(store(tool)).install(Input.any(tool, file), file, secrets);
            AuthorityRecord authority = change.value();
            var text = new ArrayList<>(
                    AuthorityText.table(List.of(authority), tool.clock().instant()));
            text.add(done(
                    tool,
                    change.changed(),
                    "Installed; export to the nodes again",
                    "Would install " + authority.name(),
                    "It is there already; nothing changed"));
            return new Outcome(
                    change.changed(),
                    object("authority", AuthorityText.describe(authority), "files", change.files()),
                    text,
                    change.notices());
        }
    }
}
