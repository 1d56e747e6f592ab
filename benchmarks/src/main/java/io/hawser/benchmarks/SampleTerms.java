package io.hawser.benchmarks;

import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.ImproperList;
import io.hawser.term.Int;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.List;

/** The terms that are measured. */
enum SampleTerms {
    /** {@code {tick, 123456}}: the smallest message of the node-to-node measurements. */
    TICK,
    /** A gen_server call with an alias tag. */
    GENCALL,
    /** A binary of 1 KiB in a tuple. */
    K1;

    Term term() {
        return switch (this) {
            case TICK -> Tuple.of(Atom.of("tick"), Int.of(123_456));
            case GENCALL -> genCall();
            case K1 -> Tuple.of(Atom.of("data"), Binary.copyOf(new byte[1024]));
        };
    }

    private static Term genCall() {
        var node = Atom.of("client@host.example.org");
        var tag = new ImproperList(List.of(Atom.of("alias")), new Reference(node, 77, 1, 2, 3));
        var from = Tuple.of(new Pid(node, 101, 0, 77), tag);
        return Tuple.of(Atom.of("$gen_call"), from, Tuple.of(Atom.of("get"), Binary.utf8("some key")));
    }
}
