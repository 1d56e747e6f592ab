package io.hawser.certs.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every command takes that may sign with the root's key: where that key is, and its passphrase. */
class RootKeyOptions extends PassphraseOption {
    @Option(
            names = "--offline-root",
            paramLabel = "DIR",
            description = {
                "The directory with the root's key, when it is not in the organisation's; for two roots, one with a",
                "directory root-1 and a directory root-2."
            })
    private @Nullable Path offlineRoot;

    @Nullable
    Path offlineRoot() {
        return offlineRoot;
    }
}
