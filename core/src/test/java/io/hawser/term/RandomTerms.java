package io.hawser.term;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;

/** Terms by chance, the same for the same seed: small ones, so that some of many are equal or nearly so. */
final class RandomTerms {
    private static final String[] ATOMS = {
        "a",
        "b",
        "ok",
        "Ok",
        "",
        "a b",
        "if",
        "maybe",
        "\u00e9t\u00e9",
        "\u00c9",
        "\u65e5\u672c",
        "\ud83d\ude00",
        "it's",
        "a\\b\n\u0001\u007f\u0085\u00a0",
        "x@y_1"
    };
    private static final double[] FLOATS = {
        0.0, -0.0, 1.0, -1.5, 1e10, 1e22, 1e-5, 0x1p53, Double.MIN_VALUE, Double.MAX_VALUE
    };

    private final Random random;

    RandomTerms(long seed) {
        random = new Random(seed);
    }

    /** Returns terms of every kind. */
    List<Term> many(int count) {
        var terms = new ArrayList<Term>(count);
        for (int i = 0; i < count; i++) {
            terms.add(term(3, true));
        }
        return terms;
    }

    /** Returns a term of the kinds that have a syntax. */
    Term printable() {
        return term(4, false);
    }

    private Term term(int depth, boolean allKinds) {
        int kinds = allKinds ? 15 : 11;
        return switch (random.nextInt(depth > 0 ? kinds : 6)) {
            case 0 -> IntegerTerm.of(integer());
            // before OTP 27, 0.0 and -0.0 are one key of a map
            case 1 -> new FloatTerm(allKinds ? number() : number() + 0.0);
            case 2, 3 -> atom();
            case 4 -> Binary.copyOf(bytes());
            case 5 ->
                new Bitstring(new byte[] {(byte) random.nextInt(), (byte) random.nextInt()}, 1 + random.nextInt(7));
            case 6 -> new Tuple(terms(depth, allKinds));
            case 7 -> new ListTerm(terms(depth, allKinds));
            case 8 -> ListTerm.withTail(terms(depth, allKinds), term(depth - 1, allKinds));
            case 9 -> map(depth, allKinds);
            case 10 ->
                random.nextBoolean()
                        ? ListTerm.ofString(ATOMS[random.nextInt(ATOMS.length)])
                        : new ExternalFun(Atom.of("m" + random.nextInt(2)), Atom.of("F"), random.nextInt(3));
            case 11 -> new Pid(atom(), random.nextInt(2), random.nextInt(2), random.nextInt(2));
            case 12 -> new Port(atom(), random.nextInt(3) - 1, random.nextInt(2));
            case 13 ->
                new Reference(
                        atom(),
                        random.nextInt(2),
                        random.ints(1 + random.nextInt(4), -1, 2).toArray());
            default -> fun(depth);
        };
    }

    private Term fun(int depth) {
        if (random.nextBoolean()) {
            var fields = List.of(Atom.of("x"), Atom.of("y"));
            return new NativeRecord(
                    Atom.of("m"), atom(), random.nextBoolean(), fields, List.of(term(depth - 1, true), atom()));
        }
        var creator = new Pid(atom(), random.nextInt(9), 0, 0);
        var uniq = Binary.copyOf(new byte[16]);
        return new LocalFun(
                Atom.of("m"),
                1,
                uniq,
                random.nextInt(2),
                Int.of(0),
                Int.of(random.nextInt(2)),
                creator,
                terms(depth, true));
    }

    private MapTerm map(int depth, boolean allKinds) {
        var entries = new LinkedHashMap<Term, Term>();
        for (int i = random.nextInt(5); i > 0; i--) {
            entries.put(term(depth - 1, allKinds), term(depth - 1, allKinds));
        }
        return new MapTerm(entries);
    }

    private List<Term> terms(int depth, boolean allKinds) {
        var terms = new ArrayList<Term>();
        for (int i = random.nextInt(4); i > 0; i--) {
            terms.add(term(depth - 1, allKinds));
        }
        return terms;
    }

    private Atom atom() {
        return Atom.of(ATOMS[random.nextInt(ATOMS.length)]);
    }

    private byte[] bytes() {
        var bytes = new byte[random.nextInt(5)];
        random.nextBytes(bytes);
        return bytes;
    }

    private BigInteger integer() {
        return random.nextBoolean()
                ? BigInteger.valueOf(random.nextInt(4) - 1)
                : new BigInteger(random.nextInt(200), random).negate();
    }

    /** Returns a float of any magnitude, or a special one. */
    double number() {
        for (; ; ) {
            double value = switch (random.nextInt(4)) {
                case 0 -> FLOATS[random.nextInt(FLOATS.length)];
                case 1 -> Double.longBitsToDouble(random.nextLong());
                case 2 -> random.nextInt(1_000_000) / Math.pow(10, random.nextInt(9));
                default -> random.nextInt(100) * Math.pow(10, random.nextInt(60) - 30);
            };
            if (Double.isFinite(value)) {
                return value;
            }
        }
    }
}
