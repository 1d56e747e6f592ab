package io.hawser.term;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The elements of a tuple or a list, in an array that nobody else has. Immutable.
 *
 * <p>One or two elements are in a list of the JDK's, which has fields for them instead of an array. So that who reads elements
 * meets few classes, longer ones are always here, but for those that {@code List.of} made for a caller.
 */
final class Elements extends AbstractList<Term> implements RandomAccess {
    /** How many elements there is room for at first at most: a peer may have announced more than it will send. */
    static final int FIRST_CAPACITY = 1024;

    private final Object[] array; // of terms: storing into an array of an interface costs a look at what is stored

    private Elements(Object[] array) {
        this.array = array;
    }

    /** Returns the list itself if it cannot change, otherwise a copy that cannot. */
    static List<Term> copyOf(List<Term> elements) {
        return elements instanceof Elements || elements instanceof ByteElements ? elements : List.copyOf(elements);
    }

    static List<Term> of(Term... elements) {
        return switch (elements.length) {
            case 0 -> List.of();
            case 1 -> List.of(elements[0]);
            case 2 -> List.of(elements[0], elements[1]);
            default -> {
                var copy = new Object[elements.length];
                for (int i = 0; i < copy.length; i++) {
                    copy[i] = Objects.requireNonNull(elements[i]);
                }
                yield new Elements(copy);
            }
        };
    }

    /** Makes a list of terms that come one after the other; room for them is made as they come. */
    static List<Term> generate(int size, Supplier<? extends Term> next) {
        return size > 2 ? new Elements(array(size, next)) : few(size, next);
    }

    private static List<Term> few(int size, Supplier<? extends Term> next) {
        return switch (size) {
            case 0 -> List.of();
            case 1 -> List.of(next.get());
            case 2 -> List.of(next.get(), next.get());
            default -> throw new IllegalArgumentException("elements: " + size + " (expected: at least 0)");
        };
    }

    private static Object[] array(int size, Supplier<? extends Term> next) {
        var array = new Object[Math.min(size, FIRST_CAPACITY)];
        for (int i = 0; i < size; i++) {
            if (i == array.length) {
                array = Arrays.copyOf(array, (int) Math.min(size, 2L * i));
            }
            array[i] = Objects.requireNonNull(next.get());
        }
        return array;
    }

    @Override
    public Term get(int index) {
        return (Term) array[index];
    }

    @Override
    public int size() {
        return array.length;
    }

    @Override
    public Object[] toArray() {
        return array.clone();
    }

    @Override
    public void forEach(Consumer<? super Term> action) {
        for (Object element : array) {
            action.accept((Term) element);
        }
    }
}
