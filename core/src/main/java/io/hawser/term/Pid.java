package io.hawser.term;

import org.jspecify.annotations.Nullable;

/**
 * A process identifier of any node. Immutable.
 *
 * @param node the node that made it, as the atom that stands in it
 * @param id the first number, unsigned 32 bits
 * @param serial the second number, unsigned 32 bits
 * @param creation which incarnation of the node made it, unsigned 32 bits
 */
public record Pid(Atom node, long id, long serial, long creation) implements Term {
    /**
     * Checks the ranges.
     *
     * @param node the node
     * @param id the first number
     * @param serial the second number
     * @param creation the incarnation
     * @throws IllegalArgumentException if a number does not fit 32 unsigned bits
     */
    public Pid {
        Unsigned.check32("pid id", id);
        Unsigned.check32("pid serial", serial);
        Unsigned.check32("pid creation", creation);
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return this == o
                || (o instanceof Pid other
                        && id == other.id
                        && serial == other.serial
                        && creation == other.creation
                        && node.equals(other.node));
    }

    @Override
    public int hashCode() {
        long hash = SecretHash.add(SecretHash.start(node), id);
        return SecretHash.end(SecretHash.add(SecretHash.add(hash, serial), creation));
    }

    @Override
    public String toString() {
        return TermPrinter.print(this);
    }
}
