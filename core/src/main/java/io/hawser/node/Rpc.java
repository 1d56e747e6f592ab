package io.hawser.node;

import io.hawser.term.Atom;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.time.Duration;
import java.util.List;

/**
 * Calls functions on nodes, as the module {@code rpc}. Stands on {@link Erpc}.
 *
 * <p>Thread-safe: no state.
 */
public final class Rpc {
    private Rpc() {}

    /**
     * Calls a function, as {@code rpc:call/5}: exceptions of class {@code throw} are values there, and so here.
     *
     * @param caller the node that calls
     * @param node the node to call, this one included
     * @param module the module
     * @param function the function
     * @param arguments its arguments
     * @param timeout how long to wait
     * @return its value
     * @throws RpcException for what {@code rpc:call} returns as <code>{badrpc, Reason}</code>
     * @throws InterruptedException if the thread is interrupted while waiting
     */
    public static Term call(
            Node caller, Atom node, Atom module, Atom function, List<? extends Term> arguments, Duration timeout)
            throws InterruptedException {
        try {
            return value(Erpc.call(caller, node, module, function, arguments, timeout));
        } catch (ErlangException e) {
            return value(
                    switch (e.kind()) {
                        case THROW -> e.reason();
                        case EXIT -> throw badRpc(exit(((Tuple) e.reason()).element(1)));
                        case ERROR -> throw badRpc(ofError((Tuple) e.reason()));
                    });
        }
    }

    /** A value that looks like a caught exit is taken for one, as in {@code rpc}. */
    private static Term value(Term value) {
        if (value instanceof Tuple t && t.arity() == 2 && t.element(0).equals(Atoms.EXIT)) {
            throw badRpc(value);
        }
        return value;
    }

    /** From <code>{exception, Reason, Stack}</code> or <code>{erpc, Reason}</code>. */
    private static Term ofError(Tuple reason) {
        if (reason.arity() == 3) {
            return exit(Tuple.of(reason.element(1), reason.element(2)));
        }
        Term why = reason.element(1);
        if (why.equals(Atoms.NOCONNECTION)) {
            return Atoms.NODEDOWN;
        }
        return why.equals(Atoms.TIMEOUT) || why.equals(Atoms.NOTSUP) ? why : exit(why);
    }

    private static Term exit(Term reason) {
        return Tuple.of(Atoms.EXIT, reason);
    }

    private static RpcException badRpc(Term reason) {
        return new RpcException("badrpc: " + Shown.of(reason), reason);
    }

    /**
     * Calls a function and does not wait, as {@code rpc:cast/4}.
     *
     * @param caller the node that calls
     * @param node the node to call, this one included
     * @param module the module
     * @param function the function
     * @param arguments its arguments
     */
    public static void cast(Node caller, Atom node, Atom module, Atom function, List<? extends Term> arguments) {
        Erpc.cast(caller, node, module, function, arguments);
    }
}
