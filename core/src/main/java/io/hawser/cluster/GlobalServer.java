package io.hawser.cluster;

import io.hawser.node.GenServer;
import io.hawser.node.Mailbox;
import io.hawser.node.Message;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.ListTerm;
import io.hawser.term.Pid;
import io.hawser.term.Printable;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process {@code global_name_server}: answers for names and locks, and meets the name servers of other nodes.
 *
 * <p>Whoever is admitted to the cluster is trusted with its names, as in OTP. Calls, and messages of an exchange of names,
 * count only from the node that they are of. What is malformed is ignored. Confined to the handler of its mailbox, but for
 * {@link #post}.
 */
final class GlobalServer implements GenServer.Callbacks, GlobalMeetings.Listener {
    private static final Logger logger = LoggerFactory.getLogger(GlobalServer.class);

    /** What calls of {@code sync} that wait here may take, those of one peer, and each besides its terms: at most 1024, and 256. */
    private static final long SYNCERS_BYTES = 4 << 20;

    private static final long SYNCERS_BYTES_OF_ONE = 1 << 20;
    private static final long SYNCER_BYTES = 4096;

    private final Node node;
    private final Atom here;
    private final Mailbox self;
    private final GlobalMembers members;
    private final GlobalNames names;
    private final GlobalLocks locks;
    private final GlobalMeetings meetings;
    private final OverlappingPartitions partitions;
    private final Doorbell<Runnable> doorbell;

    private final List<Syncer> syncers = new ArrayList<>();
    private final Quota syncersQuota;
    private final LimitedLog log = new LimitedLog(logger);

    /** A caller that waits until these nodes know our names, and we theirs. */
    private record Syncer(GenServer.Call call, Set<Atom> nodes, Atom from, long bytes) {}

    GlobalServer(Mailbox self, Mailbox lockerMailbox) {
        this.node = self.node();
        this.here = node.name().atom();
        this.self = self;
        self.autoConnect(false);
        this.syncersQuota = new Quota(here, SYNCERS_BYTES, SYNCERS_BYTES_OF_ONE);
        this.members = new GlobalMembers(here);
        this.names = new GlobalNames(self);
        this.locks = new GlobalLocks(self);
        this.meetings = new GlobalMeetings(self, lockerMailbox, members, names, locks, this);
        this.partitions = new OverlappingPartitions(self, meetings, this);
        this.doorbell = new Doorbell<>(self);
    }

    GlobalLocker locker() {
        return meetings.locker();
    }

    GlobalMembers members() {
        return members;
    }

    GlobalNames names() {
        return names;
    }

    GlobalLocks locks() {
        return locks;
    }

    /** Has the name server run something; on any thread. */
    @Override
    public void post(Runnable task) {
        doorbell.leave(task);
    }

    /** Refused: whoever is connected may ask, and no peer is to suspend or to end what all of them need. */
    @Override
    public boolean allowsSystem(Term request) {
        return false;
    }

    // ---- calls

    @Override
    public void onCall(Mailbox server, GenServer.Call call) {
        take("call", call.request(), () -> {
            checkCaller(call); // who holds locks is who asked for them, not whom a peer names
            Term reply = call.request() instanceof Atom question ? onQuestion(question) : onRequest(call);
            if (reply != null) {
                answer(call, reply);
            }
        });
    }

    /** Only who asks is answered: a node is given up that does not read its answers. */
    private void checkCaller(GenServer.Call call) {
        Atom asker = sender();
        boolean isHis =
                !(call.replyTo() instanceof Reference alias) || alias.node().equals(asker);
        if (!isHis || !call.from().node().equals(asker)) {
            throw new Fields.MalformedException();
        }
    }

    /** The node that sent what is being handled, whatever it says itself. */
    private Atom sender() {
        return self.origin().orElse(here);
    }

    /** Handles something: what a peer said wrong is ignored, and whatever fails costs no more than itself. */
    private void take(String kind, @Nullable Term message, Runnable handling) {
        try {
            handling.run();
        } catch (Fields.MalformedException e) {
            logIgnored(kind, message);
        } catch (RuntimeException e) {
            if (!self.isAlive()) {
                throw e; // which is why
            }
            log.atWarn()
                    .addKeyValue("kind", kind)
                    .addKeyValue("peer", sender().text())
                    .setCause(e)
                    .log("global failed to handle a message");
        }
    }

    /** Answers a node that is connected: whoever else is named as the caller has not called. */
    private void answer(GenServer.Call call, Term reply) {
        Term to = call.replyTo();
        Atom where = to instanceof Reference alias ? alias.node() : call.from().node();
        if (isHere(where) || isConnected(where)) {
            call.reply(self, reply);
        }
    }

    private boolean isHere(Atom other) {
        return other.equals(here);
    }

    private boolean isConnected(Atom other) {
        return meetings.isUp(other)
                || node.hiddenNodes().stream().anyMatch(peer -> peer.atom().equals(other));
    }

    private @Nullable Term onQuestion(Atom question) {
        return switch (question.text()) {
            case "get_known" -> members.knownTerm();
            case "get_synced" -> members.syncedTerm();
            case "get_protocol_version" -> Int.of(GlobalMeetings.VERSION);
            case "get_names_ext" -> ListTerm.EMPTY;
            default -> null;
        };
    }

    private @Nullable Term onRequest(GenServer.Call call) {
        Fields request = Fields.of(call.request());
        switch (request.verb()) {
            case "set_lock/2" -> {
                Fields lock = Fields.of(request.term(1), 2);
                Atom holder = call.from().node();
                return Atom.of(
                        (isHere(holder) || isConnected(holder)) && locks.set(lock.term(0), lock.term(1), call.from()));
            }
            case "del_lock/2" -> {
                Fields lock = Fields.of(request.term(1), 2);
                locks.delete(lock.term(0), lock.term(1), call.from());
                return Atom.TRUE;
            }
            case "register/4", "register_ext/5" -> {
                Atom introducer = sender();
                names.insert(
                        new GlobalName(request.term(1), request.pid(2), request.term(3)),
                        introducer,
                        locks.isHeldBy(call.from()),
                        owner -> isConnected(owner.node()) || meetings.reaches(owner.node(), introducer));
                return Atoms.YES;
            }
            case "unregister/2" -> {
                names.delete(request.term(1));
                return Atom.OK;
            }
            case "sync/2" -> {
                return sync(call, request.list(1));
            }
            default -> throw new Fields.MalformedException();
        }
    }

    private @Nullable Term sync(GenServer.Call call, List<Term> nodes) {
        var connected = node.nodes(); // the news of the last may still be waiting here
        var missing = new HashSet<Atom>();
        for (Term term : nodes) {
            Atom other = Fields.as(Atom.class, term);
            if (!members.isSynced(other)
                    && connected.stream().anyMatch(peer -> peer.atom().equals(other))) {
                missing.add(other);
            }
        }
        if (missing.isEmpty()) {
            return Atom.OK;
        }
        long bytes = SYNCER_BYTES + Weight.of(call.tag()) + Weight.of(new ListTerm(List.copyOf(missing)));
        if (syncersQuota.take(sender(), bytes)) {
            // without the request, which is as long as the caller likes
            var waiting = new GenServer.Call(call.from(), call.tag(), Atoms.SYNC);
            syncers.add(new Syncer(waiting, missing, sender(), bytes));
        }
        return null;
    }

    @Override
    public void onSynced(Atom other) {
        syncers.forEach(syncer -> syncer.nodes.remove(other));
        syncers.removeIf(syncer -> {
            boolean done = syncer.nodes.isEmpty();
            if (done) {
                syncersQuota.giveBack(syncer.from, syncer.bytes);
                answer(syncer.call, Atom.OK);
            }
            return done;
        });
    }

    // ---- other messages

    @Override
    public void onCast(Mailbox server, Term request) {
        take("cast", request, () -> meetings.onCast(Fields.of(request)));
    }

    @Override
    public void onInfo(Mailbox server, Message message) {
        if (doorbell.isRing(message)) {
            for (Runnable task = doorbell.poll(); task != null; task = doorbell.poll()) {
                take("task", null, task);
            }
        } else if (message instanceof Message.NodeUp event) {
            take("node up", null, () -> onNodeUp(event.node()));
        } else if (message instanceof Message.NodeDown event) {
            take("node down", null, () -> onNodeDown(event.node()));
        } else if (message instanceof Message.Down down) {
            take("down", null, () -> onDown(down));
        } else if (message instanceof Message.Sent sent) {
            take("message", sent.term(), () -> onSent(sent.term()));
        }
    }

    private void onDown(Message.Down down) {
        locks.onDown(down.ref());
        if (names.onDown(down.ref())
                && down.reason().equals(Atoms.NOCONNECTION)
                && down.object() instanceof Pid owner) {
            meetings.onNameLost(owner.node());
        }
    }

    void onNodeUp(Atom other) {
        meetings.onNodeUp(other);
    }

    private void onSent(Term term) {
        Fields message = Fields.of(term);
        switch (message.verb()) {
            case "init_connect_ack/4" -> meetings.onInitConnectAck(message);
            case "cancel_connect/3" -> meetings.onCancelConnect(message);
            case "lost_connection/5" -> partitions.onLostConnection(message);
            case "remove_connection/2" -> partitions.onRemoveConnection(message.atom(1));
            case "whereis/3" -> onWhereis(message);
            default -> throw new Fields.MalformedException();
        }
    }

    // {whereis, Name, {Pid, Tag}}
    private void onWhereis(Fields message) {
        GlobalName name = names.find(message.term(1));
        Term owner = name == null ? Atom.UNDEFINED : name.pid();
        Optional<GenServer.Call> call = GenServer.Call.parse(Tuple.of(Atoms.GEN_CALL, message.term(2), Atom.UNDEFINED));
        if (call.isPresent()) {
            checkCaller(call.get());
            answer(call.get(), owner);
        } else {
            self.trySendIfConnected(message.pid(2), owner);
        }
    }

    // ---- connections that are lost

    private void onNodeDown(Atom other) {
        meetings.onNodeDown(other);
        onSynced(other); // nobody waits for a node that is gone
        partitions.onLost(other);
    }

    @Override
    public void onUnreachable(Atom other) {
        onNodeDown(other);
    }

    @Override
    public void onRemoved(Atom other) {
        meetings.forget(other);
        onSynced(other);
    }

    private void logIgnored(String kind, @Nullable Term message) {
        log.atDebug()
                .addKeyValue("kind", kind)
                .addArgument(() -> message == null ? "" : Printable.of(message))
                .log("ignored: {}");
    }
}
