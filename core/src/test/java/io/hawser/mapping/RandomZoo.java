package io.hawser.mapping;

import io.hawser.term.Pid;
import io.hawser.term.Term;
import io.hawser.testing.RandomTerms;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/** Values of records, enums and sealed interfaces of all forms from a seed. */
final class RandomZoo {
    private static final String[] CHARACTERS = {
        "a", "Z", "_", " ", "'", "\u0000", "\u00e9", "\u0436", "\u6f22", "\ud83d\ude00"
    };

    private final Random random;
    private final RandomTerms terms;

    /** @param onlyOtp25 leaves out terms that OTP 25 does not keep */
    RandomZoo(Random random, boolean onlyOtp25) {
        this.random = random;
        this.terms = new RandomTerms(random, onlyOtp25);
    }

    enum Diet {
        LEAVES,
        MEAT,
        @Name("what it finds")
        ANYTHING
    }

    sealed interface Animal permits Mammal, Fish, Egg, Fossil {}

    sealed interface Mammal extends Animal permits Cat, Herd {}

    record Cat(String name, int lives, Optional<Diet> diet) implements Mammal {}

    record Herd(List<Animal> animals, Set<Diet> diets) implements Mammal {}

    @AsMap
    record Fish(double length, Optional<List<String>> names) implements Animal {}

    record Egg() implements Animal {}

    @AsStruct("Zoo.Fossil")
    record Fossil(BigInteger age, @Name("where?") @AsAtom String place) implements Animal {}

    record Box<T>(T value) {}

    @AsTuple(tagged = false)
    record Numbers(byte b, short s, int i, long l, BigInteger big, double d, float f, char c) {}

    @AsMap(tagKey = "kind", keys = TextForm.BINARY)
    record Texts(
            String binary, @AsAtom String atom, @AsCharlist String list) {}

    record Zoo(
            Numbers numbers,
            Texts texts,
            boolean open,
            Box<Animal> star,
            List<Animal> animals,
            Map<@AsAtom String, List<Integer>> visits,
            Map<Diet, Box<Optional<Long>>> feeds,
            Set<Numbers> sizes,
            Term anything,
            Pid keeper) {}

    Zoo zoo() {
        Map<Diet, Box<Optional<Long>>> feeds = new HashMap<>();
        for (Diet diet : Diet.values()) {
            feeds.put(diet, new Box<>(maybe(random::nextLong)));
        }
        Map<String, List<Integer>> visits = new HashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            visits.put(text(5), List.copyOf(list(3, random::nextInt)));
        }
        return new Zoo(
                numbers(),
                new Texts(text(20), text(20), text(20)),
                random.nextBoolean(),
                new Box<>(animal(3)),
                list(4, () -> animal(3)),
                visits,
                feeds,
                new HashSet<>(list(4, this::numbers)),
                terms.term(3),
                terms.pid());
    }

    private Animal animal(int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 5)) {
            case 0 -> new Cat(text(8), random.nextInt(10), maybe(this::diet));
            case 1 -> new Fish(random.nextDouble(), maybe(() -> list(3, () -> text(3))));
            case 2 -> new Egg();
            case 3 -> new Fossil(new BigInteger(random.nextInt(100), random), text(5));
            default -> new Herd(list(4, () -> animal(depth - 1)), Set.copyOf(list(3, this::diet)));
        };
    }

    private Numbers numbers() {
        return new Numbers(
                (byte) random.nextInt(),
                (short) random.nextInt(),
                random.nextInt(),
                random.nextLong(),
                new BigInteger(random.nextInt(200), random).negate(),
                random.nextGaussian(),
                random.nextFloat(),
                (char) random.nextInt(Character.MIN_SURROGATE));
    }

    private Diet diet() {
        Diet[] all = Diet.values();
        return all[random.nextInt(all.length)];
    }

    private String text(int maxCharacters) {
        var text = new StringBuilder();
        for (int i = random.nextInt(maxCharacters + 1); i > 0; i--) {
            text.append(CHARACTERS[random.nextInt(CHARACTERS.length)]);
        }
        return text.toString();
    }

    private <T> Optional<T> maybe(Supplier<T> value) {
        return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
    }

    private <T> List<T> list(int maxSize, Supplier<T> value) {
        var list = new ArrayList<T>();
        for (int i = random.nextInt(maxSize + 1); i > 0; i--) {
            list.add(value.get());
        }
        return list;
    }
}
