package io.hawser.dist;

import io.hawser.handshake.DistFlag;

/** The first bytes of packets, and which form of packet a connection uses. */
final class PacketForm {
    static final int PASS_THROUGH = 112;
    static final int VERSION = 131;
    static final int HEADER = 68;
    static final int FIRST_FRAGMENT = 69;
    static final int NEXT_FRAGMENT = 70;

    private PacketForm() {}

    /** Returns whether packets begin with a distribution header rather than the pass-through byte. */
    static boolean hasHeader(long flags) {
        return hasAtomCache(flags) || hasFragments(flags);
    }

    static boolean hasAtomCache(long flags) {
        return DistFlag.DFLAG_DIST_HDR_ATOM_CACHE.in(flags);
    }

    static boolean hasFragments(long flags) {
        return DistFlag.DFLAG_FRAGMENTS.in(flags);
    }
}
