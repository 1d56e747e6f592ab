package io.hawser.cluster;

import io.hawser.node.ErlangException;
import io.hawser.node.Mailbox;
import io.hawser.node.MailboxExitException;
import io.hawser.node.Rpc;
import io.hawser.node.RpcException;
import io.hawser.term.Atom;
import io.hawser.term.ExternalFun;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import io.hawser.term.TermOrder;
import io.hawser.term.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares the names of two nodes that meet. A name that both have, with different owners, is decided by the smaller
 * node: by the method the name was registered with, on the node of its owner. Not thread-safe; used by the locker alone.
 */
final class NameConflicts {
    /** How long the node of an owner may take to decide, and all of them together: the lock of all names is held meanwhile. */
    private static final Duration DECISION_TIMEOUT = Duration.ofSeconds(5);

    static final Duration ALL_DECISIONS_TIMEOUT = Duration.ofSeconds(30);

    private final Mailbox self;
    private final Atom here;
    private final GlobalNames names;
    private final Reach reach;
    private long decisionsEnd;

    /** Says whether a node is connected, or being connected to; begins to connect to one that is not. */
    interface Reach {
        boolean reaches(Atom node, Atom introducer);
    }

    NameConflicts(Mailbox self, GlobalNames names, Reach reach) {
        this.self = self;
        this.here = self.node().name().atom();
        this.names = names;
        this.reach = reach;
    }

    /**
     * What changes where.
     *
     * @param ours for this node and those it knows
     * @param his for the other
     */
    record Outcome(List<NameOperation> ours, List<NameOperation> his) {}

    Outcome compare(Atom node, List<GlobalName> hisNames) throws InterruptedException {
        var ours = new ArrayList<NameOperation>();
        var his = new ArrayList<NameOperation>();
        boolean weDecide = TermOrder.standard().compare(here, node) < 0;
        decisionsEnd = self.node().surroundings().nanoTime() + ALL_DECISIONS_TIMEOUT.toNanos();
        for (GlobalName theirs : hisNames) {
            GlobalName mine = names.find(theirs.name());
            boolean isSame = mine != null && mine.pid().equals(theirs.pid());
            if (mine == null || (isSame && !mine.pid().node().equals(here))) {
                ours.add(new NameOperation.Insert(theirs)); // those we know may not have it though we do
            } else if (!isSame && weDecide) {
                decide(mine, theirs, node, ours, his);
            }
        }
        return new Outcome(ours, his);
    }

    private void decide(
            GlobalName mine, GlobalName theirs, Atom node, List<NameOperation> ours, List<NameOperation> his)
            throws InterruptedException {
        Term winner = mine.pid().node().equals(here)
                ? decideHere(mine, theirs.pid(), node)
                : decideThere(mine, theirs.pid(), node);
        if (winner.equals(theirs.pid())) {
            ours.add(new NameOperation.Insert(theirs));
        } else if (winner.equals(mine.pid())) {
            his.add(new NameOperation.Insert(mine));
        } else {
            ours.add(new NameOperation.Delete(mine.name()));
            his.add(new NameOperation.Delete(mine.name()));
        }
    }

    /**
     * What {@code global:resolve_it(Method, Name, Theirs, Ours)} does, which a node that decides calls at the owner's: the
     * name's owner here, and another.
     *
     * @param caller the node that decides: whoever has to be connected to for that was named by it
     */
    Term resolve(Atom caller, List<Term> arguments) {
        if (!(arguments.get(2) instanceof Pid theirs) || !(arguments.get(3) instanceof Pid ours)) {
            throw ErlangException.error(Atom.of("badarg"));
        }
        GlobalName mine = names.find(arguments.get(1));
        if (mine == null || !mine.pid().equals(ours) || !ours.node().equals(here)) {
            return theirs; // it is nobody's here any more
        }
        return decideHere(mine, theirs, caller);
    }

    /** The methods of OTP itself; any other is taken for the default one, {@code random_exit_name}. */
    private Term decideHere(GlobalName mine, Pid theirs, Atom introducer) {
        boolean mineIsLess = TermOrder.standard().compare(mine.pid().node(), theirs.node()) < 0;
        Pid winner = mineIsLess ? mine.pid() : theirs;
        Pid loser = mineIsLess ? theirs : mine.pid();
        String method = mine.method() instanceof ExternalFun fun && fun.module().equals(Atoms.GLOBAL)
                ? fun.function().text()
                : "";
        if (!reach.reaches(theirs.node(), introducer)) {
            return mine.pid(); // nobody there can be told, and nobody is connected to for that
        }
        try {
            switch (method) {
                case "random_notify_name" -> self.send(loser, Tuple.of(Atoms.GLOBAL_NAME_CONFLICT, mine.name()));
                case "notify_all_name" -> {
                    self.send(mine.pid(), Tuple.of(Atoms.GLOBAL_NAME_CONFLICT, mine.name(), theirs));
                    self.send(theirs, Tuple.of(Atoms.GLOBAL_NAME_CONFLICT, mine.name(), mine.pid()));
                    return Atoms.NONE;
                }
                default -> self.exit(loser, Atoms.KILL);
            }
        } catch (MailboxExitException e) {
            return Atoms.NONE; // the node is closing
        }
        return winner;
    }

    /** The method may be any function of that node. */
    private Term decideThere(GlobalName mine, Pid theirs, Atom introducer) throws InterruptedException {
        long left = decisionsEnd - self.node().surroundings().nanoTime();
        if (left <= 0 || !reach.reaches(mine.pid().node(), introducer)) {
            return theirs; // as OTP: who cannot be asked loses
        }
        try {
            return Rpc.call(
                    self.node(),
                    MultiCall.CALLER,
                    mine.pid().node(),
                    Atoms.GLOBAL,
                    Atoms.RESOLVE_IT,
                    List.of(mine.method(), mine.name(), theirs, mine.pid()),
                    Duration.ofNanos(Math.min(left, DECISION_TIMEOUT.toNanos())));
        } catch (RpcException e) {
            return theirs;
        }
    }
}
