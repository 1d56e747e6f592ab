package io.hawser.certs.cli;

import io.hawser.certs.Change;
import io.hawser.certs.JavaExport;
import io.hawser.certs.KubernetesExport;
import io.hawser.certs.NodeName;
import io.hawser.certs.OtpExport;
import io.hawser.certs.PemExport;
import java.nio.file.Path;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code export java}, {@code export otp}, {@code export pem} and {@code export k8s}. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Lay out what a node reads: for Java, for Erlang, plain PEM, or a Kubernetes Secret.",
        subcommands = {
            ExportCommands.ForJava.class,
            ExportCommands.ForOtp.class,
            ExportCommands.ForPem.class,
            ExportCommands.ForKubernetes.class
        },
        footer = {"", "Example:", "  certs-tool export java a@a.orga.test --to /etc/hawser/a"})
final class ExportCommands {
    private ExportCommands() {}

    /** What every export has. */
    abstract static class Export extends Verb {
        @Parameters(paramLabel = "NODE", description = "The node's name.")
        private String name = "";

        @Option(
                names = "--to",
                required = true,
                paramLabel = "DIR",
                description = "The directory to fill, or to bring up to date.")
        private Path to = Path.of("");

        @Option(
                names = "--node-key",
                paramLabel = "FILE",
                description = "The node's own key, when it was made there by 'node request'.")
        private @Nullable Path nodeKey;

        @Nullable
        Path nodeKey() {
            return nodeKey;
        }

        abstract Change<Path> export(CertsTool tool, NodeName node, Path to);

        @Override
        final Outcome run(CertsTool tool) {
            NodeName node = NodeName.parse(name);
            Change<Path> change = export(tool, node, to);
            var text = new ArrayList<String>();
            text.add(done(
                    tool,
                    change.changed(),
                    "Exported " + node + " to " + change.value(),
                    "Would export " + node + " to " + change.value(),
                    change.value() + " is up to date; nothing changed"));
            change.files().forEach(file -> text.add("  " + file));
            return new Outcome(
                    change.changed(),
                    object("node", node.toString(), "directory", change.value().toString(), "files", change.files()),
                    text,
                    change.notices());
        }
    }

    /** {@code export java}. */
    @Command(
            name = "java",
            description = {
                "Key store, trust store, CRLs and tls.properties for a Java node.",
                "Without --pass a random password is written beside the stores."
            },
            footer = {"", "Example:", "  certs-tool export java a@a.orga.test --to /etc/hawser/a"})
    static final class ForJava extends Export {
        @Mixin
        private final PassphraseOption pass = new PassphraseOption();

        @Override
        Change<Path> export(CertsTool tool, NodeName node, Path to) {
            var export = new JavaExport(store(tool));
            return (nodeKey() == null ? export : export.withNodeKey(nodeKey())).write(node, to, pass.secrets(tool));
        }
    }

    /** {@code export otp}. */
    @Command(
            name = "otp",
            description = "Option file, PEM files, CRLs and roster for an Erlang node; paths are absolute.",
            footer = {
                "",
                "Example:",
                "  certs-tool export otp a@a.orga.test --to /etc/erlang/a",
                "  erl -args_file /etc/erlang/a/vm.args"
            })
    static final class ForOtp extends Export {
        @Override
        Change<Path> export(CertsTool tool, NodeName node, Path to) {
            var export = new OtpExport(store(tool));
            return (nodeKey() == null ? export : export.withNodeKey(nodeKey())).write(node, to);
        }
    }

    /** {@code export pem}. */
    @Command(
            name = "pem",
            description = "key.pem, cert.pem with intermediates, trust.pem and crl.pem.",
            footer = {"", "Example:", "  certs-tool export pem a@a.orga.test --to a-pem"})
    static final class ForPem extends Export {
        @Override
        Change<Path> export(CertsTool tool, NodeName node, Path to) {
            var export = new PemExport(store(tool));
            return (nodeKey() == null ? export : export.withNodeKey(nodeKey())).write(node, to);
        }
    }

    /** {@code export k8s}. */
    @Command(
            name = "k8s",
            description = "secret.yaml: a Kubernetes Secret with certificate, key, root and CRLs as PEM.",
            footer = {
                "",
                "Example:",
                "  certs-tool export k8s a@a.orga.test --to a-k8s",
                "  kubectl apply -f a-k8s/secret.yaml"
            })
    static final class ForKubernetes extends Export {
        @Override
        Change<Path> export(CertsTool tool, NodeName node, Path to) {
            var export = new KubernetesExport(store(tool));
            return (nodeKey() == null ? export : export.withNodeKey(nodeKey())).write(node, to);
        }
    }
}
