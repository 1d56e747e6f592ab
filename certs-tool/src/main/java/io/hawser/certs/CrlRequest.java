package io.hawser.certs;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which CRLs should be fresh.
 *
 * @param life how long the issuing CA's CRL is good for from now, or null for what the policy says
 * @param offlineRoot where the root's key is, when it is not in the store; null leaves an offline root alone
 */
public record CrlRequest(@Nullable Duration life, @Nullable Path offlineRoot) {}
