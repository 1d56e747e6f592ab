package io.hawser.node;

import io.hawser.handshake.DistFlag;
import io.hawser.term.Atom;
import io.hawser.term.ImproperList;
import io.hawser.term.Int;
import io.hawser.term.ListTerm;
import io.hawser.term.Pid;
import io.hawser.term.Printable;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request of the module {@code gen}: {@code {Label, {From, [alias|Ref]}, Request}}, sent to a server that is monitored
 * until it has answered. The reference is monitor and alias, so that a reply that comes too late finds nobody. Immutable.
 *
 * @param caller who waits
 * @param server who is asked
 * @param arguments the arguments of {@code gen_server:call} that an exit names; null if it names none
 * @param ref monitor and alias
 */
record GenRequest(Mailbox caller, Term server, @Nullable ListTerm arguments, Reference ref) {
    private static final Duration MAX_ERLANG_TIMEOUT = Duration.ofMillis(0xFFFF_FFFFL);

    /** Sends a call, as {@link #send}. */
    static GenRequest call(Mailbox caller, Term server, Term request, Duration timeout) {
        return send(caller, Atoms.GEN_CALL, server, request, arguments(server, request, timeout));
    }

    static ListTerm arguments(Term server, Term request, Duration timeout) {
        boolean isLong = timeout.compareTo(MAX_ERLANG_TIMEOUT) > 0;
        Term millis = isLong ? Atoms.INFINITY : Int.of(timeout.isNegative() ? 0 : timeout.toMillis());
        return ListTerm.of(server, request, millis);
    }

    /** Monitors the server and sends a request that is no call; if it cannot be sent nothing stays behind. */
    static GenRequest send(Mailbox caller, Atom label, Term server, Term request) {
        return send(caller, label, server, request, null);
    }

    private static GenRequest send(
            Mailbox caller, Atom label, Term server, Term request, @Nullable ListTerm arguments) {
        LocalProcess self = caller.process();
        if (Address.of(self.kernel, server).process() == self) {
            throw failed(server, Atoms.CALLING_SELF, arguments);
        }
        var sent = new GenRequest(caller, server, arguments, caller.monitor(server, AliasMode.REPLY_DEMONITOR));
        boolean isSent = false;
        try {
            caller.send(server, Tuple.of(label, Tuple.of(caller.self(), sent.tag()), request));
            isSent = true;
        } finally {
            if (!isSent && caller.isAlive()) {
                caller.demonitor(sent.ref, true);
            }
        }
        return sent;
    }

    private Term tag() {
        return new ImproperList(List.of(Atoms.ALIAS), ref);
    }

    /** Waits for the reply. After this returns, or throws, nothing of the request stays behind or comes. */
    Term await(Duration timeout) throws InterruptedException {
        Optional<Message> answer;
        try {
            answer = caller.receive(this::isAnswer, timeout);
        } catch (InterruptedException | RuntimeException e) {
            abandon();
            throw e;
        }
        if (answer.isEmpty()) {
            answer = abandon(); // or it came in the last moment
        } else if (isReply(answer.get())) {
            caller.demonitor(ref, true); // is still there if the reply came to the pid
        }
        return result(answer.orElseThrow(this::timedOut));
    }

    /** Waits no longer. Returns an answer that has come meanwhile. */
    Optional<Message> abandon() throws InterruptedException {
        try {
            caller.demonitor(ref, true);
            Optional<Message> answer = caller.receive(this::isAnswer, Duration.ZERO);
            if (answer.isEmpty() && !repliesThroughAlias()) {
                caller.dropReply(ref);
            }
            return answer;
        } catch (MailboxExitException e) {
            return Optional.empty(); // monitor and alias ended with the mailbox
        }
    }

    private boolean repliesThroughAlias() {
        Kernel kernel = caller.process().kernel;
        Address address = Address.of(kernel, server);
        PeerState peer = kernel.peers.get(address.node());
        return address.isHere()
                || (peer != null
                        && DistFlag.DFLAG_ALIAS.in(peer.connection.peer().flags()));
    }

    /** Returns what a message answers; null if it is no answer to this request. */
    @Nullable
    Term answer(Message message) {
        return isAnswer(message) ? result(message) : null;
    }

    private boolean isAnswer(Message message) {
        return isReply(message)
                || (message instanceof Message.Down down && down.ref().equals(ref));
    }

    private boolean isReply(Message message) {
        return message instanceof Message.Sent sent
                && sent.term() instanceof Tuple t
                && t.arity() == 2
                && t.element(0) instanceof ImproperList tag
                && tag.tail().equals(ref)
                && tag.equals(tag());
    }

    private Term result(Message answer) {
        if (answer instanceof Message.Down down) {
            boolean isLost = down.reason().equals(Atoms.NOCONNECTION);
            throw failed(server, isLost ? nodeDown(down.object()) : down.reason(), arguments);
        }
        return ((Tuple) answer.toTerm()).element(1);
    }

    private static Term nodeDown(Term object) {
        Term node = object instanceof Pid pid ? pid.node() : ((Tuple) object).element(1);
        return Tuple.of(Atoms.NODEDOWN, node);
    }

    CallException timedOut() {
        return failed(server, Atoms.TIMEOUT, arguments);
    }

    /** @param arguments as of the record */
    static CallException failed(Term server, Term reason, @Nullable ListTerm arguments) {
        return new CallException(
                "call to " + Printable.of(server) + ": no reply: " + Printable.of(reason),
                reason,
                arguments == null ? reason : Tuple.of(reason, Tuple.of(Atoms.GEN_SERVER, Atoms.CALL, arguments)));
    }
}
