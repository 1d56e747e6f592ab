package io.hawser.handshake;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Distribution flags: what a node can do, announced in the handshake. A connection has those that both sides announce.
 *
 * @see <a href="https://www.erlang.org/doc/apps/erts/erl_dist_protocol.html#distribution-flags">Distribution flags</a>
 */
public enum DistFlag {
    /** The node is visible. */
    DFLAG_PUBLISHED(0),
    /** References of several words. */
    DFLAG_EXTENDED_REFERENCES(2),
    /** Monitors. */
    DFLAG_DIST_MONITOR(3),
    /** Funs. */
    DFLAG_FUN_TAGS(4),
    /** Monitors of registered names. */
    DFLAG_DIST_MONITOR_NAME(5),
    /** {@code NEW_FUN_EXT}. */
    DFLAG_NEW_FUN_TAGS(7),
    /** Pids and ports with more bits. */
    DFLAG_EXTENDED_PIDS_PORTS(8),
    /** {@code EXPORT_EXT}. */
    DFLAG_EXPORT_PTR_TAG(9),
    /** {@code BIT_BINARY_EXT}. */
    DFLAG_BIT_BINARIES(10),
    /** {@code NEW_FLOAT_EXT}. */
    DFLAG_NEW_FLOATS(11),
    /** Unicode in the I/O protocol. */
    DFLAG_UNICODE_IO(12),
    /** Distribution headers with an atom cache. */
    DFLAG_DIST_HDR_ATOM_CACHE(13),
    /** {@code SMALL_ATOM_EXT}. */
    DFLAG_SMALL_ATOM_TAGS(14),
    /** UTF-8 atoms. */
    DFLAG_UTF8_ATOMS(16),
    /** Maps. */
    DFLAG_MAP_TAG(17),
    /** 32-bit creations. */
    DFLAG_BIG_CREATION(18),
    /** {@code SEND_SENDER}. */
    DFLAG_SEND_SENDER(19),
    /** Any term as a sequential trace label. */
    DFLAG_BIG_SEQTRACE_LABELS(20),
    /** Exit reasons as a message of their own. */
    DFLAG_EXIT_PAYLOAD(22),
    /** Fragmented messages. */
    DFLAG_FRAGMENTS(23),
    /** Handshake version 6. */
    DFLAG_HANDSHAKE_23(24),
    /** The link protocol with ids. */
    DFLAG_UNLINK_ID(25),
    /** Stands for every flag that OTP 25 requires. */
    DFLAG_MANDATORY_25_DIGEST(26),
    /** Spawn requests. */
    DFLAG_SPAWN(32),
    /** The initiator asks for a name. */
    DFLAG_NAME_ME(33),
    /** 64-bit ports, 32-bit pid numbers, references of five words. */
    DFLAG_V4_NC(34),
    /** Sends to aliases. */
    DFLAG_ALIAS(35),
    /** {@code ALTACT_SIG_SEND}, OTP 28. */
    DFLAG_ALTACT_SIG(37),
    /** Native records, OTP 29. */
    DFLAG_NATIVE_RECORDS(38);

    /** The flags a peer must announce, as OTP 26 and newer require them; OTP 25 announces them too. */
    public static final long MANDATORY = 0x403070F94L;

    /** The flags that {@link #DFLAG_MANDATORY_25_DIGEST} stands for. */
    public static final long MANDATORY_25 = 0x1070F94L;

    /** What a hidden Hawser node announces: fragments without an atom cache. */
    public static final long RECOMMENDED_HIDDEN = 0xD07DF4FBCL;

    /** What a visible Hawser node announces. */
    public static final long RECOMMENDED_VISIBLE = RECOMMENDED_HIDDEN | 1L;

    private final long mask;

    DistFlag(int bit) {
        mask = 1L << bit;
    }

    /**
     * Returns the flag's bit.
     *
     * @return the bit's value
     */
    public long mask() {
        return mask;
    }

    /**
     * Returns whether a set of flags holds this one.
     *
     * @param flags the set
     * @return true if it does
     */
    public boolean in(long flags) {
        return (flags & mask) != 0;
    }

    /**
     * Adds the flags that {@link #DFLAG_MANDATORY_25_DIGEST} stands for if it is set.
     *
     * @param flags the flags as received
     * @return the flags as meant
     */
    public static long expand(long flags) {
        return DFLAG_MANDATORY_25_DIGEST.in(flags) ? flags | MANDATORY_25 : flags;
    }

    /**
     * Returns the flags that a set of bits holds; bits that stand for no flag are left out.
     *
     * @param flags the bits
     * @return the flags in the order of their bits, unmodifiable
     */
    public static Set<DistFlag> setOf(long flags) {
        var set = EnumSet.noneOf(DistFlag.class);
        for (DistFlag flag : values()) {
            if (flag.in(flags)) {
                set.add(flag);
            }
        }
        return Collections.unmodifiableSet(set);
    }
}
