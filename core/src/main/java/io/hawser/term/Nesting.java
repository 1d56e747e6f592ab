package io.hawser.term;

import java.util.AbstractList;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the terms that hold terms have in common, and the walks over them. A peer decides how deep terms nest, so the
 * walks keep their place in a deque on the heap: the thread's stack does not grow with the term.
 */
final class Nesting {
    /** How many levels {@link #hash} descends by calls, which is faster, before it changes to a deque. */
    private static final int CALL_LEVELS = 16;

    private Nesting() {}

    /**
     * Returns the terms that a term holds: a map's keys and values in turn, an improper list's elements and its tail.
     *
     * @return a list with constant-time access, or null if terms of its class hold none
     */
    static @Nullable List<Term> children(Term term) {
        if (term instanceof Tuple tuple) {
            return tuple.elements();
        } else if (term instanceof ListTerm list) {
            return list.elements();
        } else if (term instanceof MapTerm map) {
            return map.sorted().keysAndValues();
        } else if (term instanceof ImproperList list) {
            return new WithTail(list.elements(), list.tail());
        } else if (term instanceof LocalFun fun) {
            return fun.free();
        } else if (term instanceof NativeRecord nativeRecord) {
            return nativeRecord.values();
        }
        return null;
    }

    /** Returns whether terms of its class can hold terms: whether {@link #children} is a list. */
    static boolean isPossible(Term term) {
        return term instanceof Tuple
                || term instanceof ListTerm
                || term instanceof MapTerm
                || term instanceof ImproperList
                || term instanceof LocalFun
                || term instanceof NativeRecord;
    }

    /** Returns whether two terms are equal as far as their {@link #children} are, if both have such. */
    private static boolean sameShape(Term a, Term b) {
        if (a.getClass() != b.getClass()) {
            return false;
        }
        if (a instanceof LocalFun f && b instanceof LocalFun g) {
            // what OTP compares: not the arity, the MD5, the old index and the creator
            return f.index() == g.index()
                    && f.module().equals(g.module())
                    && f.oldUniq().equals(g.oldUniq());
        }
        if (a instanceof NativeRecord r && b instanceof NativeRecord s) {
            return r.exported() == s.exported()
                    && r.module().equals(s.module())
                    && r.name().equals(s.name())
                    && r.fields().equals(s.fields());
        }
        return true;
    }

    /** Compares terms by {@code =:=}; the {@code equals} of every term that holds terms. */
    static boolean equal(Term first, @Nullable Object second) {
        if (first == second) {
            return true;
        }
        if (!(second instanceof Term b)) {
            return false;
        }
        Term a = first;
        var pending = new Pairs();
        do {
            List<Term> left = children(a);
            List<Term> right = children(b);
            boolean equal = left == null
                    ? a.equals(b)
                    : right != null && sameShape(a, b) && equalChildren(left, right, pending);
            if (!equal) {
                return false;
            }
            a = pending.poll();
            b = pending.poll();
        } while (a != null && b != null);
        return true;
    }

    private static boolean equalChildren(List<Term> left, List<Term> right, Pairs pending) {
        if (left.size() != right.size()) {
            return false;
        }
        if (left instanceof ByteElements bytes && right instanceof ByteElements others) {
            return bytes.sameBytes(others);
        }
        for (int i = 0; i < left.size(); i++) {
            Term a = left.get(i);
            Term b = right.get(i);
            if (a == b) {
                continue;
            }
            if (isPossible(a)) {
                pending.add(a, b);
            } else if (!a.equals(b)) {
                return false;
            }
        }
        return true;
    }

    /** Returns the {@code hashCode} of every term that holds terms: made of all that {@link #equal} compares. */
    static int hash(Term term) {
        return hash(term, 1, CALL_LEVELS);
    }

    // a fold over the term in reading order, so that calls and deque give the same result
    private static int hash(Term term, int hash, int levels) {
        List<Term> children = children(term);
        if (children == null) {
            return 31 * hash + term.hashCode();
        }
        int result = 31 * hash + shapeHash(term, children);
        if (levels == 0) {
            return hashWithDeque(children, result);
        }
        for (int i = 0; i < children.size(); i++) {
            result = hash(children.get(i), result, levels - 1);
        }
        return result;
    }

    private static int hashWithDeque(List<Term> terms, int hash) {
        int result = hash;
        Deque<Iterator<Term>> open = new ArrayDeque<>();
        open.push(terms.iterator());
        for (Iterator<Term> top = open.peek(); top != null; top = open.peek()) {
            if (!top.hasNext()) {
                open.pop();
                continue;
            }
            Term term = top.next();
            List<Term> children = children(term);
            if (children == null) {
                result = 31 * result + term.hashCode();
            } else {
                result = 31 * result + shapeHash(term, children);
                open.push(children.iterator());
            }
        }
        return result;
    }

    private static int shapeHash(Term term, List<Term> children) {
        int hash = Kind.of(term).name().hashCode() + children.size();
        if (term instanceof LocalFun fun) {
            hash = 31 * hash + fun.module().hashCode();
            hash = 31 * hash + Long.hashCode(fun.index());
            hash = 31 * hash + fun.oldUniq().hashCode();
        } else if (term instanceof NativeRecord nativeRecord) {
            hash = 31 * hash + nativeRecord.module().hashCode();
            hash = 31 * hash + nativeRecord.name().hashCode();
            hash = 31 * hash + Boolean.hashCode(nativeRecord.exported());
            hash = 31 * hash + nativeRecord.fields().hashCode();
        }
        return hash;
    }

    /** Pairs of terms yet to be compared, in any order; costs nothing until the first one. */
    private static final class Pairs {
        private @Nullable Deque<Term> terms;

        void add(Term a, Term b) {
            if (terms == null) {
                terms = new ArrayDeque<>();
            }
            terms.push(b);
            terms.push(a);
        }

        @Nullable
        Term poll() {
            return terms == null ? null : terms.poll();
        }
    }

    /** An improper list's elements and its tail. */
    private static final class WithTail extends AbstractList<Term> {
        private final List<Term> elements;
        private final Term tail;

        WithTail(List<Term> elements, Term tail) {
            this.elements = elements;
            this.tail = tail;
        }

        @Override
        public Term get(int index) {
            return index == elements.size() ? tail : elements.get(index);
        }

        @Override
        public int size() {
            return elements.size() + 1;
        }
    }
}
