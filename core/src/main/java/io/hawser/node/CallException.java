package io.hawser.node;

import io.hawser.term.Term;

/** A {@link GenServer} call got no reply. Says why. */
public final class CallException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Term reason;

    CallException(String message, Term reason) {
        super(message);
        this.reason = reason;
    }

    /**
     * Returns why there is no reply.
     *
     * @return {@code timeout}, {@code noproc}, <code>{nodedown, Node}</code>, or what the server ended with
     */
    public Term reason() {
        return reason;
    }
}
