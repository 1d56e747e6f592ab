package io.hawser.node;

import io.hawser.term.Atom;
import io.hawser.term.ListTerm;
import io.hawser.term.Printable;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call by {@code erpc}: a request to spawn {@code erpc:execute_call/4}, whose exit reason is the result. It ends with
 * the mailbox it is sent from. Immutable.
 *
 * @param id the request's reference, the monitor's too
 * @param resultRef what the result carries
 * @param callee what is called, for errors
 */
record ErpcRequest(Reference id, Reference resultRef, Callee callee) {
    /** A function at a node. */
    record Callee(Atom node, Atom module, Atom function, int arity) {
        @Override
        public String toString() {
            return Printable.of(module) + ":" + Printable.of(function) + "/" + arity + " at "
                    + Printable.of(node.text());
        }

        ErlangException raise(ErlangException.Kind kind, Term reason) {
            return new ErlangException("call to " + this, kind, reason);
        }

        /** What {@code erpc} raises when it is not the function that failed. */
        ErlangException failed(Term reason) {
            return raise(ErlangException.Kind.ERROR, Tuple.of(Atoms.ERPC, reason));
        }

        ErlangException timedOut() {
            return failed(Atoms.TIMEOUT);
        }
    }

    static ErpcRequest send(Mailbox mailbox, Atom node, Atom module, Atom function, List<? extends Term> arguments) {
        Reference resultRef = mailbox.node().makeReference();
        List<Term> execute = List.of(resultRef, module, function, new ListTerm(List.copyOf(arguments)));
        Reference id = mailbox.spawnRequest(node, Atoms.ERPC, Atoms.EXECUTE_CALL, execute, SpawnOption.MONITOR);
        return new ErpcRequest(id, resultRef, new Callee(node, module, function, arguments.size()));
    }

    /** Returns whose answer a message may be. */
    static Optional<Reference> idOf(Message message) {
        if (message instanceof Message.Down down) {
            return Optional.of(down.ref());
        }
        return isSpawnReply(message) && ((Tuple) message.toTerm()).element(1) instanceof Reference id
                ? Optional.of(id)
                : Optional.empty();
    }

    /** Returns the value a message brings, or throws what {@code erpc:call} raises; null if the call is not over. */
    @Nullable
    Term answer(Message message) {
        if (!idOf(message).filter(id::equals).isPresent()) {
            return null;
        }
        if (message instanceof Message.Down down) {
            return result(down.reason());
        }
        Tuple reply = (Tuple) message.toTerm();
        if (reply.element(2).equals(Atom.ERROR)) {
            throw callee.failed(reply.element(3));
        }
        return null;
    }

    private static boolean isSpawnReply(Message message) {
        return message instanceof Message.Sent sent
                && sent.term() instanceof Tuple t
                && t.arity() == 4
                && t.element(0).equals(Atoms.SPAWN_REPLY);
    }

    private Term result(Term reason) {
        if (reason.equals(Atoms.NOCONNECTION)) {
            throw callee.failed(Atoms.NOCONNECTION);
        }
        if (!(reason instanceof Tuple t) || t.arity() < 3 || !t.element(0).equals(resultRef)) {
            throw callee.raise(ErlangException.Kind.EXIT, Tuple.of(Atoms.SIGNAL, reason));
        }
        Term kind = t.element(1);
        Term value = t.element(2);
        if (kind.equals(Atoms.RETURN) && t.arity() == 3) {
            return value;
        }
        if (kind.equals(Atoms.THROW) && t.arity() == 3) {
            throw callee.raise(ErlangException.Kind.THROW, value);
        }
        if (kind.equals(Atoms.EXIT_CLASS) && t.arity() == 3) {
            throw callee.raise(ErlangException.Kind.EXIT, Tuple.of(Atoms.EXCEPTION, value));
        }
        if (kind.equals(Atom.ERROR) && t.arity() == 4) {
            throw callee.raise(ErlangException.Kind.ERROR, Tuple.of(Atoms.EXCEPTION, value, t.element(3)));
        }
        if (kind.equals(Atom.ERROR)
                && value instanceof Tuple erpc
                && erpc.arity() == 2
                && erpc.element(0).equals(Atoms.ERPC)) {
            throw callee.raise(ErlangException.Kind.ERROR, value);
        }
        throw callee.raise(ErlangException.Kind.EXIT, Tuple.of(Atoms.SIGNAL, reason));
    }
}
