package io.hawser.certs.cli;

import io.hawser.certs.Change;
import io.hawser.certs.KeyKind;
import io.hawser.certs.NodeKeyRequest;
import io.hawser.certs.NodeName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code node request}: runs on the node's machine, where no organisation is. */
@Command(
        name = "request",
        description = {
            "Make a key and a certificate request on the node's own machine. The key never",
            "leaves it; the request goes to the CA, to be signed with 'node sign'."
        },
        footer = {"", "Example:", "  certs-tool node request a@a.orga.test --out a.csr"})
final class NodeRequestCommand extends Verb {
    @Parameters(paramLabel = "NODE", description = "The node's name.")
    private String name = "";

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where the request is written.")
    private Path out = Path.of("");

    @Option(
            names = "--key-out",
            paramLabel = "FILE",
            description = "Where the key is written (default: like --out, ending in .key).")
    private @Nullable Path keyOut;

    @Option(
            names = "--trust-domain",
            paramLabel = "NAME",
            description = "Ask for the node's URI too, in this trust domain; the CA adds it anyway.")
    private @Nullable String trustDomain;

    @Option(
            names = "--key",
            paramLabel = "KIND",
            defaultValue = "p256",
            description = "p256 (default), p384 or rsa3072.")
    private String key = "p256";

    @Override
    Outcome run(CertsTool tool) {
        NodeName node = NodeName.parse(name);
        Path keyFile = keyOut == null ? besides(out) : keyOut;
        var request = new NodeKeyRequest(node, trustDomain, KeyKind.parse(key), out, keyFile);
        Change<Path> change = request.write(options(tool));
        var text = new ArrayList<String>();
        text.add(done(
                tool,
                change.changed(),
                "Made a request for " + node,
                "Would make a request for " + node,
                "The request for " + node + " is there already; nothing changed"));
        text.add("  key      " + keyFile + "   stays here");
        text.add(
                "  request  " + out + "   for the CA: certs-tool node sign " + out.getFileName() + " --expect " + node);
        return new Outcome(
                change.changed(),
                object(
                        "node",
                        node.toString(),
                        "request",
                        out.toString(),
                        "key",
                        keyFile.toString(),
                        "files",
                        change.files()),
                text,
                List.of());
    }

    private static Path besides(Path out) {
        String name = String.valueOf(out.getFileName());
        int dot = name.lastIndexOf('.');
        return out.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + ".key");
    }
}
