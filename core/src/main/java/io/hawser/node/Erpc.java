package io.hawser.node;

import io.hawser.term.Atom;
import io.hawser.term.Term;
import java.time.Duration;
import java.util.List;

/**
 * Calls functions on nodes, as the module {@code erpc}. Stands on {@link Mailbox} alone.
 *
 * <p>Thread-safe: no state.
 */
public final class Erpc {
    private Erpc() {}

    /**
     * Calls a function, as {@code erpc:call/5}.
     *
     * @param caller the node that calls
     * @param node the node to call, this one included
     * @param module the module
     * @param function the function
     * @param arguments its arguments
     * @param timeout how long to wait
     * @return its value
     * @throws ErlangException what {@code erpc:call} raises: <code>error:{exception, Reason, Stack}</code>,
     *     <code>exit:{exception, Reason}</code>, <code>exit:{signal, Reason}</code>, a throw, or
     *     <code>error:{erpc, Reason}</code> with {@code timeout}, {@code noconnection}, {@code notsup} and others
     * @throws InterruptedException if the thread is interrupted while waiting
     */
    public static Term call(
            Node caller, Atom node, Atom module, Atom function, List<? extends Term> arguments, Duration timeout)
            throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    /**
     * Calls a function and does not wait, as {@code erpc:cast/4}.
     *
     * @param caller the node that calls
     * @param node the node to call, this one included
     * @param module the module
     * @param function the function
     * @param arguments its arguments
     */
    public static void cast(Node caller, Atom node, Atom module, Atom function, List<? extends Term> arguments) {
        throw new UnsupportedOperationException();
    }
}
