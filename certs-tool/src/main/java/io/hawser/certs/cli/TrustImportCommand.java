package io.hawser.certs.cli;

import io.hawser.certs.Change;
import io.hawser.certs.ImportRequest;
import io.hawser.certs.LifeSpan;
import io.hawser.certs.Manifest;
import io.hawser.certs.NodeName;
import io.hawser.certs.OrgStore;
import io.hawser.certs.Partner;
import io.hawser.certs.RememberedSecret;
import io.hawser.certs.TrustStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trust import}. */
@Command(
        name = "import",
        description = {
            "Make an organisation a partner. Its root does not become ours: our root signs it as a",
            "cross-certificate, fenced to the partner's names; where our root's key is elsewhere, a",
            "request is written, for 'ca sign'. Ask the partner for its root's fingerprint over another",
            "channel than the one the bundle came by."
        },
        footer = {
            "",
            "Examples:",
            "  certs-tool trust import orgb.bundle.json --fingerprint SHA256:... --pass prompt",
            "  certs-tool trust import -f mesh.yaml --pass file:ca.pass"
        })
final class TrustImportCommand extends Verb {
    @Parameters(arity = "0..1", paramLabel = "FILE", description = "The partner's bundle; - is standard input.")
    private @Nullable String file;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "MANIFEST",
            description = "Import all partners that a YAML file names, with their fingerprints.")
    private @Nullable Path manifest;

    @Option(
            names = "--fingerprint",
            paramLabel = "SHA256:HEX",
            description = "The partner's root, as the partner told you.")
    private @Nullable String fingerprint;

    @Option(
            names = "--namespace",
            paramLabel = "DOMAIN",
            description = "Refuse the bundle unless the partner's domain is this one.")
    private @Nullable String namespace;

    @Option(
            names = "--expires",
            paramLabel = "LIFE",
            defaultValue = "1y",
            description = "How long the cross-certificate lasts (default: 1y).")
    private String expires = "1y";

    @Option(
            names = "--allow",
            paramLabel = "NODE",
            description = "Accept this node of the partner only; may be repeated (default: all on its roster).")
    private List<String> allow = new ArrayList<>();

    @Mixin
    private final RootKeyOptions keys = new RootKeyOptions();

    @Override
    Outcome run(CertsTool tool) {
        var secrets = keys.secrets(tool);
        if ((file == null) == (manifest == null)) {
            throw TrustCommands.usage("name a bundle, or a manifest with -f");
        }
        OrgStore store = store(tool);
        Duration life = LifeSpan.parse(expires);
        var requests = new ArrayList<ImportRequest>();
        if (file != null) {
            requests.add(new ImportRequest(
                    file,
                    Input.any(tool, file),
                    fingerprint,
                    null,
                    namespace,
                    life,
                    allow.stream().map(NodeName::parse).toList(),
                    keys.offlineRoot()));
        } else if (manifest != null) {
            for (Manifest.Partner partner :
                    Manifest.read(manifest, store.config()).partners()) {
                requests.add(new ImportRequest(
                        partner.bundle().toString(),
                        Input.file(partner.bundle()),
                        partner.fingerprint(),
                        partner.org(),
                        partner.domain(),
                        life,
                        partner.allow(),
                        keys.offlineRoot()));
            }
        }
        var changes = new ArrayList<Change<Partner>>();
        try (var remembered = new RememberedSecret(secrets)) {
            for (ImportRequest request : requests) {
                changes.add(new TrustStore(store).importBundle(request, remembered));
            }
        }
        return TrustCommands.outcome(tool, changes);
    }
}
