package io.hawser.cluster;

import io.hawser.term.Atom;
import io.hawser.term.Term;
import io.hawser.term.TermOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The groups in which the scope process of another node has members, and what they take here: names of groups are as large,
 * and as many, as a peer likes. Confined to the scope process of this node.
 */
final class PeerGroups {
    /** Memberships that one peer can have here, each join counted. */
    static final int MAX_MEMBERSHIPS = 262_144;

    /** Groups that one peer can have members in. */
    static final int MAX_GROUPS = GroupTable.MAX_GROUPS / 2;

    /** What a group takes besides its name, and what a member does. */
    private static final long GROUP_BYTES = 512;

    private static final long MEMBER_BYTES = 128;
    private static final int MOST_MIB = 128;
    private static final int PART_OF_HEAP = 8;

    private final Atom node;
    private final Quota quota;
    private final Set<Term> groups = new TreeSet<>(TermOrder.exact()); // no choice of names makes it slow
    private int memberships;
    private long bytes;

    PeerGroups(Atom node, Quota quota) {
        this.node = node;
        this.quota = quota;
    }

    /** Returns what all peers may take in one scope, of which one node may take half. */
    static Quota quota(Atom here) {
        long all = Quota.ofHeap(PART_OF_HEAP, MOST_MIB);
        return new Quota(here, all, all / 2);
    }

    /** Notes that members join a group; false, and nothing is noted, if that is too much. */
    boolean add(Term group, int members) {
        boolean isNew = !groups.contains(group);
        long more = MEMBER_BYTES * members + (isNew ? bytesOf(group) : 0);
        if ((isNew && groups.size() >= MAX_GROUPS)
                || memberships + members > MAX_MEMBERSHIPS
                || !quota.take(node, more)) {
            return false;
        }
        groups.add(group);
        memberships += members;
        bytes += more;
        return true;
    }

    boolean contains(Term group) {
        return groups.contains(group);
    }

    /** Notes that members left a group, the last of them if it is empty now. */
    void remove(Term group, int members, boolean isEmpty) {
        memberships -= members;
        giveBack(MEMBER_BYTES * members);
        if (isEmpty && groups.remove(group)) {
            giveBack(bytesOf(group));
        }
    }

    /** Forgets all. Returns the groups that there were. */
    List<Term> clear() {
        List<Term> before = new ArrayList<>(groups);
        groups.clear();
        memberships = 0;
        giveBack(bytes);
        return before;
    }

    private void giveBack(long less) {
        quota.giveBack(node, less);
        bytes -= less;
    }

    private static long bytesOf(Term group) {
        return GROUP_BYTES + Weight.of(group);
    }
}
