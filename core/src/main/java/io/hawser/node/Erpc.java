package io.hawser.node;

import io.hawser.term.Atom;
import io.hawser.term.ListTerm;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
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
        long deadline = Deadline.after(timeout);
        try (Mailbox mailbox = caller.mailbox()) { // closing it ends the monitor of a call that is not over
            Reference resultRef = caller.makeReference();
            List<Term> execute = List.of(resultRef, module, function, new ListTerm(List.copyOf(arguments)));
            Reference id = mailbox.spawnRequest(node, Atoms.ERPC, Atoms.EXECUTE_CALL, execute, SpawnOption.MONITOR);
            for (; ; ) {
                Message message = mailbox.receive(Deadline.left(deadline)).orElseThrow(() -> erpc(Atoms.TIMEOUT));
                if (message instanceof Message.Down down && down.ref().equals(id)) {
                    return result(down.reason(), resultRef);
                }
                if (isRefusal(message, id)) {
                    throw erpc(((Tuple) message.toTerm()).element(3));
                }
            }
        }
    }

    private static boolean isRefusal(Message message, Reference id) {
        return message instanceof Message.Sent sent
                && sent.term() instanceof Tuple t
                && t.arity() == 4
                && t.element(0).equals(Atoms.SPAWN_REPLY)
                && t.element(1).equals(id)
                && t.element(2).equals(Atom.ERROR);
    }

    /** What {@code erpc:execute_call/4} ended with says how the call ended. */
    private static Term result(Term reason, Reference resultRef) {
        if (reason.equals(Atoms.NOCONNECTION)) {
            throw erpc(Atoms.NOCONNECTION);
        }
        if (!(reason instanceof Tuple t) || t.arity() < 3 || !t.element(0).equals(resultRef)) {
            throw ErlangException.exit(Tuple.of(Atoms.SIGNAL, reason));
        }
        Term kind = t.element(1);
        Term value = t.element(2);
        if (kind.equals(Atoms.RETURN) && t.arity() == 3) {
            return value;
        }
        if (kind.equals(Atoms.THROW) && t.arity() == 3) {
            throw ErlangException.thrown(value);
        }
        if (kind.equals(Atoms.EXIT_CLASS) && t.arity() == 3) {
            throw ErlangException.exit(Tuple.of(Atoms.EXCEPTION, value));
        }
        if (kind.equals(Atom.ERROR) && t.arity() == 4) {
            throw ErlangException.error(Tuple.of(Atoms.EXCEPTION, value, t.element(3)));
        }
        if (kind.equals(Atom.ERROR)
                && value instanceof Tuple erpc
                && erpc.arity() == 2
                && erpc.element(0).equals(Atoms.ERPC)) {
            throw ErlangException.error(value);
        }
        throw ErlangException.exit(Tuple.of(Atoms.SIGNAL, reason));
    }

    private static ErlangException erpc(Term reason) {
        return ErlangException.error(Tuple.of(Atoms.ERPC, reason));
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
        try (Mailbox mailbox = caller.mailbox()) {
            List<Term> execute = List.of(module, function, new ListTerm(List.copyOf(arguments)));
            mailbox.spawnRequest(node, Atoms.ERPC, Atoms.EXECUTE_CAST, execute);
        }
    }
}
