package io.hawser.certs.cli;

import io.hawser.certs.CertsException;
import io.hawser.certs.ErrorCode;
import io.hawser.certs.SignerSpec;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every command takes that makes a key for a CA: where it shall be, and how it is protected there. */
final class NewKeyOptions extends RootKeyOptions {
    @Option(
            names = "--signer",
            paramLabel = "SIGNER",
            description = {
                "Keep the issuing CA's key in a token, pkcs11:URI as in RFC 7512, or behind a command,",
                "exec:COMMAND, instead of in a file. The README says how."
            })
    private @Nullable String signer;

    @Option(
            names = "--insecure-unencrypted-ca-keys",
            description = "Write CA keys into files without a passphrase; only file permissions then protect them.")
    private boolean unencrypted;

    @Nullable
    SignerSpec signer() {
        return signer == null ? null : SignerSpec.parse(signer);
    }

    /**
     * Whether a key that goes into a file is encrypted.
     *
     * @param keyInFile whether one does
     * @param elsewhere whether a key is in a token, whose PIN {@code --pass} may give
     */
    boolean encrypt(boolean keyInFile, boolean elsewhere) {
        if (isGiven() && unencrypted && !elsewhere) {
            throw choice("--pass and --insecure-unencrypted-ca-keys exclude each other");
        }
        if (keyInFile && !isGiven() && !unencrypted) {
            throw choice("whoever has the CA keys can be any node: say how they are protected");
        }
        return !unencrypted;
    }

    private static CertsException choice(String message) {
        return new CertsException(ErrorCode.PASSPHRASE_CHOICE_MISSING, message)
                .hint("Add --pass prompt (or file:PATH, env:VAR, fd:N) to encrypt them, or"
                        + " --insecure-unencrypted-ca-keys where nothing depends on them");
    }
}
