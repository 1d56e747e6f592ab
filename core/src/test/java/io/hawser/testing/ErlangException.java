package io.hawser.testing;

/** An evaluated Erlang expression raised an exception. */
public final class ErlangException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String errorClass;
    private final String reason;

    ErlangException(String expression, String errorClass, String reason) {
        super("erl: " + errorClass + ": " + reason + " in: " + expression);
        this.errorClass = errorClass;
        this.reason = reason;
    }

    /** Returns {@code error}, {@code exit} or {@code throw}. */
    public String errorClass() {
        return errorClass;
    }

    /** Returns the reason as Erlang prints it. */
    public String reason() {
        return reason;
    }
}
