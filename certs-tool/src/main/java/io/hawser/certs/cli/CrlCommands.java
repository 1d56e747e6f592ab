package io.hawser.certs.cli;

import io.hawser.certs.AuthorityRecord;
import io.hawser.certs.Change;
import io.hawser.certs.CrlIssuer;
import io.hawser.certs.CrlRequest;
import io.hawser.certs.LifeSpan;
import io.hawser.certs.NodeName;
import io.hawser.certs.OrgStore;
import io.hawser.certs.Revocation;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code crl issue}, {@code crl show} and {@code crl install}. */
@Command(
        name = "crl",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Renew the revocation lists, show them, or put them where OpenSSL and OTP look.",
        subcommands = {CrlCommands.Issue.class, CrlCommands.Show.class, CrlCommands.Install.class},
        footer = {"", "Example:", "  certs-tool crl issue --pass file:ca.pass"})
final class CrlCommands {
    private CrlCommands() {}

    /** {@code crl issue}. */
    @Command(
            name = "issue",
            description = {
                "Renew the issuing CA's CRL when it is over a day old, and the root's when a third",
                "of its life is over and its key is at hand. Made to run daily."
            },
            footer = {
                "",
                "Examples:",
                "  certs-tool crl issue --pass file:ca.pass",
                "  certs-tool crl issue --offline-root /media/usb/orga --pass prompt"
            })
    static final class Issue extends Verb {
        @Option(
                names = "--life",
                paramLabel = "LIFE",
                description = "How long the issuing CA's CRL lasts (default: the policy's crl_life, 14d).")
        private @Nullable String life;

        @Mixin
        private final RootKeyOptions keys = new RootKeyOptions();

        @Override
        Outcome run(CertsTool tool) {
            var secrets = keys.secrets(tool);
            OrgStore store = store(tool);
            Change<List<AuthorityRecord>> change = store.refreshCrls(
                    new CrlRequest(life == null ? null : LifeSpan.parse(life), keys.offlineRoot()), secrets);
            var text = new ArrayList<>(table(change.value(), tool.clock().instant()));
            long crls = change.files().stream()
                    .filter(file -> file.endsWith("crl.pem"))
                    .count();
            text.add(done(
                    tool,
                    change.changed(),
                    "Renewed " + crls + " CRLs; export again, or use 'certs-tool crl install DIR'",
                    "Would renew " + crls + " CRLs",
                    "All CRLs are fresh; nothing changed"));
            return new Outcome(
                    change.changed(),
                    object("crls", describe(change.value(), tool.clock().instant()), "files", change.files()),
                    text,
                    change.notices());
        }
    }

    /** {@code crl show}. */
    @Command(
            name = "show",
            description = "Show the revocation lists and what they revoke.",
            footer = {"", "Example:", "  certs-tool crl show -d pki"})
    static final class Show extends Verb {
        @Override
        Outcome run(CertsTool tool) {
            OrgStore store = store(tool);
            store.config();
            Instant now = tool.clock().instant();
            List<Revocation> revoked = store.revoked();
            var text = new ArrayList<>(table(store.authorities(), now));
            if (!revoked.isEmpty()) {
                Table table = new Table().row("REVOKED", "SERIAL", "SINCE", "REASON");
                revoked.forEach(each -> table.row(
                        each.node().map(NodeName::toString).orElse("-"),
                        each.serial().toString(16),
                        each.at(),
                        each.reason()));
                text.add("");
                text.addAll(table.lines());
            }
            return new Outcome(
                    false,
                    object("crls", describe(store.authorities(), now), "revoked", entries(revoked)),
                    text,
                    List.of());
        }

        private static List<Map<String, Object>> entries(List<Revocation> revoked) {
            return revoked.stream()
                    .map(each -> {
                        Map<String, Object> entry = object(
                                "issuer",
                                each.issuer(),
                                "serial",
                                each.serial().toString(16),
                                "since",
                                each.at().toString(),
                                "reason",
                                each.reason());
                        each.node().ifPresent(node -> entry.put("node", node.toString()));
                        return entry;
                    })
                    .toList();
        }
    }

    /** {@code crl install}. */
    @Command(
            name = "install",
            description = {
                "Copy the CRLs into a directory under OpenSSL's hash of their issuer, where OTP and",
                "OpenSSL look for them: such as the directory crl of an Erlang node's export. The list of a",
                "CA that was rotated out goes once that CA is retired."
            },
            footer = {"", "Example:", "  certs-tool crl install /etc/erlang/a/crl"})
    static final class Install extends Verb {
        @Parameters(paramLabel = "DIR", description = "The directory, made when it is not there.")
        private Path directory = Path.of("");

        @Override
        Outcome run(CertsTool tool) {
            OrgStore store = store(tool);
            store.config();
            Change<Path> change = store.installCrls(directory);
            var text = new ArrayList<String>();
            text.add(done(
                    tool,
                    change.changed(),
                    "Installed the CRLs in " + directory,
                    "Would install the CRLs in " + directory,
                    directory + " has the latest CRLs; nothing changed"));
            change.files().forEach(file -> text.add("  " + file));
            return new Outcome(
                    change.changed(),
                    object("directory", directory.toString(), "files", change.files()),
                    text,
                    change.notices());
        }
    }

    private static List<String> table(List<AuthorityRecord> authorities, Instant now) {
        Table table = new Table().row("CA", "NUMBER", "ENDS", "DAYS LEFT", "REVOKED");
        for (AuthorityRecord authority : authorities) {
            Instant end = authority.crl().getNextUpdate().toInstant();
            table.row(
                    authority.name(),
                    CrlIssuer.number(authority.crl()),
                    end,
                    ChronoUnit.DAYS.between(now, end),
                    revoked(authority));
        }
        return table.lines();
    }

    private static int revoked(AuthorityRecord authority) {
        var entries = authority.crl().getRevokedCertificates();
        return entries == null ? 0 : entries.size();
    }

    private static List<Map<String, Object>> describe(List<AuthorityRecord> authorities, Instant now) {
        return authorities.stream()
                .map(authority -> {
                    Instant end = authority.crl().getNextUpdate().toInstant();
                    return Verb.object(
                            "ca",
                            authority.name(),
                            "number",
                            CrlIssuer.number(authority.crl()).toString(),
                            "thisUpdate",
                            authority.crl().getThisUpdate().toInstant().toString(),
                            "nextUpdate",
                            end.toString(),
                            "daysLeft",
                            ChronoUnit.DAYS.between(now, end),
                            "revoked",
                            revoked(authority));
                })
                .toList();
    }
}
