package io.hawser.term;

import org.jspecify.annotations.Nullable;

/**
 * A reference, also an alias, of any node: one to five 32-bit words. Immutable. Two references are equal when node and
 * creation are and the words are after the shorter one is extended with zeros.
 */
public final class Reference implements Term {
    /** The most words a reference can have. */
    public static final int MAX_WORDS = 5;

    private final Atom node;
    private final long creation;
    private final int[] words;

    /**
     * Makes a reference.
     *
     * @param node the node that made it
     * @param creation which incarnation of the node made it, unsigned 32 bits
     * @param words its words, first to last, unsigned; copied
     * @throws IllegalArgumentException if there are not one to five words, or creation does not fit 32 bits
     */
    public Reference(Atom node, long creation, int... words) {
        Unsigned.check32("reference creation", creation);
        if (words.length < 1 || words.length > MAX_WORDS) {
            throw new IllegalArgumentException(
                    "reference: " + words.length + " words (expected: 1 to " + MAX_WORDS + ")");
        }
        this.node = node;
        this.creation = creation;
        this.words = words.clone();
    }

    /**
     * Returns the node that made it.
     *
     * @return the node's atom
     */
    public Atom node() {
        return node;
    }

    /**
     * Returns which incarnation of the node made it.
     *
     * @return the creation, unsigned 32 bits
     */
    public long creation() {
        return creation;
    }

    /**
     * Returns how many words it has.
     *
     * @return one to five
     */
    public int wordCount() {
        return words.length;
    }

    /**
     * Returns one word.
     *
     * @param index which, from 0
     * @return the word's 32 bits; 0 beyond the last one
     */
    public int word(int index) {
        return index < words.length ? words[index] : 0;
    }

    @Override
    public boolean equals(@Nullable Object o) {
        if (!(o instanceof Reference other) || creation != other.creation || !node.equals(other.node)) {
            return false;
        }
        for (int i = 0; i < MAX_WORDS; i++) {
            if (word(i) != other.word(i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        long hash = SecretHash.add(SecretHash.start(node), creation);
        for (int i = 0; i < MAX_WORDS; i++) {
            hash = SecretHash.add(hash, word(i));
        }
        return SecretHash.end(hash);
    }

    @Override
    public String toString() {
        return TermPrinter.print(this);
    }
}
