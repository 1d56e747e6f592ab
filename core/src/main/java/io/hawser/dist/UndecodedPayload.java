package io.hawser.dist;

import io.hawser.etf.DecodeLimits;
import io.hawser.etf.EtfException;
import io.hawser.etf.TermDecoder;
import io.hawser.term.Term;

/** The payload of a large message whose fragments are all there. To be decoded or dropped once, on any thread. */
public final class UndecodedPayload {
    private final FragmentAssembler.Sequence message;
    private final DecodeLimits limits;

    UndecodedPayload(FragmentAssembler.Sequence message, DecodeLimits limits) {
        this.message = message;
        this.limits = limits;
    }

    /**
     * Decodes it.
     *
     * @return the whole signal
     * @throws ProtocolException if the bytes are not a term, or exceed a limit
     */
    public Signal decode() {
        try {
            var decoder = new TermDecoder(message.payload(), limits);
            decoder.atomCacheRefs(message.atoms);
            Term term = decoder.readTerm();
            decoder.requireEnd();
            int heapBytes = Signal.clamp(message.controlHeapBytes + decoder.heapBytes());
            return new Signal(message.control.message(), term, message.wireBytes(), heapBytes);
        } catch (EtfException e) {
            throw new ProtocolException("packet: " + e.getMessage(), e);
        } finally {
            message.release();
        }
    }

    /** Makes room for other messages: nobody waits for this one any longer. */
    public void drop() {
        message.release();
    }
}
