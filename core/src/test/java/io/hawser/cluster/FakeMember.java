package io.hawser.cluster;

import static io.hawser.cluster.MemoryCluster.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.node.GenServer;
import io.hawser.node.Mailbox;
import io.hawser.node.Message;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.ListTerm;
import io.hawser.term.MapTerm;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A peer that is admitted and takes part in the global names, but says what it likes, and lets nobody lock anything there unless told to. */
final class FakeMember implements GenServer.Callbacks {
    private static final Int TAG = Int.of(17);

    final Node node;
    final Mailbox mouth;
    private final Mailbox nameServer;
    private final BlockingQueue<Term> heard = new LinkedBlockingQueue<>();
    private final Node victim;
    private final Term server;
    private volatile boolean allowsLocks;

    FakeMember(Node node, Node victim) throws InterruptedException {
        this.node = node;
        this.victim = victim;
        this.nameServer = node.register(Atoms.GLOBAL_NAME_SERVER);
        GenServer.start(nameServer, this);
        this.mouth = node.mailbox();
        this.server = NameServers.at(victim.name().atom());
        MemoryCluster.connect(node, victim);
    }

    /** Chooses whether others may set locks there. */
    void allowsLocks(boolean allows) {
        allowsLocks = allows;
    }

    Atom name() {
        return node.name().atom();
    }

    void say(Term message) {
        mouth.send(server, message);
    }

    void cast(Term request) {
        GenServer.cast(mouth, server, request);
    }

    Term ask(Term request) throws InterruptedException {
        return GenServer.call(mouth, server, request, SOON);
    }

    /** Asks in the name of another process. */
    void askAs(Pid other, Term request) {
        say(Tuple.of(Atoms.GEN_CALL, Tuple.of(other, node.makeReference()), request));
    }

    /** Waits until the name server has taken all that was said, and does what it does. */
    void awaitTaken() throws InterruptedException {
        assertThat(ask(Atom.of("get_protocol_version"))).isEqualTo(Int.of(8));
    }

    /** What the victim wants to meet with: its tag, and its locker. */
    record Meeting(Term tag, Pid locker) {}

    /** Begins to meet the victim, and takes part from here on. */
    Meeting meet() throws InterruptedException {
        Tuple wanted = (Tuple) next(Atoms.INIT_CONNECT);
        Term me = Tuple.of(Atoms.LOCKER, Atoms.NO_LONGER_A_PID, MapTerm.EMPTY, mouth.self());
        cast(Tuple.of(Atoms.INIT_CONNECT, Tuple.of(Int.of(8), TAG), name(), me));
        next(Atoms.INIT_CONNECT_ACK);
        Tuple locker = (Tuple) wanted.element(3);
        return new Meeting(((Tuple) wanted.element(1)).element(1), (Pid) locker.element(3));
    }

    /** Meets up to where both have the lock: names are exchanged next. */
    Meeting meetAndLock() throws InterruptedException {
        Meeting meeting = meet();
        cast(Tuple.of(Atoms.LOCK_SET, mouth.self(), Atom.TRUE, ListTerm.EMPTY, meeting.tag));
        next(Atoms.EXCHANGE);
        return meeting;
    }

    void exchange(Meeting meeting, Term... names) {
        cast(Tuple.of(Atoms.EXCHANGE, name(), ListTerm.of(names), ListTerm.EMPTY, meeting.tag));
    }

    @Override
    public void onCall(Mailbox self, GenServer.Call call) {
        call.reply(self, Atom.of(allowsLocks || !isOf(call.request(), Atoms.SET_LOCK)));
    }

    @Override
    public void onCast(Mailbox self, Term request) {
        heard.add(request);
    }

    @Override
    public void onInfo(Mailbox self, Message message) {
        heard.add(message.toTerm());
    }

    /** The next message or cast of this name that the victim's name server sent, or its locker; others are passed over. */
    Term next(Atom verb) throws InterruptedException {
        for (; ; ) {
            Term term = heard();
            if (isOf(term, verb)) {
                return term;
            }
        }
    }

    private Term heard() throws InterruptedException {
        Term term = heard.poll(SOON.toMillis(), TimeUnit.MILLISECONDS);
        if (term == null) {
            throw new AssertionError("nothing came");
        }
        return term;
    }

    /** All of this name that came until now; to be called once the victim has taken what it is about. */
    List<Tuple> all(Atom verb) throws InterruptedException {
        say(Tuple.of(Atom.of("whereis"), Atom.of("nobody"), nameServer.self())); // answered after what was sent before
        var all = new ArrayList<Tuple>();
        for (Term term = heard(); !term.equals(Atom.UNDEFINED); term = heard()) {
            if (isOf(term, verb)) {
                all.add((Tuple) term);
            }
        }
        return all;
    }

    private static boolean isOf(Term message, Atom verb) {
        return message instanceof Tuple tuple && tuple.element(0).equals(verb);
    }

    /** Sends exit signals to all processes of the victim that there can be. */
    void endAll(Term reason) {
        for (int id = 0; id < 256; id++) {
            mouth.exit(new Pid(victim.name().atom(), id, 0, victim.creation()), reason);
        }
    }
}
