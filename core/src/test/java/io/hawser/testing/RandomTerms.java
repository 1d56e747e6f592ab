package io.hawser.testing;

import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.Bitstring;
import io.hawser.term.ExternalFun;
import io.hawser.term.FloatTerm;
import io.hawser.term.Int;
import io.hawser.term.IntegerTerm;
import io.hawser.term.ListTerm;
import io.hawser.term.LocalFun;
import io.hawser.term.MapTerm;
import io.hawser.term.NativeRecord;
import io.hawser.term.Pid;
import io.hawser.term.Port;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Terms of all kinds from a seed. */
public final class RandomTerms {
    private static final int LEAF_KINDS = 10;
    private static final String[] CHARACTERS = {"a", "Z", "@", "_", " ", "'", "\u0000", "é", "ÿ", "ж", "漢", "😀"};

    private final Random random;
    private final boolean onlyOtp25;

    /**
     * Makes a source of terms.
     *
     * @param onlyOtp25 leaves out native records, which OTP 25 does not know, local funs, which it would look for, and
     *     map keys other than integers, atoms and binaries: of others it can find a map unequal to what the same bytes
     *     decode to the next time
     */
    public RandomTerms(Random random, boolean onlyOtp25) {
        this.random = random;
        this.onlyOtp25 = onlyOtp25;
    }

    /** Makes a term that nests at most so deep. */
    public Term term(int depth) {
        if (depth == 0 || random.nextInt(3) == 0) {
            return leaf();
        }
        return switch (random.nextInt(onlyOtp25 ? 5 : 7)) {
            case 0 -> new Tuple(terms(depth, size()));
            case 1 -> new ListTerm(terms(depth, size()));
            case 2 -> ListTerm.withTail(terms(depth, 1 + random.nextInt(4)), leaf());
            case 3 -> map(depth);
            case 4 -> bytes();
            case 5 -> fun(depth);
            default -> nativeRecord(depth);
        };
    }

    private Term leaf() {
        return switch (random.nextInt(LEAF_KINDS)) {
            case 0 -> Int.of(random.nextInt(300) - 20);
            case 1 -> Int.of(random.nextLong() >> random.nextInt(Long.SIZE));
            case 2 ->
                IntegerTerm.of(new BigInteger(random.nextInt(3000), random)
                        .multiply(BigInteger.valueOf(random.nextInt(3) - 1)));
            case 3 -> new FloatTerm(finite());
            case 4 -> atom();
            case 5 -> Binary.copyOf(randomBytes(random.nextInt(40)));
            case 6 -> new Bitstring(randomBytes(1 + random.nextInt(5)), 1 + random.nextInt(7));
            case 7 -> pid();
            case 8 ->
                random.nextBoolean()
                        ? new Port(node(), random.nextLong(), random.nextInt() & 0xFFFF_FFFFL)
                        : new Reference(node(), random.nextInt() & 0xFFFF_FFFFL, words());
            default -> new ExternalFun(atom(), atom(), random.nextInt(256));
        };
    }

    private double finite() {
        for (; ; ) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value)) {
                return value;
            }
        }
    }

    private Atom atom() {
        int length = random.nextInt(8) == 0 ? random.nextInt(256) : random.nextInt(6);
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(CHARACTERS[random.nextInt(CHARACTERS.length)]);
        }
        return Atom.of(text.toString());
    }

    private Atom node() {
        return Atom.of("n" + random.nextInt(3) + "@host");
    }

    /** Makes a pid. */
    public Pid pid() {
        return new Pid(
                node(),
                random.nextInt() & 0xFFFF_FFFFL,
                random.nextInt() & 0xFFFF_FFFFL,
                random.nextInt() & 0xFFFF_FFFFL);
    }

    private int[] words() {
        return random.ints(1L + random.nextInt(Reference.MAX_WORDS)).toArray();
    }

    private int size() {
        return random.nextInt(40) == 0 ? 300 : random.nextInt(6);
    }

    private List<Term> terms(int depth, int size) {
        var terms = new ArrayList<Term>(size);
        for (int i = 0; i < size; i++) {
            terms.add(size > 6 ? leaf() : term(depth - 1));
        }
        return terms;
    }

    private MapTerm map(int depth) {
        Map<Term, Term> entries = new HashMap<>();
        for (int i = random.nextInt(40) == 0 ? 60 : random.nextInt(5); i > 0; i--) {
            entries.put(key(), term(depth - 1));
        }
        return new MapTerm(entries);
    }

    private Term key() {
        Term key = leaf();
        boolean isPlain = key instanceof IntegerTerm || key instanceof Atom || key instanceof Binary;
        return onlyOtp25 && !isPlain ? Atom.TRUE : key;
    }

    private ListTerm bytes() {
        return ListTerm.ofBytes(
                randomBytes(random.nextInt(100) == 0 ? 0xFFF0 + random.nextInt(32) : random.nextInt(20)));
    }

    private LocalFun fun(int depth) {
        return new LocalFun(
                atom(),
                random.nextInt(256),
                Binary.copyOf(randomBytes(16)),
                random.nextInt() & 0xFFFF_FFFFL,
                Int.of(random.nextInt(100)),
                Int.of(random.nextInt()),
                pid(),
                terms(depth, random.nextInt(4)));
    }

    private NativeRecord nativeRecord(int depth) {
        List<Term> values = terms(depth, random.nextInt(4));
        var fields = new ArrayList<Atom>();
        for (int i = 0; i < values.size(); i++) {
            fields.add(Atom.of("field" + i));
        }
        return new NativeRecord(atom(), atom(), random.nextBoolean(), fields, values);
    }

    private byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
