package io.hawser.node;

import io.hawser.term.Atom;
import io.hawser.term.ListTerm;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.Optional;

/**
 * What the module {@code sys} asks of a server: {@code {system, {From, Tag}, Request}}. Not thread-safe; used by one caller
 * at a time.
 *
 * @see <a href="https://www.erlang.org/doc/system/spec_proc.html">sys and proc_lib</a>
 */
final class SystemMessages {
    private static final Atom GET_STATE = Atom.of("get_state");
    private static final Atom GET_STATUS = Atom.of("get_status");
    private static final Atom SUSPEND = Atom.of("suspend");
    private static final Atom RESUME = Atom.of("resume");
    private static final Atom SUSPENDED = Atom.of("suspended");
    private static final Atom RUNNING = Atom.of("running");
    private static final Atom GEN_SERVER = Atom.of("gen_server");
    private static final Tuple NO_DEBUG = Tuple.of(Atom.of("debug"), Atom.of("no_debug"));

    private final Mailbox mailbox;
    private final GenServer.Callbacks server;
    private boolean suspended;

    SystemMessages(Mailbox mailbox, GenServer.Callbacks server) {
        this.mailbox = mailbox;
        this.server = server;
    }

    static Optional<GenServer.Call> parse(Message message) {
        return message instanceof Message.Sent sent
                ? GenServer.Call.parse(Atoms.SYSTEM, sent.term())
                : Optional.empty();
    }

    /** Does what is asked; when that suspends the server, returns only once it is resumed. Returns what to end with, if so. */
    Optional<Term> on(GenServer.Call asked) throws InterruptedException {
        Optional<Term> end = obey(asked);
        while (suspended && end.isEmpty()) {
            Message next = mailbox.receive(message -> parse(message).isPresent());
            end = obey(parse(next).orElseThrow());
        }
        return end;
    }

    private Optional<Term> obey(GenServer.Call asked) {
        Term request = asked.request();
        boolean isTerminate =
                request instanceof Tuple t && t.arity() == 2 && t.element(0).equals(Atoms.TERMINATE);
        if (!server.allowsSystem(request)) {
            // who asked is connected, or a process here: nobody is waited for, or connected to, only to be refused
            mailbox.trySendIfConnected(asked.replyTo(), Tuple.of(asked.tag(), unknown(request)));
            return Optional.empty();
        }
        if (isTerminate) {
            asked.reply(mailbox, Atom.OK);
            return Optional.of(((Tuple) request).element(1));
        }
        asked.reply(mailbox, answered(request));
        return Optional.empty();
    }

    /** A look at the state must not end the server. */
    private Term answered(Term request) {
        try {
            return answer(request);
        } catch (RuntimeException e) {
            Term raised = Tuple.of(Atom.ERROR, LocalProcess.javaException(e));
            Term where = Tuple.of(GEN_SERVER, Atom.of("state"));
            return Tuple.of(Atom.ERROR, Tuple.of(Atom.of("callback_failed"), where, raised));
        }
    }

    private Term answer(Term request) {
        if (request.equals(SUSPEND) || request.equals(RESUME)) {
            suspended = request.equals(SUSPEND);
            return Atom.OK;
        }
        if (request.equals(GET_STATE)) {
            return server.state();
        }
        if (request.equals(GET_STATUS)) {
            return status();
        }
        return request.equals(NO_DEBUG) ? Atom.OK : unknown(request);
    }

    /** As {@code sys} says of what it does not know. */
    private static Term unknown(Term request) {
        return Tuple.of(Atom.ERROR, Tuple.of(Atom.of("unknown_system_msg"), request));
    }

    /** {@code {status, Pid, {module, Module}, [ProcessDictionary, SysState, Parent, Debug, Misc]}}, as of a gen_server. */
    private Term status() {
        Atom sysState = suspended ? SUSPENDED : RUNNING;
        Term name = mailbox.name().<Term>map(atom -> atom).orElse(mailbox.self());
        Term header = Tuple.of(Atom.of("header"), ListTerm.ofString("Status for generic server " + name));
        Term general = data(
                Tuple.of(ListTerm.ofString("Status"), sysState),
                Tuple.of(ListTerm.ofString("Parent"), mailbox.self()),
                Tuple.of(ListTerm.ofString("Logged events"), ListTerm.EMPTY));
        Term state = data(Tuple.of(ListTerm.ofString("State"), server.state()));
        Term items = ListTerm.of(
                ListTerm.EMPTY, sysState, mailbox.self(), ListTerm.EMPTY, ListTerm.of(header, general, state));
        return Tuple.of(Atom.of("status"), mailbox.self(), Tuple.of(Atom.of("module"), GEN_SERVER), items);
    }

    private static Term data(Term... items) {
        return Tuple.of(Atom.of("data"), ListTerm.of(items));
    }
}
