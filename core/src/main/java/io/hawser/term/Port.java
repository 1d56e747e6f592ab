package io.hawser.term;

/**
 * A port identifier of any node. Immutable.
 *
 * @param node the node that made it
 * @param id its number, all 64 bits used, unsigned
 * @param creation which incarnation of the node made it, unsigned 32 bits
 */
public record Port(Atom node, long id, long creation) implements Term {
    /**
     * Checks the ranges.
     *
     * @param node the node
     * @param id its number
     * @param creation the incarnation
     * @throws IllegalArgumentException if the creation does not fit 32 unsigned bits
     */
    public Port {
        Unsigned.check32("port creation", creation);
    }

    @Override
    public String toString() {
        return TermPrinter.print(this);
    }
}
