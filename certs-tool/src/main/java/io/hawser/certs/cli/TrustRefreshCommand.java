package io.hawser.certs.cli;

import io.hawser.certs.Change;
import io.hawser.certs.Partner;
import io.hawser.certs.TrustStore;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code trust refresh}. */
@Command(
        name = "refresh",
        description = {
            "Bring a partner up to date with its newer bundle. Needs no fingerprint: the bundle's",
            "signature ties it to the root that was confirmed, and a new root must be signed by that one.",
            "An older bundle is refused."
        },
        footer = {"", "Example:", "  certs-tool trust refresh orgb.bundle.json --pass prompt"})
final class TrustRefreshCommand extends Verb {
    @Parameters(paramLabel = "FILE", description = "The partner's bundle; - is standard input.")
    private String file = "";

    @Mixin
    private final RootKeyOptions keys = new RootKeyOptions();

    @Override
    Outcome run(CertsTool tool) {
        var secrets = keys.secrets(tool);
        Change<Partner> change =
                new TrustStore(store(tool)).refresh(file, Input.any(tool, file), keys.offlineRoot(), secrets);
        return TrustCommands.outcome(tool, List.of(change));
    }
}
