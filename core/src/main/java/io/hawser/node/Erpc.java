package io.hawser.node;

import io.hawser.term.Atom;
import io.hawser.term.ListTerm;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

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
     * @param timeout how long to wait; a function registered at a Hawser node is interrupted then, one of Erlang's runs on
     * @return its value
     * @throws ErlangException what {@code erpc:call} raises: <code>error:{exception, Reason, Stack}</code>,
     *     <code>exit:{exception, Reason}</code>, <code>exit:{signal, Reason}</code>, a throw, or
     *     <code>error:{erpc, Reason}</code> with {@code timeout}, {@code noconnection}, {@code notsup} and others
     * @throws IllegalStateException if the calling node is closed
     * @throws MailboxExitException if the calling node is closed while waiting
     * @throws InterruptedException if the thread is interrupted while waiting
     */
    public static Term call(
            Node caller, Atom node, Atom module, Atom function, List<? extends Term> arguments, Duration timeout)
            throws InterruptedException {
        return call(caller, MailboxOptions.DEFAULT, node, module, function, arguments, timeout);
    }

    /** Calls as the other does, from a mailbox with these options. */
    static Term call(
            Node caller,
            MailboxOptions options,
            Atom node,
            Atom module,
            Atom function,
            List<? extends Term> arguments,
            Duration timeout)
            throws InterruptedException {
        var deadline = Deadline.after(caller.surroundings(), timeout);
        try (Mailbox mailbox = caller.mailbox(options)) { // closing it ends the monitor of a call that is not over
            var request = ErpcRequest.send(mailbox, node, module, function, arguments);
            for (; ; ) {
                Message message = mailbox.receive(deadline.left())
                        .orElseThrow(() -> request.callee().timedOut());
                Term value = request.answer(message);
                if (value != null) {
                    return value;
                }
            }
        }
    }

    /**
     * Calls a function and does not wait, as {@code erpc:send_request/4}.
     *
     * @param caller the node that calls
     * @param node the node to call, this one included
     * @param module the module
     * @param function the function
     * @param arguments its arguments
     * @param timeout when to give up
     * @return completes on the node's executor: with the value, or with an {@link ErlangException} as {@link #call} throws
     *     it, or with a {@link MailboxExitException} when the calling node is closed meanwhile; cancelling it gives the call up
     * @throws IllegalStateException if the calling node is closed
     */
    public static CompletableFuture<Term> callAsync(
            Node caller, Atom node, Atom module, Atom function, List<? extends Term> arguments, Duration timeout) {
        var callee = new ErpcRequest.Callee(node, module, function, arguments.size());
        return AsyncRequest.start(
                caller,
                timeout,
                callee::timedOut,
                mailbox -> ErpcRequest.send(mailbox, node, module, function, arguments)::answer);
    }

    /**
     * Calls a function on several nodes, all at once, as {@code erpc:multicall/5}.
     *
     * @param caller the node that calls
     * @param nodes the nodes to call, this one included
     * @param module the module
     * @param function the function
     * @param arguments its arguments
     * @param timeout how long to wait for all of them
     * @return what came of each call, in the order of the nodes
     * @throws IllegalStateException if the calling node is closed
     * @throws MailboxExitException if the calling node is closed while waiting
     * @throws InterruptedException if the thread is interrupted while waiting
     */
    public static List<Result> multicall(
            Node caller, List<Atom> nodes, Atom module, Atom function, List<? extends Term> arguments, Duration timeout)
            throws InterruptedException {
        var deadline = Deadline.after(caller.surroundings(), timeout);
        Map<Integer, Result> results = new TreeMap<>(); // by the node's place
        try (Mailbox mailbox = caller.mailbox()) {
            Map<Reference, Integer> open = new HashMap<>();
            List<ErpcRequest> requests = new ArrayList<>();
            for (Atom node : nodes) {
                var request = ErpcRequest.send(mailbox, node, module, function, arguments);
                open.put(request.id(), requests.size());
                requests.add(request);
            }
            while (!open.isEmpty()) {
                Optional<Message> message = mailbox.receive(deadline.left());
                if (message.isEmpty()) {
                    break;
                }
                Integer place = ErpcRequest.idOf(message.get()).map(open::get).orElse(null);
                if (place == null) {
                    continue;
                }
                ErpcRequest request = requests.get(place);
                Result result = result(request, nodes.get(place), message.get());
                if (result != null) {
                    results.put(place, result);
                    open.remove(request.id());
                }
            }
            for (int place : open.values()) {
                results.put(
                        place,
                        new Raised(
                                nodes.get(place), requests.get(place).callee().timedOut()));
            }
        }
        return List.copyOf(results.values());
    }

    private static @Nullable Result result(ErpcRequest request, Atom node, Message message) {
        try {
            Term value = request.answer(message);
            return value == null ? null : new Value(node, value);
        } catch (ErlangException e) {
            return new Raised(node, e);
        }
    }

    /**
     * Calls a function and does not wait, as {@code erpc:cast/4}.
     *
     * @param caller the node that calls
     * @param node the node to call, this one included
     * @param module the module
     * @param function the function
     * @param arguments its arguments
     * @throws IllegalStateException if the calling node is closed
     */
    public static void cast(Node caller, Atom node, Atom module, Atom function, List<? extends Term> arguments) {
        try (Mailbox mailbox = caller.mailbox()) {
            List<Term> execute = List.of(module, function, new ListTerm(List.copyOf(arguments)));
            mailbox.spawnRequest(node, Atoms.ERPC, Atoms.EXECUTE_CAST, execute);
        }
    }

    /** What came of one call of {@link #multicall}. */
    public sealed interface Result {
        /**
         * Returns the node that was called.
         *
         * @return the node
         */
        Atom node();

        /**
         * Returns the value.
         *
         * @return the value
         * @throws ErlangException if there is none, as {@link #call} throws it
         */
        Term get();
    }

    /**
     * A value. Immutable.
     *
     * @param node the node that was called
     * @param value what the function returned
     */
    public record Value(Atom node, Term value) implements Result {
        @Override
        public Term get() {
            return value;
        }
    }

    /**
     * No value. Immutable.
     *
     * @param node the node that was called
     * @param exception what {@link #call} would throw
     */
    public record Raised(Atom node, ErlangException exception) implements Result {
        @Override
        public Term get() {
            throw exception;
        }
    }
}
