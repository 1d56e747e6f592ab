package io.hawser.node;

import io.hawser.term.Pid;
import io.hawser.term.Term;
import java.time.Duration;
import java.util.Optional;

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
        throw new UnsupportedOperationException();
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
        throw new UnsupportedOperationException();
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
        throw new UnsupportedOperationException();
    }

    /**
     * Serves on the node's executor, until the mailbox ends.
     *
     * @param mailbox receives the requests
     * @param server handles them, one at a time
     */
    public static void start(Mailbox mailbox, Callbacks server) {
        throw new UnsupportedOperationException();
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
            throw new UnsupportedOperationException();
        }

        /**
         * Answers: to the alias in the tag if it holds one, otherwise to the caller.
         *
         * @param server who answers
         * @param reply the reply
         */
        public void reply(Mailbox server, Term reply) {
            throw new UnsupportedOperationException();
        }
    }
}
