package io.hawser.cluster;

import io.hawser.node.Mailbox;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.Term;
import io.hawser.term.TermOrder;
import io.hawser.term.Tuple;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** Sets and releases one lock on several nodes, this one among them. Not thread-safe; used by one thread. */
final class LockCalls {
    private final GlobalLocks here;
    private final GlobalMembers members;
    private final Atom node;
    private final Mailbox holder;
    private final Tuple lock;

    /**
     * Prepares.
     *
     * @param here the locks of this node
     * @param members which nodes are within reach: no other is asked
     * @param holder holds the lock, and receives nothing but answers
     * @param requester for whom the lock is
     */
    LockCalls(GlobalLocks here, GlobalMembers members, Mailbox holder, Term requester) {
        this.here = here;
        this.members = members;
        this.node = holder.node().name().atom();
        this.holder = holder;
        this.lock = GlobalLocks.global(requester);
    }

    /** A process that holds locks; no peer, all of which learn its pid, can end it. */
    static Mailbox holder(Node node) {
        Mailbox holder = node.mailbox(MultiCall.CALLER);
        holder.ignoreExits();
        return holder;
    }

    /** The node that is locked first and released last, so that those who want the lock meet there: the greatest. */
    static Atom boss(Collection<Atom> nodes) {
        return Collections.max(nodes, TermOrder.standard());
    }

    boolean canSetHere() {
        return here.canSet(lock.element(0), lock.element(1));
    }

    /**
     * Sets the lock on all of these nodes or on none. Nodes that are gone do not count; one that is there and does not answer
     * counts as one that refuses: it may set the lock when it comes to it, and finds it released then.
     */
    boolean set(Collection<Atom> nodes) throws InterruptedException {
        if (nodes.size() > 1 && nodes.contains(node) && !canSetHere()) {
            return false;
        }
        var replies = MultiCall.call(holder, members, nodes, Tuple.of(Atoms.SET_LOCK, lock));
        if (replies.values().stream().allMatch(Atom.TRUE::equals)) {
            return true;
        }
        delete(nodes.stream()
                .filter(each -> replies.containsKey(each) && !Atom.FALSE.equals(replies.get(each)))
                .toList());
        return false;
    }

    /** Releases the lock on these nodes, wherever it is set. */
    void delete(Collection<Atom> nodes) throws InterruptedException {
        MultiCall.call(holder, members, nodes, Tuple.of(Atoms.DEL_LOCK, lock));
    }

    /** Releases the lock on these nodes, the boss last. */
    void release(Collection<Atom> nodes) throws InterruptedException {
        Atom boss = boss(nodes);
        delete(nodes.stream().filter(each -> !each.equals(boss)).toList());
        delete(List.of(boss));
    }
}
