package io.hawser.term;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A proper Erlang list, the empty one included. Immutable. A list whose last tail is not {@code []} is an
 * {@link ImproperList}.
 *
 * <p>A string in Erlang is a list of integers, and arrives as one: {@link #asString} reads it as text. A list made by
 * {@link #ofBytes} or {@link #ofString} of Latin-1 text takes one byte per element.
 *
 * @param elements the elements in order
 */
public record ListTerm(List<Term> elements) implements Term {
    /** The empty list, {@code []}. */
    public static final ListTerm EMPTY = new ListTerm(List.of());

    /**
     * Copies the elements.
     *
     * @param elements the elements in order; copied, unless the list comes from {@code List.of}, {@code List.copyOf} or
     *     another term
     */
    public ListTerm {
        elements = Elements.copyOf(elements);
    }

    /**
     * Makes a list.
     *
     * @param elements the elements in order; copied once
     * @return the list
     */
    public static ListTerm of(Term... elements) {
        return elements.length == 0 ? EMPTY : new ListTerm(Elements.of(elements));
    }

    /**
     * Makes a list of elements that come one after the other. Takes memory as they come, not with what the size announces.
     *
     * @param size how many there are, at least 0
     * @param next asked for each of them, in order
     * @return the list
     * @throws IllegalArgumentException if the size is negative
     */
    public static ListTerm generate(int size, Supplier<? extends Term> next) {
        return size == 0 ? EMPTY : new ListTerm(Elements.generate(size, next));
    }

    /**
     * Makes a list of integers 0 to 255, kept as bytes.
     *
     * @param bytes the elements in order, each unsigned; copied
     * @return the list
     */
    public static ListTerm ofBytes(byte... bytes) {
        return bytes.length == 0 ? EMPTY : new ListTerm(new ByteElements(bytes.clone()));
    }

    /**
     * Makes a list of integers 0 to 255, kept as bytes, of what is left in a buffer.
     *
     * @param buffer position to limit are the elements, each unsigned; copied once and consumed
     * @return the list
     */
    public static ListTerm ofBytes(ByteBuffer buffer) {
        if (!buffer.hasRemaining()) {
            return EMPTY;
        }
        var copy = new byte[buffer.remaining()];
        buffer.get(copy);
        return new ListTerm(new ByteElements(copy));
    }

    /**
     * Makes the list that is a string in Erlang: of the text's code points.
     *
     * @param text the text; a lone surrogate becomes an integer like any other character
     * @return the list
     */
    public static ListTerm ofString(String text) {
        if (text.isEmpty()) {
            return EMPTY;
        }
        if (text.chars().allMatch(c -> c <= 0xFF)) {
            return new ListTerm(new ByteElements(text.getBytes(StandardCharsets.ISO_8859_1)));
        }
        return ListTerm.of(text.codePoints().mapToObj(Int::of).toArray(Term[]::new));
    }

    /**
     * Returns the text whose code points the elements are.
     *
     * @return the text, empty for {@code []}; no text if an element is no integer, or none of a Unicode character
     */
    public Optional<String> asString() {
        if (elements instanceof ByteElements bytes) {
            return Optional.of(new String(bytes.toByteArray(), StandardCharsets.ISO_8859_1));
        }
        var text = new StringBuilder(elements.size());
        for (Term element : elements) {
            if (!(element instanceof Int i) || !isCharacter(i.value())) {
                return Optional.empty();
            }
            text.appendCodePoint((int) i.value());
        }
        return Optional.of(text.toString());
    }

    private static boolean isCharacter(long value) {
        return value >= 0
                && value <= Character.MAX_CODE_POINT
                && (value < Character.MIN_SURROGATE || value > Character.MAX_SURROGATE);
    }

    /**
     * Returns the bytes that the elements are.
     *
     * @return a copy of the bytes, none for {@code []}; nothing if an element is not an integer 0 to 255
     */
    public Optional<byte[]> asBytes() {
        if (elements instanceof ByteElements bytes) {
            return Optional.of(bytes.toByteArray());
        }
        var bytes = new byte[elements.size()];
        for (int i = 0; i < bytes.length; i++) {
            if (!(elements.get(i) instanceof Int element) || element.value() < 0 || element.value() > 0xFF) {
                return Optional.empty();
            }
            bytes[i] = (byte) element.value();
        }
        return Optional.of(bytes);
    }

    /**
     * Returns the number of elements.
     *
     * @return the length
     */
    public int size() {
        return elements.size();
    }

    /**
     * Returns one element.
     *
     * @param index which, from 0
     * @return the element
     * @throws IndexOutOfBoundsException if there is none
     */
    public Term element(int index) {
        return elements.get(index);
    }

    /**
     * Puts elements in front of a tail, as {@code [A,B|Tail]} does.
     *
     * @param elements the elements in order
     * @param tail what stands after the bar; a list's elements follow those given
     * @return a {@code ListTerm} or an {@link ImproperList}; the tail itself when there are no elements
     */
    public static Term withTail(List<Term> elements, Term tail) {
        if (elements.isEmpty()) {
            return tail;
        }
        if (tail instanceof ListTerm list) {
            return new ListTerm(joined(elements, list.elements));
        }
        if (tail instanceof ImproperList list) {
            return new ImproperList(joined(elements, list.elements()), list.tail());
        }
        return new ImproperList(elements, tail);
    }

    private static List<Term> joined(List<Term> first, List<Term> second) {
        var all = new ArrayList<Term>(first.size() + second.size());
        all.addAll(first);
        all.addAll(second);
        return all;
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return Nesting.equal(this, o);
    }

    @Override
    public int hashCode() {
        return Nesting.hash(this);
    }

    @Override
    public String toString() {
        return TermPrinter.print(this);
    }
}
