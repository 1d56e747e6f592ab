package io.hawser.certs;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks a source once, for an operation that opens several keys with one passphrase. Overwrites what it remembers when
 * closed. Not thread-safe; used by one operation.
 */
public final class RememberedSecret implements SecretSource, AutoCloseable {
    private final SecretSource source;
    private char @Nullable [] secret;
    private boolean asked;
    private final IdentityHashMap<SecretSource, RememberedSecret> others = new IdentityHashMap<>();

    /**
     * Remembers what a source gives.
     *
     * @param source asked at most once
     */
    public RememberedSecret(SecretSource source) {
        this.source = source;
    }

    @Override
    public Optional<char[]> passphrase(Use use) {
        if (!asked) {
            secret = source.passphrase(use).orElse(null);
            asked = true;
        }
        return secret == null ? Optional.empty() : Optional.of(secret.clone());
    }

    @Override
    public SecretSource of(String authority) {
        SecretSource particular = source.of(authority);
        return particular == source ? this : others.computeIfAbsent(particular, RememberedSecret::new);
    }

    @Override
    public void close() {
        others.values().forEach(RememberedSecret::close);
        if (secret != null) {
            Arrays.fill(secret, '\0');
        }
    }
}
