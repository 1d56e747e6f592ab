package io.hawser.term;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

/** The elements of a list of integers 0 to 255, kept as bytes: Erlang's strings are such lists. Immutable. */
final class ByteElements extends AbstractList<Term> implements RandomAccess {
    private final byte[] bytes;

    /** @param bytes kept, not copied */
    ByteElements(byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    public Int get(int index) {
        return Int.of(bytes[index] & 0xFF);
    }

    @Override
    public int size() {
        return bytes.length;
    }

    /** Returns a copy, which takes one byte per element again, where a view would keep all of them. */
    @Override
    public List<Term> subList(int from, int to) {
        Objects.checkFromToIndex(from, to, bytes.length);
        return new ByteElements(Arrays.copyOfRange(bytes, from, to));
    }

    byte[] toByteArray() {
        return bytes.clone();
    }

    boolean sameBytes(ByteElements other) {
        return Arrays.equals(bytes, other.bytes);
    }
}
