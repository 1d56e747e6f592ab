package io.hawser.node;

import io.hawser.term.ImproperList;
import io.hawser.term.ListTerm;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The protocol of {@code gen_server}: calls and casts to servers anywhere, and servers for callers anywhere. Stands on
 * {@link Mailbox} alone.
 *
 * <p>Thread-safe: no state.
 */
public final class GenServer {
    private GenServer() {}

    /**
     * Calls a server from a mailbox, as {@code gen_server:call/3}: sends the request and waits for the reply. A reply that
     * comes too late is dropped. Other messages stay in the mailbox.
     *
     * @param caller who calls
     * @param server a {@link Pid}, a name registered here as {@link io.hawser.term.Atom}, or a tuple
     *     <code>{Name, Node}</code>
     * @param request the request
     * @param timeout how long to wait
     * @return the reply
     * @throws CallException if there is none: {@code timeout}, {@code noproc}, <code>{nodedown, Node}</code>, or what the
     *     server ended with
     * @throws InterruptedException if the thread is interrupted while waiting
     * @throws MailboxExitException if the caller has ended, or ends while waiting
     */
    public static Term call(Mailbox caller, Term server, Term request, Duration timeout) throws InterruptedException {
        long deadline = Deadline.after(timeout);
        Reference ref = caller.monitor(server, AliasMode.REPLY_DEMONITOR);
        Term tag = new ImproperList(List.of(Atoms.ALIAS), ref);
        Predicate<Message> answer = message -> isReply(message, tag) || isDown(message, ref);
        try {
            caller.send(server, Tuple.of(Atoms.GEN_CALL, Tuple.of(caller.self(), tag), request));
            Optional<Message> first = caller.receive(answer, Deadline.left(deadline));
            caller.demonitor(ref, true);
            return result(server, first.isPresent() ? first : caller.receive(answer, Duration.ZERO));
        } catch (InterruptedException e) {
            caller.demonitor(ref, true);
            caller.receive(answer, Duration.ZERO); // a reply that came meanwhile is not left behind
            throw e;
        }
    }

    private static boolean isReply(Message message, Term tag) {
        return message instanceof Message.Sent sent
                && sent.term() instanceof Tuple t
                && t.arity() == 2
                && t.element(0).equals(tag);
    }

    private static boolean isDown(Message message, Reference ref) {
        return message instanceof Message.Down down && down.ref().equals(ref);
    }

    private static Term result(Term server, Optional<Message> answer) {
        if (answer.isEmpty()) {
            throw failed(server, Atoms.TIMEOUT);
        }
        if (answer.get() instanceof Message.Down down) {
            throw failed(server, down.reason().equals(Atoms.NOCONNECTION) ? nodeDown(down.object()) : down.reason());
        }
        return ((Tuple) answer.get().toTerm()).element(1);
    }

    private static Term nodeDown(Term object) {
        Term node = object instanceof Pid pid ? pid.node() : ((Tuple) object).element(1);
        return Tuple.of(Atoms.NODEDOWN, node);
    }

    private static CallException failed(Term server, Term reason) {
        return new CallException("call to " + Shown.of(server) + ": no reply: " + Shown.of(reason), reason);
    }

    /**
     * Calls a server from a mailbox made for this call.
     *
     * @param node who calls
     * @param server as for {@link #call(Mailbox, Term, Term, Duration)}
     * @param request the request
     * @param timeout how long to wait
     * @return the reply
     * @throws CallException if there is none, as for {@link #call(Mailbox, Term, Term, Duration)}
     * @throws InterruptedException if the thread is interrupted while waiting
     */
    public static Term call(Node node, Term server, Term request, Duration timeout) throws InterruptedException {
        try (Mailbox caller = node.mailbox()) {
            return call(caller, server, request, timeout);
        }
    }

    /**
     * Sends a request that is not answered, as {@code gen_server:cast/2}. A server that does not exist is no error.
     *
     * @param sender who sends
     * @param server as for {@link #call(Mailbox, Term, Term, Duration)}
     * @param request the request
     */
    public static void cast(Mailbox sender, Term server, Term request) {
        sender.send(server, Tuple.of(Atoms.GEN_CAST, request));
    }

    /**
     * Serves until the mailbox ends: blocks the calling thread. Exceptions of the callbacks end the mailbox, as for
     * {@link Mailbox#onMessage}.
     *
     * @param mailbox receives the requests
     * @param server handles them, one at a time
     * @return the reason the mailbox ended with
     * @throws InterruptedException if the thread is interrupted while waiting; the mailbox lives on
     */
    public static Term run(Mailbox mailbox, Callbacks server) throws InterruptedException {
        try {
            for (; ; ) {
                dispatch(mailbox, server, mailbox.receive());
            }
        } catch (MailboxExitException e) {
            mailbox.exit(e.reason()); // unless it was this mailbox that ended
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            mailbox.exit(LocalProcess.reasonOf(e));
        }
        return mailbox.exitReason().orElseThrow();
    }

    /**
     * Serves on the node's executor, until the mailbox ends.
     *
     * @param mailbox receives the requests
     * @param server handles them, one at a time
     */
    public static void start(Mailbox mailbox, Callbacks server) {
        mailbox.onMessage(message -> {
            try {
                dispatch(mailbox, server, message);
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                mailbox.exit(LocalProcess.reasonOf(e));
            }
        });
    }

    private static void dispatch(Mailbox mailbox, Callbacks server, Message message) throws Exception {
        Optional<Call> call = Call.parse(message);
        if (call.isPresent()) {
            server.onCall(mailbox, call.get());
        } else if (message instanceof Message.Sent sent
                && sent.term() instanceof Tuple t
                && t.arity() == 2
                && t.element(0).equals(Atoms.GEN_CAST)) {
            server.onCast(mailbox, t.element(1));
        } else {
            server.onInfo(mailbox, message);
        }
    }

    /** What a server does. Called one at a time. */
    public interface Callbacks {
        /**
         * Handles a call. The caller waits until {@link Call#reply} is called, here or later, from any thread.
         *
         * @param self the server's mailbox
         * @param call the request, and where the reply goes
         * @throws Exception ends the mailbox
         */
        void onCall(Mailbox self, Call call) throws Exception;

        /**
         * Handles a cast. Ignores it unless overridden.
         *
         * @param self the server's mailbox
         * @param request the request
         * @throws Exception ends the mailbox
         */
        default void onCast(Mailbox self, Term request) throws Exception {}

        /**
         * Handles any other message. Ignores it unless overridden.
         *
         * @param self the server's mailbox
         * @param message the message
         * @throws Exception ends the mailbox
         */
        default void onInfo(Mailbox self, Message message) throws Exception {}
    }

    /**
     * A call that arrived. Immutable.
     *
     * @param from who calls
     * @param tag what the reply carries back, and where it goes
     * @param request the request
     */
    public record Call(Pid from, Term tag, Term request) {
        /**
         * Reads a message.
         *
         * @param message any message
         * @return the call; empty if it is none
         */
        public static Optional<Call> parse(Message message) {
            return message instanceof Message.Sent sent ? parse(sent.term()) : Optional.empty();
        }

        /**
         * Reads a term.
         *
         * @param term any term
         * @return the call; empty if it is none
         */
        public static Optional<Call> parse(Term term) {
            return term instanceof Tuple message
                            && message.arity() == 3
                            && message.element(0).equals(Atoms.GEN_CALL)
                            && message.element(1) instanceof Tuple caller
                            && caller.arity() == 2
                            && caller.element(0) instanceof Pid from
                    ? Optional.of(new Call(from, caller.element(1), message.element(2)))
                    : Optional.empty();
        }

        /**
         * Returns where the reply goes: the alias in the tag, {@code [alias|Ref]} or {@code [[alias|Ref]|_]}, if there is
         * one.
         *
         * @return a {@link Reference}, otherwise the caller
         */
        public Term replyTo() {
            Reference alias = alias(tag);
            if (alias == null) {
                Term first = tag instanceof ImproperList list ? list.elements().get(0) : null;
                first = tag instanceof ListTerm list && !list.elements().isEmpty()
                        ? list.elements().get(0)
                        : first;
                alias = first == null ? null : alias(first);
            }
            return alias == null ? from : alias;
        }

        private static @Nullable Reference alias(Term term) {
            return term instanceof ImproperList list
                            && list.elements().size() == 1
                            && list.elements().get(0).equals(Atoms.ALIAS)
                            && list.tail() instanceof Reference ref
                    ? ref
                    : null;
        }

        /**
         * Answers.
         *
         * @param server who answers
         * @param reply the reply
         * @throws MailboxExitException if the server has ended
         */
        public void reply(Mailbox server, Term reply) {
            server.send(replyTo(), Tuple.of(tag, reply));
        }
    }
}
