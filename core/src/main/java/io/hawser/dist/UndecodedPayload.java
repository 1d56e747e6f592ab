package io.hawser.dist;

import io.hawser.etf.DecodeLimits;
import io.hawser.etf.EtfException;
import io.hawser.etf.TermDecoder;
import io.hawser.term.Atom;
import io.hawser.term.Term;
import java.nio.ByteBuffer;

/** The payload of a large message whose fragments are all there. To be decoded once, on any thread. */
public final class UndecodedPayload {
    private final FragmentAssembler.Sequence message;
    private final Atom[] atoms;
    private final DecodeLimits limits;

    UndecodedPayload(FragmentAssembler.Sequence message, Atom[] atoms, DecodeLimits limits) {
        this.message = message;
        this.atoms = atoms;
        this.limits = limits;
    }

    /**
     * Decodes it.
     *
     * @return the term
     * @throws ProtocolException if the bytes are not a term, or exceed a limit
     */
    public Term decode() {
        try {
            var decoder = new TermDecoder(ByteBuffer.wrap(message.payload()), limits);
            decoder.atomCacheRefs(atoms);
            Term term = decoder.readTerm();
            decoder.requireEnd();
            return term;
        } catch (EtfException e) {
            throw new ProtocolException("packet: " + e.getMessage(), e);
        } finally {
            message.release();
        }
    }
}
