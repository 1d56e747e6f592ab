package io.hawser.node;

import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a server's messages to its callbacks, and ends the server. Not thread-safe; used by one caller at a time.
 */
final class ServerLoop {
    private static final Logger logger = LoggerFactory.getLogger(ServerLoop.class);

    private final Mailbox mailbox;
    private final GenServer.Callbacks server;
    private final SystemMessages system;

    ServerLoop(Mailbox mailbox, GenServer.Callbacks server) {
        this.mailbox = mailbox;
        this.server = server;
        this.system = new SystemMessages(mailbox, server);
    }

    /** Handles one message; whatever is thrown but an interrupt ends the mailbox. */
    void handle(Message message) throws InterruptedException {
        try {
            dispatch(message);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception | Error e) { // an error too: links and monitors wait for the end
            onThrown(e);
        }
    }

    /** Handles one message; whatever is thrown ends the mailbox. */
    void handleOrEnd(Message message) {
        try {
            handle(message);
        } catch (InterruptedException e) {
            onThrown(e);
            Thread.currentThread().interrupt();
        }
    }

    private void dispatch(Message message) throws Exception {
        Optional<GenServer.Call> asked = SystemMessages.parse(message);
        Optional<GenServer.Call> call = GenServer.Call.parse(message);
        if (asked.isPresent()) {
            system.on(asked.get()).ifPresent(this::terminate);
        } else if (call.isPresent()) {
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

    private void onThrown(Throwable thrown) {
        if (!mailbox.isAlive()) {
            return; // most likely it threw because of that
        }
        Term reason = LocalProcess.reasonOf(thrown);
        logUnlessOrderly(reason, thrown);
        terminate(reason);
    }

    private void terminate(Term reason) {
        Term last = reason;
        try {
            server.onTerminate(mailbox, reason);
        } catch (Exception | Error e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            last = LocalProcess.reasonOf(e);
            logUnlessOrderly(last, e);
        } finally {
            mailbox.exit(last);
        }
    }

    private void logUnlessOrderly(Term reason, Throwable thrown) {
        if (!isOrderly(reason)) {
            logger.atWarn()
                    .addKeyValue("server", mailbox.self())
                    .setCause(thrown)
                    .log("server failed");
        }
    }

    private static boolean isOrderly(Term reason) {
        boolean isTagged =
                reason instanceof Tuple t && t.arity() == 2 && t.element(0).equals(Atoms.SHUTDOWN);
        return isTagged || reason.equals(Atoms.SHUTDOWN) || reason.equals(Atoms.NORMAL);
    }
}
