package io.hawser.certs.cli;

import io.hawser.certs.AuthorityRecord;
import io.hawser.certs.CertsException;
import io.hawser.certs.Change;
import io.hawser.certs.ErrorCode;
import io.hawser.certs.KeyKind;
import io.hawser.certs.LifeSpan;
import io.hawser.certs.Namespace;
import io.hawser.certs.OrgConfig;
import io.hawser.certs.OrgPolicy;
import io.hawser.certs.OrgRequest;
import io.hawser.certs.OrgStore;
import io.hawser.certs.SignerSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code org init} and {@code org show}. */
@Command(
        name = "org",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Make an organisation with its CAs, or show it.",
        subcommands = {OrgCommands.Init.class, OrgCommands.Show.class},
        footer = {"", "Example:", "  certs-tool org init orga --domain orga.test --pass file:ca.pass"})
final class OrgCommands {
    /** {@code org init}. */
    @Command(
            name = "init",
            description = "Make a root, an issuing CA fenced to the domain, and their first CRLs.",
            footer = {
                "",
                "Examples:",
                "  certs-tool org init orga --domain orga.test --pass prompt",
                "  certs-tool org init orga --domain orga.test --pass env:CA_PASS --offline-root /media/usb/orga",
                "  certs-tool org init orga --domain orga.test --pass root=prompt --pass issuing=env:PIN \\",
                "    --signer 'pkcs11:token=ca;object=issuing-1?module-path=/usr/lib/softhsm/libsofthsm2.so'"
            })
    static final class Init extends Verb {
        @Parameters(paramLabel = "ORG", description = "The organisation's name; stands in every certificate.")
        private String org = "";

        @Option(
                names = "--domain",
                required = true,
                paramLabel = "DOMAIN",
                description = "The DNS domain of the nodes' hosts.")
        private String domain = "";

        @Option(
                names = "--trust-domain",
                paramLabel = "NAME",
                description = "The authority of the nodes' URIs (default: the domain).")
        private @Nullable String trustDomain;

        @Option(
                names = "--key",
                paramLabel = "KIND",
                defaultValue = "p256",
                description = "The nodes' keys: p256 (default) or p384, below P-384 CAs; rsa3072 for all of them.")
        private String key = "p256";

        @Option(
                names = "--root-life",
                paramLabel = "LIFE",
                defaultValue = "10y",
                description = "How long the root lasts (default: 10y).")
        private String rootLife = "10y";

        @Option(
                names = "--issuing-life",
                paramLabel = "LIFE",
                defaultValue = "2y",
                description = "How long the issuing CA lasts (default: 2y).")
        private String issuingLife = "2y";

        @Option(
                names = "--root-signer",
                paramLabel = "SIGNER",
                description = "The same as --signer for the root's key.")
        private @Nullable String rootSigner;

        @Mixin
        private final NewKeyOptions keys = new NewKeyOptions();

        @Override
        Outcome run(CertsTool tool) {
            var secrets = keys.secrets(tool);
            SignerSpec root = rootSigner == null ? null : SignerSpec.parse(rootSigner);
            SignerSpec issuing = keys.signer();
            if (root != null && keys.offlineRoot() != null) {
                throw new CertsException(ErrorCode.USAGE, "--root-signer and --offline-root exclude each other");
            }
            boolean inFile = root == null || issuing == null;
            boolean encrypt = keys.encrypt(inFile, root != null || issuing != null);
            OrgPolicy policy = OrgPolicy.defaults()
                    .with(LifeSpan.parse(rootLife), LifeSpan.parse(issuingLife), KeyKind.parse(key));
            var config = new OrgConfig(org, new Namespace(domain, trustDomain == null ? domain : trustDomain), policy);
            OrgStore store = store(tool);
            Change<OrgConfig> change =
                    store.init(new OrgRequest(config, encrypt, keys.offlineRoot(), root, issuing), secrets);
            Map<String, Object> result = object(
                    "directory", tool.directory().toString(),
                    "org", config.org(),
                    "domain", domain,
                    "trustDomain", config.namespace().trustDomain(),
                    "encrypted", inFile && encrypt,
                    "files", change.files());
            var text = new ArrayList<String>();
            text.add(done(
                    tool,
                    change.changed(),
                    "Made organisation " + org + " in " + tool.directory(),
                    "Would make organisation " + org + " in " + tool.directory(),
                    "Organisation " + org + " is in " + tool.directory() + " already; nothing changed"));
            if (tool.dryRun()) {
                change.files().forEach(file -> text.add("  " + file));
            } else {
                result.put("authorities", AuthorityText.describe(store.authorities()));
                text.add("Root " + store.authorities().get(0).fingerprint());
            }
            return new Outcome(change.changed(), result, text, change.notices());
        }
    }

    /** {@code org show}. */
    @Command(
            name = "show",
            description = "Show the organisation: names, policy, CAs, CRLs.",
            footer = {"", "Example:", "  certs-tool org show -d pki -o json"})
    static final class Show extends Verb {
        @Override
        Outcome run(CertsTool tool) {
            OrgStore store = store(tool);
            OrgConfig config = store.config();
            OrgPolicy policy = config.policy();
            List<AuthorityRecord> authorities = store.authorities();
            int nodes = store.nodes().size();
            Map<String, Object> result = object(
                    "directory",
                    tool.directory().toString(),
                    "org",
                    config.org(),
                    "domain",
                    config.namespace().domain(),
                    "trustDomain",
                    config.namespace().trustDomain(),
                    "nodes",
                    nodes,
                    "policy",
                    object(
                            "nodeLife", LifeSpan.format(policy.nodeLife()),
                            "maxNodeLife", LifeSpan.format(policy.maxNodeLife()),
                            "renewAt", policy.renewAt(),
                            "crlLife", LifeSpan.format(policy.crlLife()),
                            "rootCrlLife", LifeSpan.format(policy.rootCrlLife()),
                            "key", policy.key().label()),
                    "authorities",
                    AuthorityText.describe(authorities));
            var text = new ArrayList<>(new Table()
                    .row("Organisation", config.org())
                    .row("Domain", config.namespace().domain())
                    .row("Trust domain", config.namespace().trustDomain())
                    .row("Nodes", nodes)
                    .row("Node keys", policy.key().label())
                    .row("Node lifetime", LifeSpan.format(policy.nodeLife()))
                    .lines());
            text.add("");
            text.addAll(AuthorityText.table(authorities, tool.clock().instant()));
            authorities.forEach(authority -> text.add(authority.name() + "  " + authority.fingerprint()));
            return new Outcome(false, result, text, List.of());
        }
    }

    private OrgCommands() {}
}
