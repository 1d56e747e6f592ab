package io.hawser.node;

import io.hawser.term.Atom;
import io.hawser.term.ImproperList;
import io.hawser.term.ListTerm;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
     * comes too late is dropped. Other messages stay in the mailbox. What the timeout does not cut short is the wait for
     * room that every {@link Mailbox#send(Term, Term)} may have to do.
     *
     * @param caller who calls
     * @param server a {@link Pid}, a name registered here as {@link Atom}, or a tuple
     *     <code>{Name, Node}</code>
     * @param request the request
     * @param timeout how long to wait
     * @return the reply
     * @throws CallException if there is none: {@code timeout}, {@code noproc}, <code>{nodedown, Node}</code>,
     *     {@code calling_self}, or what the server ended with
     * @throws IllegalArgumentException if the server is nothing one can call
     * @throws InterruptedException if the thread is interrupted while waiting
     * @throws MailboxExitException if the caller has ended, or ends while waiting
     */
    public static Term call(Mailbox caller, Term server, Term request, Duration timeout) throws InterruptedException {
        var deadline = Deadline.after(caller.node().surroundings(), timeout);
        return GenRequest.call(caller, server, request, timeout).await(deadline.left());
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
     * @throws IllegalArgumentException if the server is nothing one can call
     * @throws IllegalStateException if the node is closed
     * @throws MailboxExitException if the node is closed while waiting
     * @throws InterruptedException if the thread is interrupted while waiting
     */
    public static Term call(Node node, Term server, Term request, Duration timeout) throws InterruptedException {
        try (Mailbox caller = node.mailbox()) {
            return call(caller, server, request, timeout);
        }
    }

    /**
     * Calls a server and does not wait, as {@code gen_server:send_request}.
     *
     * @param node who calls
     * @param server as for {@link #call(Mailbox, Term, Term, Duration)}
     * @param request the request
     * @param timeout when to give up
     * @return completes on the node's executor: with the reply, or with a {@link CallException}, or with a
     *     {@link MailboxExitException} when the node is closed meanwhile; cancelling it gives the call up
     * @throws IllegalArgumentException if the server is nothing one can call
     * @throws IllegalStateException if the node is closed
     */
    public static CompletableFuture<Term> callAsync(Node node, Term server, Term request, Duration timeout) {
        return AsyncRequest.start(node, timeout, () -> timedOut(server, request, timeout), caller -> {
            GenRequest sent = GenRequest.call(caller, server, request, timeout);
            return sent::answer;
        });
    }

    private static CallException timedOut(Term server, Term request, Duration timeout) {
        return GenRequest.failed(server, Atoms.TIMEOUT, GenRequest.arguments(server, request, timeout));
    }

    /**
     * Calls the servers that have one name at several nodes, all at once, as {@code gen_server:multi_call/4}.
     *
     * @param caller who calls
     * @param nodes the nodes, this one included if it is in the list; each once however often it is named
     * @param name the servers' name
     * @param request the request
     * @param timeout how long to wait for all of them
     * @return who answered what, and who did not answer in time
     * @throws InterruptedException if the thread is interrupted while waiting
     * @throws MailboxExitException if the caller has ended, or ends while waiting
     */
    public static MultiReply multiCall(Mailbox caller, List<Atom> nodes, Atom name, Term request, Duration timeout)
            throws InterruptedException {
        return MultiRequest.call(caller, nodes, name, request, timeout);
    }

    /**
     * What several servers answered. Immutable.
     *
     * @param replies the replies by node, in the order of the nodes
     * @param badNodes the nodes whose server did not answer: there is none, it ended, it was too slow
     */
    public record MultiReply(Map<Atom, Term> replies, List<Atom> badNodes) {
        /**
         * Makes one.
         *
         * @param replies copied
         * @param badNodes copied
         */
        public MultiReply {
            replies = Collections.unmodifiableMap(new LinkedHashMap<>(replies));
            badNodes = List.copyOf(badNodes);
        }
    }

    /**
     * Stops a server in order, as {@code gen_server:stop/3}, and waits until it has ended: any process that understands
     * system messages.
     *
     * @param node who stops it
     * @param server as for {@link #call(Mailbox, Term, Term, Duration)}
     * @param reason what it shall end with
     * @param timeout how long to wait
     * @throws CallException if it does not end, or ends with another reason: as for
     *     {@link #call(Mailbox, Term, Term, Duration)}
     * @throws IllegalArgumentException if the server is nothing one can call
     * @throws IllegalStateException if the node is closed
     * @throws MailboxExitException if the node is closed while waiting
     * @throws InterruptedException if the thread is interrupted while waiting
     */
    public static void stop(Node node, Term server, Term reason, Duration timeout) throws InterruptedException {
        var deadline = Deadline.after(node.surroundings(), timeout);
        try (Mailbox caller = node.mailbox()) {
            Reference watch = caller.monitor(server);
            Term terminate = Tuple.of(Atoms.TERMINATE, reason);
            Term answer =
                    GenRequest.send(caller, Atoms.SYSTEM, server, terminate).await(deadline.left());
            if (!answer.equals(Atom.OK)) {
                throw GenRequest.failed(server, answer, null);
            }
            Term end = caller.receive(
                            m -> m instanceof Message.Down d && d.ref().equals(watch), deadline.left())
                    .map(down -> ((Message.Down) down).reason())
                    .orElse(Atoms.TIMEOUT);
            if (!end.equals(reason)) {
                throw GenRequest.failed(server, end, null);
            }
        }
    }

    /**
     * Sends a request that is not answered, as {@code gen_server:cast/2}. A server that does not exist is no error.
     *
     * @param sender who sends
     * @param server as for {@link #call(Mailbox, Term, Term, Duration)}
     * @param request the request
     * @throws IllegalArgumentException if the server is nothing one can send to
     * @throws MailboxExitException if the sender has ended
     */
    public static void cast(Mailbox sender, Term server, Term request) {
        sender.send(server, Tuple.of(Atoms.GEN_CAST, request));
    }

    /**
     * Sends a request that is not answered from no process in particular, as {@link Node#send} does. Casts from one mailbox
     * keep their order with what else that sends; these only among themselves.
     *
     * @param sender who sends
     * @param server as for {@link #call(Mailbox, Term, Term, Duration)}
     * @param request the request
     * @throws IllegalArgumentException if the server is nothing one can send to
     */
    public static void cast(Node sender, Term server, Term request) {
        sender.send(server, Tuple.of(Atoms.GEN_CAST, request));
    }

    /**
     * Sends a request that is not answered to the servers that have one name at several nodes, as
     * {@code gen_server:abcast/3}.
     *
     * @param sender who sends
     * @param nodes the nodes
     * @param name the servers' name
     * @param request the request
     * @throws MailboxExitException if the sender has ended
     */
    public static void abcast(Mailbox sender, List<Atom> nodes, Atom name, Term request) {
        nodes.forEach(node -> cast(sender, Tuple.of(name, node), request));
    }

    /**
     * Serves until the mailbox ends: blocks the calling thread. An exception of a callback ends the mailbox, as
     * {@link Callbacks} says.
     *
     * @param mailbox receives the requests
     * @param server handles them, one at a time
     * @return the reason the mailbox ended with
     * @throws IllegalStateException if the mailbox has a handler
     * @throws InterruptedException if the thread is interrupted while waiting, or a callback throws it; the mailbox lives on
     */
    public static Term run(Mailbox mailbox, Callbacks server) throws InterruptedException {
        var loop = new ServerLoop(mailbox, server);
        try {
            while (mailbox.isAlive()) {
                loop.handle(mailbox.receive());
            }
        } catch (MailboxExitException e) {
            return e.reason(); // of receive: the callbacks' own do not come here
        }
        return mailbox.exitReason().orElseThrow();
    }

    /**
     * Serves on the node's executor, until the mailbox ends.
     *
     * @param mailbox receives the requests
     * @param server handles them, one at a time
     * @throws IllegalStateException if the mailbox has a handler already
     * @throws MailboxExitException if the mailbox has ended
     */
    public static void start(Mailbox mailbox, Callbacks server) {
        var loop = new ServerLoop(mailbox, server);
        mailbox.onMessage(loop::handleOrEnd);
    }

    /**
     * What a server does. Called one at a time.
     *
     * <p>A callback ends the server by throwing: an {@link ErlangException} of class {@code exit} ends it with that reason,
     * so <code>throw ErlangException.exit(Atom.of("normal"))</code> is how a server stops by itself; a {@link CallException}
     * ends it as a failed {@code gen_server:call} would in Erlang; of other exceptions
     * callers, links and monitors see the reason that {@link Mailbox#onMessage} names. Whoever waits for a reply then sees
     * that reason, too. Reasons other than {@code normal}, {@code shutdown} and <code>{shutdown, _}</code> are logged.
     * {@link Mailbox#exit(Term)} ends it as well, but at once: {@link #onTerminate} is not called.
     *
     * <p>What the module {@code sys} asks is answered: {@code gen_server:stop}, {@code sys:get_state} and
     * {@code get_status}, {@code suspend} and {@code resume}. A suspended server keeps a thread of the executor. Whoever may
     * send to the server may ask this; {@link #allowsSystem} can refuse.
     */
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

        /**
         * Cleans up, while the mailbox still lives: called once when a callback threw, or {@code gen_server:stop} or
         * {@code sys:terminate} asked for the end. Not called when the mailbox ended by {@link Mailbox#exit(Term)}, by an
         * exit signal, or with its node. Does nothing unless overridden.
         *
         * @param self the server's mailbox
         * @param reason what it will end with, unless this throws
         * @throws Exception ends the mailbox with its own reason instead
         */
        default void onTerminate(Mailbox self, Term reason) throws Exception {}

        /**
         * Returns what {@code sys:get_state} and {@code sys:get_status} show. {@code undefined} unless overridden.
         *
         * @return the state, or what may be seen of it
         */
        default Term state() {
            return Atom.UNDEFINED;
        }

        /**
         * Says whether to do what a system message asks. Allows everything unless overridden. What is refused gets
         * <code>{error, {unknown_system_msg, Request}}</code>.
         *
         * @param request such as {@code get_state}, {@code suspend} or <code>{terminate, Reason}</code>
         * @return false to refuse
         */
        default boolean allowsSystem(Term request) {
            return true;
        }
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
            return parse(Atoms.GEN_CALL, term);
        }

        /** Reads <code>{Label, {From, Tag}, Request}</code>. */
        static Optional<Call> parse(Atom label, Term term) {
            return term instanceof Tuple message
                            && message.arity() == 3
                            && message.element(0).equals(label)
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
         * Answers. From any thread, in the callback or later; once, as a second answer finds nobody. Waits for room as
         * {@link Mailbox#send(Term, Term)} does: a caller's node that does not read keeps the server, and with it all other
         * callers. A server that is to serve the others meanwhile answers by {@link #tryReply}, or has a mailbox
         * {@linkplain MailboxOptions#withAsyncDist that never waits}.
         *
         * @param server who answers
         * @param reply the reply
         * @throws MailboxExitException if the server has ended
         */
        public void reply(Mailbox server, Term reply) {
            server.send(replyTo(), Tuple.of(tag, reply));
        }

        /**
         * Answers unless that would have to wait. Never blocks. The caller of an answer that was not sent waits until its
         * timeout, unless the server answers later.
         *
         * @param server who answers
         * @param reply the reply
         * @return false if it was not sent because too much is queued for the caller's node
         * @throws MailboxExitException if the server has ended
         */
        public boolean tryReply(Mailbox server, Term reply) {
            return server.trySend(replyTo(), Tuple.of(tag, reply));
        }

        /**
         * Answers from no process in particular: the server may have ended meanwhile.
         *
         * @param node the node that answers
         * @param reply the reply
         */
        public void reply(Node node, Term reply) {
            node.send(replyTo(), Tuple.of(tag, reply));
        }
    }
}
