package io.hawser.node;

import io.hawser.term.Term;

/** A mailbox has ended: by a call of its own, by an exit signal, or with its node. Says why. */
public final class MailboxExitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Term reason;

    MailboxExitException(String message, Term reason) {
        super(message);
        this.reason = reason;
    }

    /**
     * Returns the reason the mailbox ended with, as its monitors see it.
     *
     * @return such as {@code normal}, {@code killed} or {@code shutdown}
     */
    public Term reason() {
        return reason;
    }
}
