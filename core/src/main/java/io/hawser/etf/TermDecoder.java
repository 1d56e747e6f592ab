package io.hawser.etf;

import io.hawser.term.Atom;
import io.hawser.term.Term;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads terms in the external term format from one buffer. Checks every length against the bytes that are left before
 * it allocates; never recurses.
 *
 * <p>Not thread-safe; used by one caller at a time.
 *
 * @see <a href="https://www.erlang.org/doc/apps/erts/erl_ext_dist.html">External Term Format</a>
 */
public final class TermDecoder {
    /**
     * Makes a decoder.
     *
     * @param bytes the bytes, position to limit; the position moves as terms are read. Terms do not refer to it after
     * @param limits what is accepted at most
     */
    public TermDecoder(ByteBuffer bytes, DecodeLimits limits) {
        throw new UnsupportedOperationException();
    }

    /**
     * Decodes bytes that hold exactly one term with the version byte 131 in front, as {@code binary_to_term/1} does.
     *
     * @param bytes the bytes
     * @return the term
     * @throws EtfException if they are anything else, bytes left over included
     */
    public static Term decode(byte[] bytes) {
        throw new UnsupportedOperationException();
    }

    /**
     * Makes {@code ATOM_CACHE_REF} legal: index i stands for the i-th atom of the distribution header.
     *
     * @param header the header's atoms in order; null makes references illegal again
     */
    public void atomCacheRefs(Atom @Nullable [] header) {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads one term that has no version byte.
     *
     * @return the term
     * @throws EtfException if the bytes are not a term or exceed a limit
     */
    public Term readTerm() {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads one term with the version byte 131 in front. Bytes may follow it.
     *
     * @return the term
     * @throws EtfException if the bytes are not a term or exceed a limit
     */
    public Term readVersionedTerm() {
        throw new UnsupportedOperationException();
    }

    /**
     * Returns how many bytes are left.
     *
     * @return the number of unread bytes
     */
    public int remaining() {
        throw new UnsupportedOperationException();
    }
}
