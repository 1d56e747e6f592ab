package io.hawser.certs;

import org.jspecify.annotations.Nullable;

/**
 * Where the key of a new CA shall be. Immutable.
 *
 * @param signer a token or a command, or null for a file in the store
 * @param encrypted whether such a file is encrypted
 */
public record KeyPlace(@Nullable SignerSpec signer, boolean encrypted) {
    /**
     * A place as the command line names it.
     *
     * @param text {@code file}, or what {@link SignerSpec#parse} takes
     * @param encrypted whether a file is encrypted
     * @return the place
     * @throws CertsException if it is neither ({@code USAGE})
     */
    public static KeyPlace parse(String text, boolean encrypted) {
        return new KeyPlace(text.equals("file") ? null : SignerSpec.parse(text), encrypted);
    }
}
