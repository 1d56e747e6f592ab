package io.hawser.term;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One comparison of two terms that hold terms; see {@link TermOrder}. Not thread-safe; used once. */
final class Comparison {
    private final Deque<Step> steps = new ArrayDeque<>();

    private Comparison() {}

    static int compare(Term a, Term b, boolean exact) {
        if (a == b) {
            return 0;
        }
        int result = compareShapes(a, b, exact);
        if (result != 0 || !holdsTerms(a)) {
            return result;
        }
        var comparison = new Comparison();
        comparison.enter(a, b, exact);
        return comparison.run();
    }

    private static boolean holdsTerms(Term term) {
        List<Term> children = Nesting.children(term);
        return children != null && !children.isEmpty();
    }

    private int run() {
        for (Step step = steps.peek(); step != null; step = steps.peek()) {
            Term a;
            Term b;
            if (step.next < step.common) {
                a = step.left.get(step.next);
                b = step.right.get(step.next);
                step.next++;
            } else {
                steps.pop();
                a = step.leftRest;
                b = step.rightRest;
            }
            if (a == b || a == null || b == null) {
                continue;
            }
            int result = compareShapes(a, b, step.exact);
            if (result != 0) {
                return result;
            }
            if (holdsTerms(a)) {
                enter(a, b, step.exact);
            }
        }
        return 0;
    }

    /** Puts what two terms of the same shape hold on top of the steps. */
    private void enter(Term a, Term b, boolean exact) {
        if (a instanceof MapTerm left && b instanceof MapTerm right) {
            // all keys before any value
            push(left.sorted().valuesInOrder(), right.sorted().valuesInOrder(), exact);
            push(left.sorted().keys(), right.sorted().keys(), true);
        } else if (Kind.of(a) == Kind.LIST) {
            enterLists(a, b, exact);
        } else if (a instanceof NativeRecord left && b instanceof NativeRecord right) {
            push(left.values(), right.values(), true);
        } else if (a instanceof Tuple left && b instanceof Tuple right) {
            push(left.elements(), right.elements(), exact);
        } else if (a instanceof LocalFun left && b instanceof LocalFun right) {
            push(left.free(), right.free(), exact);
        }
    }

    private void push(List<Term> left, List<Term> right, boolean exact) {
        steps.push(new Step(left, right, exact, null, null));
    }

    // Where one list ends, its tail, [] for a proper one, stands opposite what is left of the other: that is a list
    // when
    // it has elements left, and the whole list may take its place, because a tail is never a list itself.
    private void enterLists(Term a, Term b, boolean exact) {
        List<Term> left = elements(a);
        List<Term> right = elements(b);
        Term leftRest = left.size() > right.size() ? a : tail(a);
        Term rightRest = right.size() > left.size() ? b : tail(b);
        steps.push(new Step(left, right, exact, leftRest, rightRest));
    }

    private static List<Term> elements(Term list) {
        return list instanceof ImproperList improper ? improper.elements() : ((ListTerm) list).elements();
    }

    private static Term tail(Term list) {
        return list instanceof ImproperList improper ? improper.tail() : ListTerm.EMPTY;
    }

    /** Compares all but the terms that both terms hold. */
    private static int compareShapes(Term a, Term b, boolean exact) {
        if (a instanceof Atom left && b instanceof Atom right) {
            return compareAtoms(left, right);
        }
        Kind kind = Kind.of(a);
        int result = kind.compareTo(Kind.of(b));
        if (result != 0) {
            return result;
        }
        return switch (kind) {
            case NUMBER -> Numbers.compare(a, b, exact);
            case ATOM -> compareAtoms((Atom) a, (Atom) b);
            case REFERENCE -> compareReferences((Reference) a, (Reference) b);
            case FUN -> compareFuns(a, b);
            case PORT -> comparePorts((Port) a, (Port) b);
            case PID -> comparePids((Pid) a, (Pid) b);
            case TUPLE -> Integer.compare(((Tuple) a).arity(), ((Tuple) b).arity());
            case NATIVE_RECORD -> compareRecords((NativeRecord) a, (NativeRecord) b);
            case MAP -> Integer.compare(((MapTerm) a).size(), ((MapTerm) b).size());
            case NIL, LIST -> 0;
            case BITSTRING -> compareBits(a, b);
        };
    }

    // by code point: UTF-16 order would put U+FFFD after U+10000
    private static int compareAtoms(Atom a, Atom b) {
        String left = a.text();
        String right = b.text();
        int common = Math.min(left.length(), right.length());
        for (int i = 0; i < common; i++) {
            char c = left.charAt(i);
            char d = right.charAt(i);
            if (c != d) {
                // surrogates stand for the code points above all that one char can hold
                int bySurrogate = Boolean.compare(Character.isSurrogate(c), Character.isSurrogate(d));
                return bySurrogate != 0 ? bySurrogate : Character.compare(c, d);
            }
        }
        return Integer.compare(left.length(), right.length());
    }

    private static int compareReferences(Reference a, Reference b) {
        int result = compareNodes(a.node(), a.creation(), b.node(), b.creation());
        for (int i = Reference.MAX_WORDS - 1; i >= 0 && result == 0; i--) {
            result = Integer.compareUnsigned(a.word(i), b.word(i));
        }
        return result;
    }

    private static int compareNodes(Atom node, long creation, Atom otherNode, long otherCreation) {
        int result = compareAtoms(node, otherNode);
        return result != 0 ? result : Long.compare(creation, otherCreation);
    }

    private static int comparePorts(Port a, Port b) {
        int result = compareNodes(a.node(), a.creation(), b.node(), b.creation());
        return result != 0 ? result : Long.compareUnsigned(a.id(), b.id());
    }

    private static int comparePids(Pid a, Pid b) {
        int result = Long.compare(a.serial(), b.serial());
        if (result == 0) {
            result = Long.compare(a.id(), b.id());
        }
        return result != 0 ? result : compareNodes(a.node(), a.creation(), b.node(), b.creation());
    }

    private static int compareFuns(Term a, Term b) {
        if (a instanceof LocalFun left) {
            return b instanceof LocalFun right ? compareLocalFuns(left, right) : -1;
        }
        if (b instanceof LocalFun) {
            return 1;
        }
        var left = (ExternalFun) a;
        var right = (ExternalFun) b;
        int result = compareAtoms(left.module(), right.module());
        if (result == 0) {
            result = compareAtoms(left.function(), right.function());
        }
        return result != 0 ? result : Integer.compare(left.arity(), right.arity());
    }

    private static int compareLocalFuns(LocalFun a, LocalFun b) {
        int result = compareAtoms(a.module(), b.module());
        if (result == 0) {
            result = Long.compare(a.index(), b.index());
        }
        if (result == 0) {
            result = Numbers.compare(a.oldUniq(), b.oldUniq(), true);
        }
        return result != 0 ? result : Integer.compare(a.free().size(), b.free().size());
    }

    private static int compareRecords(NativeRecord a, NativeRecord b) {
        int result = compareAtoms(a.module(), b.module());
        if (result == 0) {
            result = compareAtoms(a.name(), b.name());
        }
        if (result == 0) {
            result = Boolean.compare(a.exported(), b.exported());
        }
        if (result == 0) {
            result = Integer.compare(a.fields().size(), b.fields().size());
        }
        for (int i = 0; i < a.fields().size() && result == 0; i++) {
            result = compareAtoms(a.fields().get(i), b.fields().get(i));
        }
        return result;
    }

    private static int compareBits(Term a, Term b) {
        byte[] left = a instanceof Binary binary ? binary.bytes() : ((Bitstring) a).bytes();
        byte[] right = b instanceof Binary binary ? binary.bytes() : ((Bitstring) b).bytes();
        long leftBits = a instanceof Bitstring bits ? bits.bitSize() : left.length * 8L;
        long rightBits = b instanceof Bitstring bits ? bits.bitSize() : right.length * 8L;
        long common = Math.min(leftBits, rightBits);
        int bytes = (int) (common / 8);
        int result = Arrays.compareUnsigned(left, 0, bytes, right, 0, bytes);
        int rest = (int) (common % 8);
        if (result == 0 && rest > 0) {
            int unused = 8 - rest;
            result = Integer.compare((left[bytes] & 0xFF) >> unused, (right[bytes] & 0xFF) >> unused);
        }
        return result != 0 ? result : Long.compare(leftBits, rightBits);
    }

    /** What is left to compare of two terms: elements up to the common length, then what follows them, if anything. */
    private static final class Step {
        final List<Term> left;
        final List<Term> right;
        final boolean exact;
        final int common;
        final @Nullable Term leftRest;
        final @Nullable Term rightRest;
        int next;

        Step(List<Term> left, List<Term> right, boolean exact, @Nullable Term leftRest, @Nullable Term rightRest) {
            this.left = left;
            this.right = right;
            this.exact = exact;
            this.common = Math.min(left.size(), right.size());
            this.leftRest = leftRest;
            this.rightRest = rightRest;
        }
    }
}
