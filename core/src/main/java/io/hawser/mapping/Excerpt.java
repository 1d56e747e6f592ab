package io.hawser.mapping;

import io.hawser.term.BigInt;
import io.hawser.term.Binary;
import io.hawser.term.Bitstring;
import io.hawser.term.ImproperList;
import io.hawser.term.ListTerm;
import io.hawser.term.MapTerm;
import io.hawser.term.NativeRecord;
import io.hawser.term.Printable;
import io.hawser.term.Term;
import io.hawser.term.TermPrinter;
import io.hawser.term.Tuple;
import java.util.List;

/** Shows terms of a peer in errors: little of them, in one line of printable ASCII, in a time that does not grow with them. */
final class Excerpt {
    private static final int MAX_CHARACTERS = 80;
    private static final int MAX_STEP_CHARACTERS = 40;
    private static final int MAX_TERMS = 24;
    private static final int MAX_BYTES = 64;
    private static final int MAX_INTEGER_BITS = 256;
    private static final int ONE_LINE = 10_000;

    private Excerpt() {}

    /** Returns the beginning of a term; text inside it as text if the term is small. */
    static String of(Term term) {
        return of(term, MAX_CHARACTERS);
    }

    /** Returns a map's key for a path. */
    static String ofKey(Term key) {
        return of(key, MAX_STEP_CHARACTERS);
    }

    private static String of(Term term, int maxCharacters) {
        if (term instanceof BigInt big && big.value().bitLength() > MAX_INTEGER_BITS) {
            return "an integer of " + big.value().bitLength() + " bits";
        }
        String text = budget(term, MAX_TERMS) >= 0
                ? TermPrinter.pretty(term, ONE_LINE)
                : TermPrinter.abbreviate(term, maxCharacters);
        return Printable.of(text, maxCharacters);
    }

    /** Returns what is left of a number of terms and of bytes after this one; less than 0 when it is larger. */
    private static int budget(Term term, int left) {
        if (left <= 0) {
            return -1;
        } else if (term instanceof Tuple tuple) {
            return budget(tuple.elements(), left - 1);
        } else if (term instanceof ListTerm list) {
            return budget(list.elements(), left - 1);
        } else if (term instanceof MapTerm map) {
            if (map.size() > left) {
                return -1;
            }
            int rest = left - 1;
            for (var entry : map.entries().entrySet()) {
                rest = budget(entry.getValue(), budget(entry.getKey(), rest));
            }
            return rest;
        } else if (term instanceof Binary binary) {
            return binary.size() > MAX_BYTES ? -1 : left - 1;
        }
        boolean canBeLarge = term instanceof ImproperList
                || term instanceof Bitstring
                || term instanceof NativeRecord
                || term instanceof BigInt;
        return canBeLarge ? -1 : left - 1;
    }

    private static int budget(List<Term> terms, int left) {
        if (terms.size() > left) {
            return -1;
        }
        int rest = left;
        for (Term term : terms) {
            rest = budget(term, rest);
        }
        return rest;
    }
}
