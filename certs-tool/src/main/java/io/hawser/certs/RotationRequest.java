package io.hawser.certs;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to rotate.
 *
 * @param kind nodes' certificates, the issuing CA, or the root
 * @param nodes which nodes, when nodes are rotated; empty for all
 * @param offlineRoot where the present root's key is, when it is not in the store, or null
 * @param newOfflineRoot the directory where a new root's key shall be, or null for the store
 * @param issuingKey where the key of a new issuing CA shall be; null for a file like the present one's, which must be one
 * @param rootKey the same for a new root
 */
public record RotationRequest(
        RotationKind kind,
        List<NodeName> nodes,
        @Nullable Path offlineRoot,
        @Nullable Path newOfflineRoot,
        @Nullable KeyPlace issuingKey,
        @Nullable KeyPlace rootKey) {
    /**
     * Copies the nodes.
     *
     * @param kind nodes' certificates, the issuing CA, or the root
     * @param nodes which nodes, when nodes are rotated; empty for all
     * @param offlineRoot where the present root's key is, when it is not in the store, or null
     * @param newOfflineRoot the directory where a new root's key shall be, or null for the store
     * @param issuingKey where the key of a new issuing CA shall be; null for a file like the present one's, which must be
     *     one
     * @param rootKey the same for a new root
     */
    public RotationRequest {
        nodes = List.copyOf(nodes);
    }

    /**
     * A rotation of everything of a kind, with all keys in files of the store.
     *
     * @param kind nodes' certificates, the issuing CA, or the root
     * @return the request
     */
    public static RotationRequest of(RotationKind kind) {
        return new RotationRequest(kind, List.of(), null, null, null, null);
    }
}
