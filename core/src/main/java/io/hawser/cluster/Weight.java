package io.hawser.cluster;

import io.hawser.term.Atom;
import io.hawser.term.BigInt;
import io.hawser.term.Binary;
import io.hawser.term.Bitstring;
import io.hawser.term.ExternalFun;
import io.hawser.term.ImproperList;
import io.hawser.term.ListTerm;
import io.hawser.term.LocalFun;
import io.hawser.term.MapTerm;
import io.hawser.term.NativeRecord;
import io.hawser.term.Pid;
import io.hawser.term.Port;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** About how many bytes of heap terms take, rounded up and as if nothing were shared. Stateless. */
final class Weight {
    /** An atom but for its text, a number, a pid, and where it is kept. */
    private static final int ANY = 48;

    /** What a container takes on top, with its list and the array in it. */
    private static final int CONTAINER = 48;

    private Weight() {}

    /** Keeps its place on the heap, as a peer decides how deep terms nest. */
    static long of(Term term) {
        long bytes = 0;
        Deque<Iterator<? extends Term>> open = new ArrayDeque<>();
        open.push(List.of(term).iterator());
        while (!open.isEmpty()) {
            if (!open.element().hasNext()) {
                open.pop();
                continue;
            }
            Term each = open.element().next();
            bytes += ANY + content(each) + (parts(each, open) ? CONTAINER : 0);
        }
        return bytes;
    }

    private static long content(Term term) {
        if (term instanceof Atom atom) {
            return atom.text().length();
        } else if (term instanceof Binary binary) {
            return binary.size();
        } else if (term instanceof Bitstring bits) {
            return bits.bitSize() / 8;
        } else if (term instanceof BigInt number) {
            return number.value().bitLength() / 8;
        } else if (term instanceof Pid pid) {
            return pid.node().text().length();
        } else if (term instanceof Port port) {
            return port.node().text().length();
        } else if (term instanceof Reference reference) {
            return (long) reference.node().text().length() + ANY;
        }
        return 0;
    }

    /** Has the parts of a container looked at; returns whether it is one. */
    private static boolean parts(Term term, Deque<Iterator<? extends Term>> open) {
        if (term instanceof Tuple tuple) {
            open.push(tuple.elements().iterator());
        } else if (term instanceof ListTerm list) {
            open.push(list.elements().iterator());
        } else if (term instanceof ImproperList list) {
            open.push(list.elements().iterator());
            open.push(List.of(list.tail()).iterator());
        } else if (term instanceof MapTerm map) {
            open.push(map.entries().keySet().iterator());
            open.push(map.entries().values().iterator());
        } else if (term instanceof LocalFun fun) {
            open.push(fun.free().iterator());
            open.push(List.of(fun.module(), fun.uniq(), fun.oldIndex(), fun.oldUniq(), fun.creator())
                    .iterator());
        } else if (term instanceof ExternalFun fun) {
            open.push(List.of(fun.module(), fun.function()).iterator());
        } else if (term instanceof NativeRecord fields) {
            open.push(fields.fields().iterator());
            open.push(fields.values().iterator());
            open.push(List.of(fields.module(), fields.name()).iterator());
        } else {
            return false;
        }
        return true;
    }
}
