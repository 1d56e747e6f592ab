package io.hawser.certs;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a new organisation should be.
 *
 * @param config name, namespace and policy
 * @param encryptKeys whether CA keys in files are encrypted with a passphrase
 * @param offlineRoot a directory outside the store for the root's key, or null to keep it in the store
 * @param rootSigner where the root's key is instead of in a file, or null
 * @param signer where the issuing CA's key is instead of in a file, or null
 */
public record OrgRequest(
        OrgConfig config,
        boolean encryptKeys,
        @Nullable Path offlineRoot,
        @Nullable SignerSpec rootSigner,
        @Nullable SignerSpec signer) {
    /**
     * An organisation whose keys are in files.
     *
     * @param config name, namespace and policy
     * @param encryptKeys whether the CA keys are encrypted with a passphrase
     * @param offlineRoot a directory outside the store for the root's key, or null to keep it in the store
     */
    public OrgRequest(OrgConfig config, boolean encryptKeys, @Nullable Path offlineRoot) {
        this(config, encryptKeys, offlineRoot, null, null);
    }

    /** Where the root's key is when all is as wished, in the word of {@link AuthorityRecord#key}. */
    String rootKey() {
        return offlineRoot != null ? "offline" : inFile(rootSigner);
    }

    String issuingKey() {
        return inFile(signer);
    }

    private String inFile(@Nullable SignerSpec spec) {
        return spec != null ? spec.kind() : encryptKeys ? "encrypted" : "plain";
    }
}
