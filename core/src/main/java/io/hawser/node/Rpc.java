package io.hawser.node;

import io.hawser.term.Atom;
import io.hawser.term.Term;
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
        throw new UnsupportedOperationException();
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
