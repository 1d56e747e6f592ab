package io.hawser.certs.cli;

import io.hawser.certs.AuthorityStore;
import io.hawser.certs.Change;
import io.hawser.certs.KeyPlace;
import io.hawser.certs.NodeName;
import io.hawser.certs.Rotation;
import io.hawser.certs.RotationKind;
import io.hawser.certs.RotationPhase;
import io.hawser.certs.RotationRequest;
import io.hawser.certs.Rotator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rotate node}, {@code issuing}, {@code root}, {@code status}, {@code next} and {@code abort}. */
@Command(
        name = "rotate",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Replace nodes' certificates, the issuing CA or the root while all nodes run, in phases. Each",
            "phase is handed out by exporting again; the next begins when running nodes were seen to follow."
        },
        subcommands = {
            RotateCommands.Node.class,
            RotateCommands.Issuing.class,
            RotateCommands.Root.class,
            RotateCommands.Status.class,
            RotateNextCommand.class,
            RotateCommands.Abort.class
        },
        footer = {"", "Example:", "  certs-tool rotate root --plan"})
final class RotateCommands {
    private RotateCommands() {}

    /** What the three that begin a rotation have in common. */
    abstract static class Beginning extends Verb {
        @Option(names = "--plan", description = "Print the phases and what each does; change nothing.")
        private boolean plan;

        @Mixin
        private final PassphraseOption pass = new PassphraseOption();

        abstract RotationRequest request();

        @Override
        Outcome run(CertsTool tool) {
            RotationRequest request = request();
            var rotator = new Rotator(store(tool));
            if (plan) {
                rotator.last();
                return new Outcome(
                        false,
                        object(
                                "kind",
                                request.kind().label(),
                                "phases",
                                request.kind().phases().stream()
                                        .map(phase -> object(
                                                "phase",
                                                phase.label(),
                                                "does",
                                                RotationText.does(request.kind(), phase)))
                                        .toList()),
                        RotationText.plan(request.kind()),
                        List.of());
            }
            var secrets = pass.secrets(tool);
            Change<Rotation> change = rotator.begin(request, secrets);
            if (change.value().phase() == RotationPhase.IDLE) {
                return requested(tool, change);
            }
            var text = new ArrayList<String>();
            text.add(done(
                    tool,
                    change.changed(),
                    "The rotation (" + request.kind().label() + ") has begun",
                    "Would begin a rotation (" + request.kind().label() + "):",
                    "The rotation is under way already; nothing changed"));
            if (tool.dryRun()) {
                change.files().forEach(file -> text.add("  " + file));
            } else {
                text.addAll(RotationText.status(change.value()));
            }
            Map<String, Object> result =
                    object("rotation", RotationText.describe(change.value()), "files", change.files());
            return new Outcome(change.changed(), result, text, change.notices());
        }

        /** The root's key is elsewhere, and must sign first. */
        private static Outcome requested(CertsTool tool, Change<Rotation> change) {
            String name = String.join(", ", change.value().coming());
            var text = new ArrayList<String>();
            text.add(done(
                    tool,
                    change.changed(),
                    "Made the key of " + name + ", and a request for the root; its answer begins the rotation",
                    "Would make the key of " + name + ", and a request for the root",
                    "The request for " + name + " is there already; nothing changed"));
            Map<String, Object> result = object("name", name, "state", "requested", "files", change.files());
            var requests = new AuthorityStore(store(tool));
            if (!tool.dryRun()) {
                for (Path request : requests.requests()) {
                    if (request.toString().contains(name)) {
                        String key = requests.requestedKey(request);
                        result.put("request", request.toString());
                        result.put("key", key);
                        text.addAll(CaCommands.howToSign(request));
                        text.add("Its key, to compare there: " + key);
                    }
                }
            }
            return new Outcome(change.changed(), result, text, change.notices());
        }
    }

    /** Where the new keys of CAs shall be. */
    static final class PlaceOptions {
        @Option(
                names = "--signer",
                paramLabel = "SIGNER",
                description = {
                    "Where the new issuing CA's key shall be: pkcs11:URI, exec:COMMAND, or file (default: a file,",
                    "if the present one's is in one; otherwise it must be said)."
                })
        private @Nullable String signer;

        @Option(
                names = "--insecure-unencrypted-ca-keys",
                description = "With --signer file: write the key without a passphrase.")
        private boolean unencrypted;

        @Nullable
        KeyPlace issuing() {
            return signer == null ? null : parse(signer);
        }

        KeyPlace parse(String text) {
            return KeyPlace.parse(text, !unencrypted);
        }
    }

    /** {@code rotate node}. */
    @Command(
            name = "node",
            description = {
                "Give nodes new certificates with new keys, see that they show them, and revoke the old",
                "ones. Nodes that are not due may be rotated too, such as after a suspicion."
            },
            footer = {
                "",
                "Examples:",
                "  certs-tool rotate node --plan",
                "  certs-tool rotate node a@a.orga.test --pass prompt"
            })
    static final class Node extends Beginning {
        @Parameters(arity = "0..*", paramLabel = "NODE", description = "Names of nodes (default: all).")
        private List<String> names = List.of();

        @Override
        RotationRequest request() {
            return new RotationRequest(
                    RotationKind.NODE, names.stream().map(NodeName::parse).toList(), null, null, null, null);
        }
    }

    /** {@code rotate issuing}. */
    @Command(
            name = "issuing",
            description = {
                "Replace the issuing CA, and the nodes' certificates with it. The root signs the new one",
                "now, and revokes the old one in the phase retire. Where the root's key is elsewhere,",
                "write requests, for 'ca sign' on the machine with the root's key."
            },
            footer = {
                "",
                "Examples:",
                "  certs-tool rotate issuing --pass prompt",
                "  certs-tool rotate issuing --offline-root /media/usb/orga --pass prompt",
                "  certs-tool rotate issuing --pass issuing=env:PIN --pass root=prompt \\",
                "    --signer 'pkcs11:token=ca;object=issuing-2?module-path=/usr/lib/softhsm/libsofthsm2.so'"
            })
    static final class Issuing extends Beginning {
        @Option(names = "--offline-root", paramLabel = "DIR", description = "Where the root's key.pem is.")
        private @Nullable Path offlineRoot;

        @Mixin
        private final PlaceOptions places = new PlaceOptions();

        @Override
        RotationRequest request() {
            return new RotationRequest(RotationKind.ISSUING, List.of(), offlineRoot, null, places.issuing(), null);
        }
    }

    /** {@code rotate root}. */
    @Command(
            name = "root",
            description = {
                "Replace the root, the issuing CA below it, and the nodes' certificates. Nodes trust both",
                "roots until all were seen to show certificates of the new one."
            },
            footer = {
                "",
                "Examples:",
                "  certs-tool rotate root --pass prompt",
                "  certs-tool rotate root --offline-root /media/usb/orga --new-offline-root /media/usb/orga-2 \\",
                "    --pass prompt"
            })
    static final class Root extends Beginning {
        @Option(names = "--offline-root", paramLabel = "DIR", description = "Where the present root's key.pem is.")
        private @Nullable Path offlineRoot;

        @Option(
                names = "--new-offline-root",
                paramLabel = "DIR",
                description = "Put the new root's key there instead of into the store.")
        private @Nullable Path newOfflineRoot;

        @Option(
                names = "--root-signer",
                paramLabel = "SIGNER",
                description = "Where the new root's key shall be, like --signer for the issuing CA's.")
        private @Nullable String rootSigner;

        @Mixin
        private final PlaceOptions places = new PlaceOptions();

        @Override
        RotationRequest request() {
            return new RotationRequest(
                    RotationKind.ROOT,
                    List.of(),
                    offlineRoot,
                    newOfflineRoot,
                    places.issuing(),
                    rootSigner == null ? null : places.parse(rootSigner));
        }
    }

    /** {@code rotate status}. */
    @Command(
            name = "status",
            description = "Say how far the rotation has come, and what comes next.",
            footer = {"", "Example:", "  certs-tool rotate status"})
    static final class Status extends Verb {
        @Override
        Outcome run(CertsTool tool) {
            Optional<Rotation> last = new Rotator(store(tool)).last();
            return new Outcome(
                    false,
                    object("rotation", RotationText.describe(last)),
                    last.map(RotationText::status).orElseGet(RotationText::none),
                    List.of());
        }
    }

    /** {@code rotate abort}. */
    @Command(
            name = "abort",
            description = {
                "Undo the rotation: the new CA and its certificates are removed, and the store is as it",
                "was. Export to all nodes again afterwards. Not possible from the phase retire on."
            },
            footer = {"", "Example:", "  certs-tool rotate abort"})
    static final class Abort extends Verb {
        @Mixin
        private final PassphraseOption pass = new PassphraseOption();

        @Override
        Outcome run(CertsTool tool) {
            var secrets = pass.secrets(tool);
            Change<Optional<Rotation>> change = new Rotator(store(tool)).abort(secrets);
            var text = new ArrayList<String>();
            text.add(done(
                    tool,
                    change.changed(),
                    "The rotation is undone; export to all nodes again",
                    "Would undo the rotation:",
                    "No rotation is under way; nothing changed"));
            if (tool.dryRun()) {
                change.files().forEach(file -> text.add("  " + file));
            }
            Map<String, Object> result =
                    object("undone", RotationText.describe(change.value()), "files", change.files());
            return new Outcome(change.changed(), result, text, change.notices());
        }
    }
}
