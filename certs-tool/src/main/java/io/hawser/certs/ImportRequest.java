package io.hawser.certs;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A partner's bundle, and what somebody confirmed about it.
 *
 * @param where what to call the bundle, such as its file's name
 * @param bundle the bundle's bytes
 * @param fingerprint of the partner's root, as the partner told over another channel; null when nobody did
 * @param org the name the partner is expected to have, or null for the one it says
 * @param domain the domain the partner is expected to have, or null for the one it says
 * @param crossLife how long the cross-certificate lasts from now
 * @param allow the partner's nodes that are accepted; empty for all on its roster
 * @param offlineRoot where our root's key is, when it is not in the store, or null
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; read once
public record ImportRequest(
        String where,
        byte[] bundle,
        @Nullable String fingerprint,
        @Nullable String org,
        @Nullable String domain,
        Duration crossLife,
        List<NodeName> allow,
        @Nullable Path offlineRoot) {
    /** How long a cross-certificate lasts unless told otherwise. */
    public static final Duration CROSS_LIFE = Duration.ofDays(365);

    /**
     * Copies the names.
     *
     * @param where what to call the bundle, such as its file's name
     * @param bundle the bundle's bytes
     * @param fingerprint of the partner's root, as the partner told over another channel; null when nobody did
     * @param org the name the partner is expected to have, or null for the one it says
     * @param domain the domain the partner is expected to have, or null for the one it says
     * @param crossLife how long the cross-certificate lasts from now
     * @param allow the partner's nodes that are accepted; empty for all on its roster
     * @param offlineRoot where our root's key is, when it is not in the store, or null
     */
    public ImportRequest {
        allow = List.copyOf(allow);
    }

    /**
     * A bundle with the fingerprint that was confirmed, and the usual rest.
     *
     * @param where what to call the bundle
     * @param bundle the bundle's bytes
     * @param fingerprint of the partner's root
     * @return the request
     */
    public static ImportRequest of(String where, byte[] bundle, String fingerprint) {
        return new ImportRequest(where, bundle, fingerprint, null, null, CROSS_LIFE, List.of(), null);
    }
}
