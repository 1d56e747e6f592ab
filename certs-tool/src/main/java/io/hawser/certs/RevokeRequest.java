package io.hawser.certs;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * What is revoked: all live certificates of a node, one generation of it, or one serial number.
 *
 * @param node the node, or null when a serial number is given
 * @param generation one of the node's certificates, or null for all that are not over
 * @param serial a certificate's number, or null when a node is given
 * @param reason why
 */
public record RevokeRequest(
        @Nullable NodeName node,
        @Nullable Integer generation,
        @Nullable BigInteger serial,
        RevocationReason reason) {
    /**
     * All live certificates of a node.
     *
     * @param node the node
     * @param reason why
     * @return the request
     */
    public static RevokeRequest of(NodeName node, RevocationReason reason) {
        return new RevokeRequest(node, null, null, reason);
    }

    /**
     * One certificate, whoever has it.
     *
     * @param serial its number
     * @param reason why
     * @return the request
     */
    public static RevokeRequest of(BigInteger serial, RevocationReason reason) {
        return new RevokeRequest(null, null, serial, reason);
    }
}
