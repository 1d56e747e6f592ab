package io.hawser.certs.cli;

import io.hawser.certs.CertsException;
import io.hawser.certs.Change;
import io.hawser.certs.ErrorCode;
import io.hawser.certs.NodeName;
import io.hawser.certs.Partner;
import io.hawser.certs.TrustDiff;
import io.hawser.certs.TrustStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
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

/** {@code trust export}, {@code diff}, {@code list} and {@code remove}; import and refresh are in files of their own. */
@Command(
        name = "trust",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Exchange trust with partner organisations, each behind a fence.",
        subcommands = {
            TrustCommands.Export.class,
            TrustImportCommand.class,
            TrustRefreshCommand.class,
            TrustCommands.Diff.class,
            TrustCommands.ListPartners.class,
            TrustCommands.Remove.class
        },
        footer = {
            "",
            "Examples:",
            "  certs-tool trust export --to orga.bundle.json --pass prompt",
            "  certs-tool trust import orgb.bundle.json --fingerprint SHA256:... --pass prompt"
        })
final class TrustCommands {
    private TrustCommands() {}

    /** {@code trust export}. */
    @Command(
            name = "export",
            description = {
                "Write the bundle for partners: names, roots, CRLs and nodes, numbered and signed.",
                "Without --to it goes to standard output. Send it again after each change."
            },
            footer = {
                "",
                "Examples:",
                "  certs-tool trust export --pass prompt > orga.bundle.json",
                "  certs-tool trust export --to orga.bundle.json --pass prompt"
            })
    static final class Export extends Verb {
        @Option(names = "--to", paramLabel = "FILE", description = "The file, replaced when it is an older bundle.")
        private @Nullable Path to;

        @Mixin
        private final PassphraseOption pass = new PassphraseOption();

        @Override
        Outcome run(CertsTool tool) {
            var secrets = pass.secrets(tool);
            var trust = new TrustStore(store(tool));
            Change<byte[]> change = to == null ? trust.exportBundle(secrets) : trust.exportBundle(to, secrets);
            String bundle = new String(change.value(), StandardCharsets.UTF_8);
            Map<String, Object> result = object("fingerprints", trust.ownFingerprints(), "files", change.files());
            var text = new ArrayList<String>();
            if (to == null) {
                result.put("bundle", bundle);
                text.add(bundle.stripTrailing());
            } else {
                text.add(done(
                        tool,
                        change.changed(),
                        "Wrote " + to,
                        "Would write " + to,
                        to + " is up to date; nothing changed"));
                trust.ownFingerprints()
                        .forEach(fingerprint -> text.add("The partner must confirm the root: " + fingerprint));
            }
            return new Outcome(change.changed(), result, text, change.notices());
        }
    }

    /** {@code trust diff}. */
    @Command(
            name = "diff",
            description = "Say what a partner's bundle would change.",
            footer = {"", "Example:", "  certs-tool trust diff orgb.bundle.json"})
    static final class Diff extends Verb {
        @Parameters(paramLabel = "FILE", description = "The bundle; - is standard input.")
        private String file = "";

        @Override
        Outcome run(CertsTool tool) {
            byte[] bundle = Input.any(tool, file);
            TrustDiff diff = new TrustStore(store(tool)).diff(file, bundle);
            var text = new ArrayList<String>();
            text.add(
                    diff.known()
                            ? diff.org() + ": bundle " + diff.sequenceBefore() + " -> " + diff.sequence()
                            : diff.org() + ": no partner yet; bundle " + diff.sequence());
            text.addAll(diff.lines().isEmpty() ? List.of("  no difference") : diff.lines());
            return new Outcome(
                    false,
                    object(
                            "org",
                            diff.org(),
                            "known",
                            diff.known(),
                            "sequenceBefore",
                            diff.sequenceBefore(),
                            "sequence",
                            diff.sequence(),
                            "differences",
                            diff.lines(),
                            "fingerprints",
                            TrustStore.fingerprints(file, bundle)),
                    text,
                    List.of());
        }
    }

    /** {@code trust list}. */
    @Command(
            name = "list",
            description = "List the partners, and how long their trust and their CRLs last.",
            footer = {"", "Example:", "  certs-tool trust list"})
    static final class ListPartners extends Verb {
        @Override
        Outcome run(CertsTool tool) {
            List<Partner> partners = new TrustStore(store(tool)).partners();
            Instant now = tool.clock().instant();
            List<String> text = partners.isEmpty()
                    ? List.of("No partners yet; 'certs-tool trust import FILE --fingerprint SHA256:...' makes one")
                    : table(partners, now);
            return new Outcome(
                    false,
                    object(
                            "partners",
                            partners.stream().map(TrustCommands::describe).toList()),
                    text,
                    List.of());
        }
    }

    /** {@code trust remove}. */
    @Command(
            name = "remove",
            description = {
                "End a partnership: remove what is known of the partner, and revoke the cross-certificate;",
                "where the root's key is elsewhere, by a request for 'ca sign'. Export again afterwards."
            },
            footer = {"", "Example:", "  certs-tool trust remove orgb --pass prompt"})
    static final class Remove extends Verb {
        @Parameters(paramLabel = "ORG", description = "The partner's name.")
        private String org = "";

        @Mixin
        private final RootKeyOptions keys = new RootKeyOptions();

        @Override
        Outcome run(CertsTool tool) {
            var secrets = keys.secrets(tool);
            Change<List<X509Certificate>> change = new TrustStore(store(tool)).remove(org, keys.offlineRoot(), secrets);
            return new Outcome(
                    change.changed(),
                    object("org", org, "files", change.files()),
                    List.of(done(
                            tool,
                            change.changed(),
                            "Removed the partner " + org + "; export to the nodes again",
                            "Would remove the partner " + org,
                            "There is no such partner; nothing changed")),
                    change.notices());
        }
    }

    static Outcome outcome(CertsTool tool, List<Change<Partner>> changes) {
        boolean changed = changes.stream().anyMatch(Change::changed);
        List<Partner> partners = changes.stream().map(Change::value).toList();
        List<String> files =
                changes.stream().flatMap(change -> change.files().stream()).toList();
        var text = new ArrayList<>(table(partners, tool.clock().instant()));
        text.add(Verb.done(
                tool,
                changed,
                "Export to the nodes again: certs-tool export java|otp|pem NODE --to DIR",
                "Would write " + String.join(", ", files),
                changes.isEmpty()
                        ? "The manifest names no partners; nothing changed"
                        : "All of it is here already; nothing changed"));
        return new Outcome(
                changed,
                Verb.object(
                        "partners",
                        partners.stream().map(TrustCommands::describe).toList(),
                        "files",
                        files),
                text,
                changes.stream().flatMap(change -> change.notices().stream()).toList());
    }

    private static List<String> table(List<Partner> partners, Instant now) {
        Table table = new Table().row("PARTNER", "DOMAIN", "BUNDLE", "NODES", "TRUST ENDS", "CRLS END", "DAYS LEFT");
        for (Partner partner : partners) {
            table.row(
                    partner.org(),
                    partner.namespace().domain(),
                    partner.sequence(),
                    partner.nodes().size(),
                    partner.isFenced() ? partner.trustEnds() : "waits for the root",
                    partner.crlsEnd(),
                    ChronoUnit.DAYS.between(now, partner.crlsEnd()));
        }
        return table.lines();
    }

    private static Map<String, Object> describe(Partner partner) {
        return Verb.object(
                "org",
                partner.org(),
                "domain",
                partner.namespace().domain(),
                "trustDomain",
                partner.namespace().trustDomain(),
                "pinned",
                partner.pinned(),
                "sequence",
                partner.sequence(),
                "issued",
                partner.issued().toString(),
                "fenced",
                partner.isFenced(),
                "trustEnds",
                partner.trustEnds().toString(),
                "crlsEnd",
                partner.crlsEnd().toString(),
                "nodes",
                partner.nodes().stream().map(NodeName::toString).toList());
    }

    static CertsException usage(String message) {
        return new CertsException(ErrorCode.USAGE, message);
    }
}
