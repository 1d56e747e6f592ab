package io.hawser.node;

/** A name is registered already, or the mailbox has another name. The message says which. */
public final class NameTakenException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    NameTakenException(String message) {
        super(message);
    }
}
