package io.hawser.certs.cli;

import io.hawser.certs.AuthorityRecord;
import io.hawser.certs.AuthorityRequest;
import io.hawser.certs.AuthorityStore;
import io.hawser.certs.Change;
import io.hawser.certs.IssuedAuthority;
import io.hawser.certs.LifeSpan;
import io.hawser.certs.OrgStore;
import io.hawser.certs.SignerSpec;
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

/** {@code ca list}, {@code issue-intermediate} and {@code rekey}; {@code sign} and {@code install} are in a file of their own. */
@Command(
        name = "ca",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "List the CAs, and make issuing CAs, also where the root's key is on another machine.",
        subcommands = {
            CaCommands.ListAuthorities.class,
            CaCommands.IssueIntermediate.class,
            CaCommands.Rekey.class,
            CaRootCommands.Sign.class,
            CaRootCommands.Install.class
        },
        footer = {"", "Example:", "  certs-tool ca rekey issuing-1 --pass prompt"})
final class CaCommands {
    private CaCommands() {}

    /** {@code ca list}. */
    @Command(
            name = "list",
            description = "List the CAs, how long they last, and where their keys are.",
            footer = {"", "Example:", "  certs-tool ca list"})
    static final class ListAuthorities extends Verb {
        @Override
        Outcome run(CertsTool tool) {
            OrgStore store = store(tool);
            store.config();
            List<AuthorityRecord> authorities = store.authorities();
            List<Path> requests = new AuthorityStore(store).requests();
            var text = new ArrayList<>(
                    AuthorityText.table(authorities, tool.clock().instant()));
            requests.forEach(request -> text.add("Waits for the root's signature: " + request));
            return new Outcome(
                    false,
                    object(
                            "authorities",
                            AuthorityText.describe(authorities),
                            "requests",
                            requests.stream().map(Path::toString).toList()),
                    text,
                    List.of());
        }
    }

    /** {@code ca issue-intermediate}. */
    @Command(
            name = "issue-intermediate",
            description = {
                "Make a further issuing CA, which issues from then on. Where the root's key is elsewhere,",
                "make its key and write a request, for 'ca sign' on the machine with the root's key."
            },
            footer = {
                "",
                "Examples:",
                "  certs-tool ca issue-intermediate issuing-2 --pass prompt",
                "  certs-tool ca issue-intermediate issuing-2 --offline-root /media/usb/orga --pass prompt"
            })
    static final class IssueIntermediate extends Verb {
        @Parameters(paramLabel = "CA", description = "Its name, the next after the latest: issuing-2.")
        private String name = "";

        @Option(
                names = "--life",
                paramLabel = "LIFE",
                description = "How long it lasts (default: the policy's issuing_life, 2y).")
        private @Nullable String life;

        @Mixin
        private final NewKeyOptions keys = new NewKeyOptions();

        @Override
        Outcome run(CertsTool tool) {
            return issue(tool, name, life, keys);
        }
    }

    /** {@code ca rekey}. */
    @Command(
            name = "rekey",
            description = {
                "Replace an issuing CA by one with a new key and the next number. Nodes move to it when they",
                "are renewed. 'rotate issuing' does the same step by step, with proof that every node follows."
            },
            footer = {
                "",
                "Examples:",
                "  certs-tool ca rekey issuing-1 --pass prompt",
                "  certs-tool ca rekey issuing-1 --pass issuing=env:PIN --pass root=prompt \\",
                "    --signer 'pkcs11:token=ca;object=issuing-2?module-path=/usr/lib/softhsm/libsofthsm2.so'"
            })
    static final class Rekey extends Verb {
        @Parameters(paramLabel = "CA", description = "The issuing CA that is replaced.")
        private String name = "";

        @Option(
                names = "--life",
                paramLabel = "LIFE",
                description = "How long the new one lasts (default: the policy's issuing_life, 2y).")
        private @Nullable String life;

        @Mixin
        private final NewKeyOptions keys = new NewKeyOptions();

        @Override
        Outcome run(CertsTool tool) {
            String successor = new AuthorityStore(store(tool)).successor(name, keys.signer());
            return issue(tool, successor, life, keys);
        }
    }

    private static Outcome issue(CertsTool tool, String name, @Nullable String life, NewKeyOptions keys) {
        var secrets = keys.secrets(tool);
        SignerSpec signer = keys.signer();
        boolean encrypt = keys.encrypt(signer == null, signer != null);
        OrgStore store = Verb.store(tool);
        Change<IssuedAuthority> change = new AuthorityStore(store)
                .issue(
                        new AuthorityRequest(
                                name, life == null ? null : LifeSpan.parse(life), encrypt, signer, keys.offlineRoot()),
                        secrets);
        Optional<Path> request = change.value().request();
        Map<String, Object> result = Verb.object(
                "name", name, "state", request.isPresent() ? "requested" : "issued", "files", change.files());
        request.ifPresent(file -> result.put("request", file.toString()));
        change.value().authority().ifPresent(authority -> result.put("authority", AuthorityText.describe(authority)));
        var text = new ArrayList<String>();
        text.add(Verb.done(
                tool,
                change.changed(),
                request.isPresent() ? "Made the key of " + name + ", and a request for the root" : "Made " + name,
                "Would make " + name,
                request.isPresent()
                        ? "The request for " + name + " is there already; nothing changed"
                        : name + " is there already; nothing changed"));
        request.ifPresent(file -> text.addAll(howToSign(file)));
        if (request.isPresent() && !tool.dryRun()) {
            String fingerprint = new AuthorityStore(store).requestedKey(request.get());
            result.put("key", fingerprint);
            text.add("Its key, to compare there: " + fingerprint);
        }
        return new Outcome(change.changed(), result, text, change.notices());
    }

    /** What to type where, for a request. */
    static List<String> howToSign(Path request) {
        return List.of(
                "  there  certs-tool ca sign " + request.getFileName()
                        + " --out answer.json --offline-root DIR --pass prompt",
                "  here   certs-tool ca install answer.json --pass prompt",
                "The request is " + request);
    }
}
