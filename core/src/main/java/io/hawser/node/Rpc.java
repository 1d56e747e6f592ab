package io.hawser.node;

import io.hawser.node.ErpcRequest.Callee;
import io.hawser.term.Atom;
import io.hawser.term.Printable;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

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
     * @throws IllegalStateException if the calling node is closed
     * @throws MailboxExitException if the calling node is closed while waiting
     * @throws InterruptedException if the thread is interrupted while waiting
     */
    public static Term call(
            Node caller, Atom node, Atom module, Atom function, List<? extends Term> arguments, Duration timeout)
            throws InterruptedException {
        return call(caller, MailboxOptions.DEFAULT, node, module, function, arguments, timeout);
    }

    /**
     * Calls a function as {@link #call(Node, Atom, Atom, Atom, List, Duration)} does, from a mailbox with options: one
     * {@linkplain MailboxOptions#withAsyncDist that does not wait for room} has the timeout cover that, too.
     *
     * @param caller the node that calls
     * @param options of the mailbox that is made for the call
     * @param node the node to call, this one included
     * @param module the module
     * @param function the function
     * @param arguments its arguments
     * @param timeout how long to wait
     * @return its value
     * @throws RpcException for what {@code rpc:call} returns as <code>{badrpc, Reason}</code>
     * @throws IllegalStateException if the calling node is closed
     * @throws MailboxExitException if the calling node is closed while waiting
     * @throws InterruptedException if the thread is interrupted while waiting
     */
    public static Term call(
            Node caller,
            MailboxOptions options,
            Atom node,
            Atom module,
            Atom function,
            List<? extends Term> arguments,
            Duration timeout)
            throws InterruptedException {
        var callee = new Callee(node, module, function, arguments.size());
        try {
            return value(callee, Erpc.call(caller, options, node, module, function, arguments, timeout));
        } catch (ErlangException e) {
            return value(callee, e);
        }
    }

    /**
     * Calls a function and does not wait, as {@code rpc:async_call/4}.
     *
     * @param caller the node that calls
     * @param node the node to call, this one included
     * @param module the module
     * @param function the function
     * @param arguments its arguments
     * @param timeout when to give up
     * @return completes on the node's executor: with the value, or with an {@link RpcException}, or with a
     *     {@link MailboxExitException} when the calling node is closed meanwhile; cancelling it gives the call up
     * @throws IllegalStateException if the calling node is closed
     */
    public static CompletableFuture<Term> callAsync(
            Node caller, Atom node, Atom module, Atom function, List<? extends Term> arguments, Duration timeout) {
        var callee = new Callee(node, module, function, arguments.size());
        return AsyncRequest.start(caller, timeout, () -> badRpc(callee, Atoms.TIMEOUT), mailbox -> {
            var request = ErpcRequest.send(mailbox, node, module, function, arguments);
            return message -> {
                try {
                    Term value = request.answer(message);
                    return value == null ? null : value(callee, value);
                } catch (ErlangException e) {
                    return value(callee, e);
                }
            };
        });
    }

    /**
     * Calls a function on several nodes, all at once, as {@code rpc:multicall/5}.
     *
     * @param caller the node that calls
     * @param nodes the nodes to call, this one included
     * @param module the module
     * @param function the function
     * @param arguments its arguments
     * @param timeout how long to wait for all of them
     * @return the values, and the nodes that gave none
     * @throws IllegalStateException if the calling node is closed
     * @throws MailboxExitException if the calling node is closed while waiting
     * @throws InterruptedException if the thread is interrupted while waiting
     */
    public static MultiResult multicall(
            Node caller, List<Atom> nodes, Atom module, Atom function, List<? extends Term> arguments, Duration timeout)
            throws InterruptedException {
        List<Term> results = new ArrayList<>();
        List<Atom> bad = new ArrayList<>();
        for (Erpc.Result result : Erpc.multicall(caller, nodes, module, function, arguments, timeout)) {
            var callee = new Callee(result.node(), module, function, arguments.size());
            try {
                results.add(
                        result instanceof Erpc.Raised raised
                                ? value(callee, raised.exception())
                                : value(callee, result.get()));
            } catch (RpcException e) {
                if (e.reason().equals(Atoms.NODEDOWN) || e.reason().equals(Atoms.TIMEOUT)) {
                    bad.add(result.node());
                } else {
                    results.add(Tuple.of(Atoms.BADRPC, e.reason()));
                }
            }
        }
        return new MultiResult(results, bad);
    }

    /**
     * Calls a function and does not wait, as {@code rpc:cast/4}.
     *
     * @param caller the node that calls
     * @param node the node to call, this one included
     * @param module the module
     * @param function the function
     * @param arguments its arguments
     * @throws IllegalStateException if the calling node is closed
     */
    public static void cast(Node caller, Atom node, Atom module, Atom function, List<? extends Term> arguments) {
        Erpc.cast(caller, node, module, function, arguments);
    }

    /**
     * What came of {@link #multicall}. Immutable.
     *
     * @param results a value for each node that was there, in the order of the nodes; <code>{badrpc, Reason}</code> where the
     *     function failed
     * @param badNodes the nodes that could not be reached or did not answer in time
     */
    public record MultiResult(List<Term> results, List<Atom> badNodes) {
        /**
         * Makes one.
         *
         * @param results copied
         * @param badNodes copied
         */
        public MultiResult {
            results = List.copyOf(results);
            badNodes = List.copyOf(badNodes);
        }
    }

    private static Term value(Callee callee, ErlangException raised) {
        return value(
                callee,
                switch (raised.kind()) {
                    case THROW -> raised.reason();
                    case EXIT -> throw badRpc(callee, exit(((Tuple) raised.reason()).element(1)));
                    case ERROR -> throw badRpc(callee, ofError((Tuple) raised.reason()));
                });
    }

    /** A value that looks like a caught exit is taken for one, as in {@code rpc}. */
    private static Term value(Callee callee, Term value) {
        if (value instanceof Tuple t && t.arity() == 2 && t.element(0).equals(Atoms.EXIT)) {
            throw badRpc(callee, value);
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

    private static RpcException badRpc(Callee callee, Term reason) {
        return new RpcException("call to " + callee + ": badrpc: " + Printable.of(reason), reason);
    }
}
