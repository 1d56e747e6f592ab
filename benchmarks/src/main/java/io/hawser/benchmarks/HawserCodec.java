package io.hawser.benchmarks;

import io.hawser.etf.ByteOutput;
import io.hawser.etf.DecodeLimits;
import io.hawser.etf.TermDecoder;
import io.hawser.etf.TermEncoder;
import io.hawser.term.Term;
import java.nio.ByteBuffer;

/** Our own, as a connection uses it: into the output that its messages go to, out of a heap buffer by its one decoder. */
final class HawserCodec implements Codec {
    private final Term term;
    private final ByteOutput out = new ByteOutput(128 * 1024);
    private final ByteBuffer encoded;
    private final TermDecoder decoder;

    HawserCodec(Term term) {
        this.term = term;
        TermEncoder.write(term, out);
        encoded = ByteBuffer.wrap(out.toByteArray());
        decoder = new TermDecoder(encoded, DecodeLimits.CONNECTION);
        if (!decode().equals(term)) {
            throw new IllegalStateException("codec: a round trip makes another term (expected: the same)");
        }
    }

    @Override
    public int encode() {
        out.truncate(0);
        TermEncoder.write(term, out);
        return out.size();
    }

    @Override
    public Term decode() {
        encoded.rewind();
        decoder.reset(encoded);
        Term decoded = decoder.readTerm();
        decoder.requireEnd();
        return decoded;
    }
}
