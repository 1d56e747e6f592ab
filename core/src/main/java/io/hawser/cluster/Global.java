package io.hawser.cluster;

import io.hawser.node.CallException;
import io.hawser.node.GenServer;
import io.hawser.node.Mailbox;
import io.hawser.node.Node;
import io.hawser.node.RemoteFunction;
import io.hawser.term.Atom;
import io.hawser.term.ExternalFun;
import io.hawser.term.ListTerm;
import io.hawser.term.NodeName;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Names that all visible nodes of a cluster know: a full participant in the protocol of OTP's {@code global}, version 8 (OTP
 * 25 to 28).
 *
 * <p>A node takes part from {@link #start} on; one that never starts it is passed over by the others, but their
 * {@code global:sync()} waits for it. Only visible connections count: start it on nodes that are not hidden. A node that
 * takes part connects to all others, as far as {@link io.hawser.node.NodeConfig.Builder#dialPolicy} goes, and obeys the rule against overlapping partitions
 * ({@code prevent_overlapping_partitions}, on by default in OTP): a node that one member cannot see is asked to leave, and
 * leaves when it is asked.
 *
 * <p>A name ends with its process. When two groups of nodes meet that have given one name to two processes, the method
 * decides that it was registered with; names registered here have {@code random_exit_name}, which kills one. Of methods
 * of others, those of OTP's {@code global} are understood here; any other counts as {@code random_exit_name}.
 *
 * <p>State is bounded: 65,536 names, 4096 locked resources with 1024 holders each, 4096 known nodes; and in bytes, of which
 * one peer gets a part: names take no more than a 16th of the heap, at most 32 MiB, locks a 64th, at most 4 MiB. What exceeds
 * that is refused. No peer can end or suspend the processes that do this, whereas in OTP any can.
 *
 * <p>Thread-safe.
 *
 * @see <a href="https://www.erlang.org/doc/apps/kernel/global.html">global</a>
 */
public final class Global implements AutoCloseable {
    private static final Term METHOD = new ExternalFun(Atoms.GLOBAL, Atom.of("random_exit_name"), 3);
    private static final String GLOBAL = "global";
    private static final String RESOLVE_IT = "resolve_it";
    private static final long FIRST_BACK_OFF_MILLIS = 125;
    private static final int MAX_DOUBLINGS = 6;

    private final Node node;
    private final Mailbox mailbox;
    private final Mailbox locker;
    private final GlobalServer server;

    private Global(Node node, Mailbox mailbox, Mailbox locker) {
        this.node = node;
        this.mailbox = mailbox;
        this.locker = locker;
        this.server = new GlobalServer(mailbox, locker);
    }

    /**
     * Has a node take part. Returns at once; {@link #sync} waits for the nodes already connected.
     *
     * @param node the node, visible; it stays the caller's
     * @return the names, until closed or until the node closes
     * @throws io.hawser.node.NameTakenException if it takes part already
     * @throws IllegalStateException if the node is closed
     */
    public static Global start(Node node) {
        Mailbox mailbox = node.mailbox(MultiCall.CALLER.withName(Atoms.GLOBAL_NAME_SERVER));
        mailbox.ignoreExits();
        var global = new Global(node, mailbox, LockCalls.holder(node));
        global.begin();
        return global;
    }

    private void begin() {
        node.addFunction(GLOBAL, RESOLVE_IT, 4, new RemoteFunction() {
            @Override
            public Term call(List<Term> arguments) {
                return call(node.name().atom(), arguments);
            }

            @Override
            public Term call(Atom caller, List<Term> arguments) {
                return server.locker().resolve(caller, arguments);
            }
        });
        mailbox.monitorNodes(true);
        GenServer.start(mailbox, server);
        for (NodeName peer : node.nodes()) {
            server.post(() -> server.onNodeUp(peer.atom()));
        }
        node.surroundings().start("hawser-global-" + node.name(), server.locker());
    }

    /**
     * Gives a process a name, on all nodes: yes or no, everywhere or nowhere. Waits for the lock that all changes of names
     * take, for as long as others hold it.
     *
     * @param name the name, any term
     * @param pid the process, of any node
     * @return false if the name is taken, or the process has a global name already
     * @throws InterruptedException if the thread is interrupted while waiting; the name may then be known to some nodes
     * @throws IllegalStateException if the node is closed
     */
    public boolean registerName(Term name, Pid pid) throws InterruptedException {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(pid, "pid");
        return withAllLocked((caller, nodes) -> {
            if (server.names().find(name) != null || server.names().isNamed(pid)) {
                return false;
            }
            MultiCall.call(caller, server.members(), nodes, Tuple.of(Atoms.REGISTER, name, pid, METHOD));
            return server.names().find(name) != null;
        });
    }

    /**
     * Takes a name away, on all nodes. Does nothing if nobody has it. Waits as {@link #registerName} does.
     *
     * @param name the name
     * @throws InterruptedException if the thread is interrupted while waiting; the name may then be known to some nodes
     * @throws IllegalStateException if the node is closed
     */
    public void unregisterName(Term name) throws InterruptedException {
        Objects.requireNonNull(name, "name");
        if (server.names().find(name) != null) {
            withAllLocked((caller, nodes) -> {
                MultiCall.call(caller, server.members(), nodes, Tuple.of(Atoms.UNREGISTER, name));
                return true;
            });
        }
    }

    /**
     * Looks a name up, in the table of this node. Does not wait.
     *
     * @param name the name
     * @return who has it; empty if nobody is known to
     */
    public Optional<Pid> whereisName(Term name) {
        return Optional.ofNullable(server.names().find(Objects.requireNonNull(name, "name")))
                .map(GlobalName::pid);
    }

    /**
     * Waits until this node and all visible nodes now connected know each other's names, as {@code global:sync/0}.
     *
     * @param timeout how long to wait
     * @return false if that took longer, as it does when a node does not take part
     * @throws InterruptedException if the thread is interrupted while waiting
     * @throws IllegalStateException if the node is closed
     */
    public boolean sync(Duration timeout) throws InterruptedException {
        var peers = new ListTerm(node.nodes().stream().<Term>map(NodeName::atom).toList());
        try {
            GenServer.call(node, mailbox.self(), Tuple.of(Atoms.SYNC, peers), timeout);
            return true;
        } catch (CallException e) {
            return false;
        }
    }

    /**
     * Stops taking part: the names are forgotten here, and those of this node's processes stay with the other nodes until
     * the processes end. Meant to be called with, or just before, {@link Node#close}, which does the same. Can be called
     * twice.
     */
    @Override
    public void close() {
        node.removeFunction(GLOBAL, RESOLVE_IT, 4);
        mailbox.close();
        locker.close();
    }

    /** What is done while no other can change names. */
    private interface Change {
        boolean make(Mailbox caller, Collection<Atom> nodes) throws InterruptedException;
    }

    private boolean withAllLocked(Change change) throws InterruptedException {
        for (int attempt = 0; ; attempt++) {
            // its end releases what an interrupt leaves locked
            try (Mailbox caller = LockCalls.holder(node)) {
                var lock = new LockCalls(server.locks(), server.members(), caller, caller.self());
                var nodes = server.members().all();
                if (lockAll(lock, nodes)) {
                    boolean made = change.make(caller, nodes);
                    lock.release(nodes);
                    return made;
                }
            }
            backOff(FIRST_BACK_OFF_MILLIS << Math.min(attempt, MAX_DOUBLINGS));
        }
    }

    private void backOff(long longestMillis) throws InterruptedException {
        long millis = 1 + node.surroundings().random().nextLong(longestMillis);
        try (Mailbox nobodyKnows = node.mailbox()) {
            nobodyKnows.receive(Duration.ofMillis(millis));
        }
    }

    /** Locks the boss, then all: those who want the lock meet at the boss. No node may have become known meanwhile. */
    private boolean lockAll(LockCalls lock, Collection<Atom> nodes) throws InterruptedException {
        var boss = List.of(LockCalls.boss(nodes));
        if (!lock.set(boss)) {
            return false;
        }
        if (!lock.set(nodes)) {
            lock.delete(boss);
            return false;
        }
        if (!nodes.containsAll(server.members().all())) {
            lock.release(nodes);
            return false;
        }
        return true;
    }
}
