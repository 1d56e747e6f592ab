package io.hawser.node;

import io.hawser.term.Term;

/** What {@code rpc:call} gives back as <code>{badrpc, Reason}</code>. */
public final class RpcException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Term reason;

    RpcException(String message, Term reason) {
        super(message);
        this.reason = reason;
    }

    /**
     * Returns the reason.
     *
     * @return {@code nodedown}, {@code timeout}, <code>{'EXIT', _}</code>, or the atom a spawn failed with
     */
    public Term reason() {
        return reason;
    }
}
