package io.hawser.certs.cli;

import io.hawser.certs.CertsException;
import io.hawser.certs.Change;
import io.hawser.certs.ErrorCode;
import io.hawser.certs.IssueRequest;
import io.hawser.certs.LifeSpan;
import io.hawser.certs.Manifest;
import io.hawser.certs.NodeCertificate;
import io.hawser.certs.NodeName;
import io.hawser.certs.OrgConfig;
import io.hawser.certs.OrgStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code node issue}, {@code node list} and {@code node show}; the others are in files of their own. */
@Command(
        name = "node",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Issue, sign and renew the certificates of nodes, or show them.",
        subcommands = {
            NodeCommands.Issue.class,
            NodeRequestCommand.class,
            NodeSignCommand.class,
            NodeRenewCommand.class,
            NodeCommands.ListNodes.class,
            NodeCommands.Show.class
        },
        footer = {"", "Example:", "  certs-tool node issue a@a.orga.test --pass file:ca.pass"})
final class NodeCommands {
    private NodeCommands() {}

    /** {@code node issue}. */
    @Command(
            name = "issue",
            description = {
                "Issue certificates with new keys. A node whose certificate has enough life",
                "left keeps it; one that is due for renewal gets a new generation."
            },
            footer = {
                "",
                "Examples:",
                "  certs-tool node issue a@a.orga.test b@b.orga.test --pass prompt",
                "  certs-tool node issue a@a.orga.test --life 30d --new-generation --pass prompt",
                "  certs-tool node issue -f mesh.yaml --pass file:ca.pass"
            })
    static final class Issue extends Verb {
        @Parameters(arity = "0..*", paramLabel = "NODE", description = "Names, such as a@a.orga.test.")
        private List<String> names = List.of();

        @Option(
                names = {"-f", "--file"},
                paramLabel = "MANIFEST",
                description = "A YAML file with org, domain and nodes.")
        private @Nullable Path manifest;

        @Option(
                names = "--life",
                paramLabel = "LIFE",
                description = "How long the certificates last (default: the policy's node_life, 90d).")
        private @Nullable String life;

        @Option(
                names = "--new-generation",
                description = "Where a certificate has another lifetime, issue a further one instead of refusing.")
        private boolean newGeneration;

        @Option(names = "--reuse-key", description = "Make further certificates for the key the node has.")
        private boolean reuseKey;

        @Option(
                names = "--shared-host",
                description = "Let nodes share a host. Erlang nodes cannot tell such nodes apart.")
        private boolean sharedHost;

        @Option(names = "--reinstate", description = "Give a node whose certificate is revoked another one.")
        private boolean reinstate;

        @Mixin
        private final PassphraseOption pass = new PassphraseOption();

        @Override
        Outcome run(CertsTool tool) {
            var secrets = pass.secrets(tool);
            OrgStore store = store(tool);
            OrgConfig config = store.config();
            var nodes = new ArrayList<>(names.stream().map(NodeName::parse).toList());
            Duration wanted = life == null ? null : LifeSpan.parse(life);
            if (manifest != null) {
                nodes.addAll(Manifest.read(manifest, config).nodes());
            }
            if (nodes.isEmpty()) {
                throw nobody(config);
            }
            Change<List<NodeCertificate>> change = store.issue(
                    new IssueRequest(nodes, wanted, newGeneration, reuseKey, sharedHost, reinstate), secrets);
            var words = new NodeText(store, tool.clock().instant());
            Map<String, Object> result = object(
                    "nodes",
                    change.value().stream().map(node -> words.describe(node)).toList(),
                    "files",
                    change.files());
            var text = new ArrayList<String>();
            if (tool.dryRun()) {
                text.add(change.changed() ? "Would write:" : "Nothing to do");
                change.files().forEach(file -> text.add("  " + file));
            } else {
                text.addAll(words.table(change.value()));
                if (!change.changed()) {
                    text.add("All certificates are there already; nothing changed");
                }
            }
            return new Outcome(change.changed(), result, text, change.notices());
        }

        private CertsException nobody(OrgConfig config) {
            String example = "a@a." + config.namespace().domain();
            if (manifest == null) {
                return new CertsException(ErrorCode.USAGE, "no node is named")
                        .hint("Name one or more, such as " + example + ", or use -f MANIFEST");
            }
            return new CertsException(ErrorCode.USAGE, manifest + ": names no node")
                    .hint("List them, such as nodes: [ " + example + " ]")
                    .about(manifest);
        }
    }

    /** {@code node list}. */
    @Command(
            name = "list",
            description = "List the nodes and how long their certificates last.",
            footer = {"", "Example:", "  certs-tool node list -d pki"})
    static final class ListNodes extends Verb {
        @Override
        Outcome run(CertsTool tool) {
            OrgStore store = store(tool);
            var words = new NodeText(store, tool.clock().instant());
            List<NodeCertificate> nodes = store.nodes();
            List<String> text = nodes.isEmpty()
                    ? List.of("No nodes yet; 'certs-tool node issue NAME@HOST' makes one")
                    : words.table(nodes);
            return new Outcome(
                    false,
                    object(
                            "nodes",
                            nodes.stream().map(node -> words.describe(node)).toList()),
                    text,
                    List.of());
        }
    }

    /** {@code node show}. */
    @Command(
            name = "show",
            description = "Show a node's certificate and its earlier ones.",
            footer = {"", "Example:", "  certs-tool node show a@a.orga.test"})
    static final class Show extends Verb {
        @Parameters(paramLabel = "NODE", description = "The node's name.")
        private String name = "";

        @Override
        Outcome run(CertsTool tool) {
            OrgStore store = store(tool);
            var words = new NodeText(store, tool.clock().instant());
            NodeCertificate node = store.node(NodeName.parse(name));
            Map<String, Object> result = words.describe(node);
            result.put(
                    "generations",
                    store.generations(node.node()).stream()
                            .map(each -> object(
                                    "generation", each.generation(),
                                    "serial", each.serial(),
                                    "revoked", words.isRevoked(each),
                                    "notAfter", each.notAfter().toString()))
                            .toList());
            Table table = new Table();
            result.forEach((key, value) -> {
                if (!key.equals("generations")) {
                    table.row(key, value);
                }
            });
            return new Outcome(false, result, table.lines(), List.of());
        }
    }
}
