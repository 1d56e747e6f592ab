package io.hawser.etf;

/** Bytes are not a term in the external term format, or exceed a {@link DecodeLimits limit}. */
public final class EtfException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message where, what was found, what was expected
     */
    public EtfException(String message) {
        super(message, null, false, false); // hostile bytes must not cost a stack walk each
    }
}
