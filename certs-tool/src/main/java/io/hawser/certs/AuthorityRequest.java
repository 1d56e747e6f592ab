package io.hawser.certs;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A further issuing CA.
 *
 * @param name the next after the latest, such as {@code issuing-2}
 * @param life how long it lasts from now, or null for what the policy says
 * @param encryptKey whether its key is encrypted, when it is in a file
 * @param signer where its key is instead of in a file, or null
 * @param offlineRoot where the root's key is, when it is not in the store; null has a request written for an offline root
 */
public record AuthorityRequest(
        String name,
        @Nullable Duration life,
        boolean encryptKey,
        @Nullable SignerSpec signer,
        @Nullable Path offlineRoot) {}
