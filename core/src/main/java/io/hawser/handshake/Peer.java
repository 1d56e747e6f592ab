package io.hawser.handshake;

import io.hawser.term.NodeName;

/**
 * A peer that was admitted. Immutable.
 *
 * @param name its node name
 * @param creation its creation, unsigned 32 bits
 * @param flags the {@link DistFlag}s that both sides announced
 * @param proof which cookie proof was used: {@code otp} or {@code strong}
 */
public record Peer(NodeName name, long creation, long flags, String proof) {
    /**
     * Returns whether the connection is a hidden one.
     *
     * @return true unless both sides are visible
     */
    public boolean isHidden() {
        return !DistFlag.DFLAG_PUBLISHED.in(flags);
    }
}
