package io.hawser.peer;

import io.hawser.dist.PacketWriter;
import io.hawser.term.Binary;
import io.hawser.term.ListTerm;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cheap guess at whether a term is large, so that it is not encoded under a lock that others wait for. A wrong guess
 * costs time, nothing else.
 */
final class LargeTerms {
    private static final int LARGE_BYTES = PacketWriter.FRAGMENT_BYTES;
    private static final int LARGE_COUNT = LARGE_BYTES / 16;
    private static final int LOOKED_AT = 8;
    private static final int DEPTH = 4;

    private LargeTerms() {}

    static boolean isLarge(@Nullable Term term) {
        return term != null && isLarge(term, DEPTH);
    }

    private static boolean isLarge(Term term, int depth) {
        if (term instanceof Binary binary) {
            return binary.size() > LARGE_BYTES;
        } else if (term instanceof Tuple tuple) {
            return isLarge(tuple.elements(), depth);
        } else if (term instanceof ListTerm list) {
            return isLarge(list.elements(), depth);
        }
        return false;
    }

    private static boolean isLarge(List<Term> elements, int depth) {
        if (elements.size() > LARGE_COUNT) {
            return true;
        }
        for (int i = 0; depth > 0 && i < Math.min(elements.size(), LOOKED_AT); i++) {
            if (isLarge(elements.get(i), depth - 1)) {
                return true;
            }
        }
        return false;
    }
}
