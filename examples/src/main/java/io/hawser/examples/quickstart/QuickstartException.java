package io.hawser.examples.quickstart;

/** The story cannot go on; the message says why. */
final class QuickstartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    QuickstartException(String message) {
        super(message);
    }
}
