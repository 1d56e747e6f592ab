package io.hawser.certs;

import java.util.Optional;

/** Where passphrases come from. Called only when one is needed, and never twice for the same operation. */
@FunctionalInterface
public interface SecretSource {
    /** What a passphrase is wanted for. */
    enum Use {
        /** To encrypt new keys; a person is asked twice. */
        PROTECT,
        /** To open existing keys. */
        OPEN
    }

    /**
     * Gives the passphrase.
     *
     * @param use what it is wanted for
     * @return the passphrase, which the caller overwrites after use, or empty when this source stands for none
     * @throws CertsException if the source cannot be read ({@code SECRET_UNAVAILABLE}, {@code UNSAFE_PERMISSIONS})
     */
    Optional<char[]> passphrase(Use use);

    /**
     * The source for one CA's key, where several keys have passphrases of their own.
     *
     * @param authority the CA, such as {@code root-1}
     * @return this source, unless it tells keys apart
     */
    default SecretSource of(String authority) {
        return this;
    }

    /**
     * The source of someone who gave none.
     *
     * @return a source that is always empty
     */
    static SecretSource none() {
        return use -> Optional.empty();
    }
}
