package io.hawser.node;

import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.Printable;
import io.hawser.term.Tuple;

/** Module, function and arity: what peers name to call or to spawn. Immutable. */
record FunctionKey(Atom module, Atom function, int arity) {
    FunctionKey {
        if (arity < 0 || arity > 255) {
            throw new IllegalArgumentException("arity: " + arity + " (expected: 0 to 255)");
        }
    }

    /** Returns {@code {Module, Function, Arity}}. */
    Tuple toTerm() {
        return Tuple.of(module, function, Int.of(arity));
    }

    @Override
    public String toString() {
        return Printable.of(module) + ":" + Printable.of(function) + "/" + arity;
    }
}
