package io.hawser.certs;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a new organisation should be.
 *
 * @param config name, namespace and policy
 * @param encryptKeys whether the CA keys are encrypted with a passphrase
 * @param offlineRoot a directory outside the store for the root's key, or null to keep it in the store
 */
public record OrgRequest(
        OrgConfig config, boolean encryptKeys, @Nullable Path offlineRoot) {}
