package io.hawser.node;

import io.hawser.term.Term;

/**
 * A {@link GenServer} call got no reply. Says why. Thrown out of a callback or a handler it ends the mailbox as it would in
 * Erlang: with <code>{Reason, {gen_server, call, [Server, Request, Timeout]}}</code>, the timeout in milliseconds; that of
 * {@link GenServer#stop} with the reason alone.
 */
public final class CallException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Term reason;
    private final transient Term exit;

    /** @param exit what a process exits with that does not catch it */
    CallException(String message, Term reason, Term exit) {
        super(message);
        this.reason = reason;
        this.exit = exit;
    }

    /**
     * Returns why there is no reply.
     *
     * @return {@code timeout}, {@code noproc}, <code>{nodedown, Node}</code>, or what the server ended with
     */
    public Term reason() {
        return reason;
    }

    /** What a process exits with that does not catch it. */
    Term exit() {
        return exit;
    }
}
