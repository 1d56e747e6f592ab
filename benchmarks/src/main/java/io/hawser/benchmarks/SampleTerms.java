package io.hawser.benchmarks;

import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.FloatTerm;
import io.hawser.term.ImproperList;
import io.hawser.term.Int;
import io.hawser.term.IntegerTerm;
import io.hawser.term.ListTerm;
import io.hawser.term.MapTerm;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.math.BigInteger;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The terms that are measured. */
enum SampleTerms {
    /** {@code {tick, 42}}: the smallest message of the node-to-node measurements. */
    TICK,
    /** A gen_server call with an alias tag: {@code {'$gen_call', {Pid, [alias | Ref]}, {put, <<16 bytes>>, <<128 bytes>>}}}. */
    GENCALL,
    /** The list of 0 to 999. */
    INTS1000,
    /** A list of 100 tuples {@code {item, I, <<16 bytes>>, 1.5}}. */
    TUPLES100,
    /** A map of 50 atoms to integers. */
    MAP50,
    /** A binary of 64 KiB. */
    BIN64K,
    /** 64 levels of {@code {n, [I, ...]}}. */
    DEEP,
    /** 2 to the power of 200, and 10. */
    BIGNUM;

    private static final long CREATION = 1_700_000_000;

    Term term() {
        return switch (this) {
            case TICK -> Tuple.of(Atom.of("tick"), Int.of(42));
            case GENCALL -> genCall();
            case INTS1000 -> list(1000, Int::of);
            case TUPLES100 -> list(100, i -> Tuple.of(Atom.of("item"), Int.of(i), binary(16), new FloatTerm(1.5)));
            case MAP50 -> map();
            case BIN64K -> binary(64 * 1024);
            case DEEP -> deep();
            case BIGNUM -> IntegerTerm.of(BigInteger.ONE.shiftLeft(200).add(BigInteger.TEN));
        };
    }

    private static Term genCall() {
        var node = Atom.of("node@127.0.0.1");
        var tag = new ImproperList(List.of(Atom.of("alias")), new Reference(node, CREATION, 200_001, 300_002, 400_003));
        var from = Tuple.of(new Pid(node, 113, 0, CREATION), tag);
        return Tuple.of(Atom.of("$gen_call"), from, Tuple.of(Atom.of("put"), binary(16), binary(128)));
    }

    private static Term list(int size, IntFunction<Term> element) {
        return new ListTerm(IntStream.range(0, size).mapToObj(element).toList());
    }

    private static Term map() {
        var keysAndValues = new Term[100];
        for (int i = 0; i < 50; i++) {
            keysAndValues[2 * i] = Atom.of("key_" + i);
            keysAndValues[2 * i + 1] = Int.of(i * 1000L);
        }
        return MapTerm.of(keysAndValues);
    }

    private static Term deep() {
        Term term = Atom.of("leaf");
        for (int i = 0; i < 64; i++) {
            term = Tuple.of(Atom.of("n"), ListTerm.of(Int.of(i), term));
        }
        return term;
    }

    private static Binary binary(int size) {
        return Binary.copyOf(new byte[size]);
    }
}
