package io.hawser.peer;

import io.hawser.dist.PacketWriter;
import io.hawser.term.Binary;
import io.hawser.term.ListTerm;
import io.hawser.term.MapTerm;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A cheap guess at how large a term is, so that a large one is not encoded under a lock that others wait for, nor while
 * there is no room for it. A wrong guess costs time, nothing else.
 */
final class LargeTerms {
    private static final int LARGE_BYTES = PacketWriter.WHOLE_BYTES;
    private static final int ELEMENT_BYTES = 16;
    private static final int LOOKED_AT = 8;
    private static final int DEPTH = 4;

    private LargeTerms() {}

    /** Returns about how many bytes a term takes if that is more than fits one packet, else 0. */
    static long largeSize(@Nullable Term term) {
        if (term == null) {
            return 0;
        }
        long size = sizeOf(term, DEPTH);
        return size > LARGE_BYTES ? size : 0;
    }

    private static long sizeOf(Term term, int depth) {
        if (term instanceof Binary binary) {
            return binary.size();
        } else if (term instanceof Tuple tuple) {
            return sizeOf(tuple.elements(), depth);
        } else if (term instanceof ListTerm list) {
            return sizeOf(list.elements(), depth);
        } else if (term instanceof MapTerm map) {
            return sizeOf(map.entries().values(), depth);
        }
        return ELEMENT_BYTES;
    }

    /** Looks at the first few elements, and takes them for typical of the others. */
    private static long sizeOf(Collection<? extends Term> elements, int depth) {
        long count = elements.size();
        if (depth == 0 || count == 0) {
            return ELEMENT_BYTES * (count + 1);
        }
        long sum = 0;
        int seen = 0;
        for (Term element : elements) {
            sum += sizeOf(element, depth - 1);
            if (++seen == LOOKED_AT) {
                break;
            }
        }
        return ELEMENT_BYTES + sum * count / seen;
    }
}
