package io.hawser.term;

/**
 * A fun that names an exported function, {@code fun M:F/A} ({@code EXPORT_EXT}). Immutable.
 *
 * @param module the module
 * @param function the function
 * @param arity the number of its arguments, 0 to 255
 */
public record ExternalFun(Atom module, Atom function, int arity) implements Term {
    /**
     * Checks the arity.
     *
     * @param module the module
     * @param function the function
     * @param arity the number of arguments
     * @throws IllegalArgumentException if it is not 0 to 255
     */
    public ExternalFun {
        if (arity < 0 || arity > 255) {
            throw new IllegalArgumentException("external fun: arity " + arity + " (expected: 0 to 255)");
        }
    }

    @Override
    public String toString() {
        return TermPrinter.print(this);
    }
}
