package io.hawser.cluster;

import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.ListTerm;
import io.hawser.term.NodeName;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The nodes that take part in the global names, with the version of the protocol that each speaks. A node becomes known
 * when it, or one that knows it, has exchanged names with this one. Changed by the name server alone; read by anyone.
 *
 * <p>Thread-safe to read: concurrent maps.
 */
final class GlobalMembers {
    /** Nodes that can be known; a full mesh of more is out of reach. */
    static final int MAX_KNOWN = 4096;

    private final Atom here;
    private final ConcurrentHashMap<Atom, Long> known = new ConcurrentHashMap<>();
    private final Set<Atom> synced = ConcurrentHashMap.newKeySet();
    private final Set<Atom> connected = ConcurrentHashMap.newKeySet();
    private final ConcurrentHashMap<Atom, Integer> expected = new ConcurrentHashMap<>(); // how often

    GlobalMembers(Atom here) {
        this.here = here;
    }

    /** A node and the version it speaks, as in the lists that nodes send each other. */
    record Member(Atom node, long version) {
        /** Reads <code>[{Node, Version}]</code>. */
        static List<Member> parse(List<Term> members) {
            return members.stream()
                    .map(term -> {
                        Fields fields = Fields.of(term, 2);
                        return new Member(fields.node(0), fields.integer(1));
                    })
                    .toList();
        }

        Tuple toTerm() {
            return Tuple.of(node, Int.of(version));
        }
    }

    /** Returns the atom if it names a node. */
    static Atom nodeName(Atom node) {
        try {
            NodeName.parse(node.text());
            return node;
        } catch (IllegalArgumentException e) {
            throw new Fields.MalformedException();
        }
    }

    /** A visible node is connected. Returns whether that is news. */
    boolean connected(Atom node) {
        return connected.add(node);
    }

    void disconnected(Atom node) {
        connected.remove(node);
    }

    boolean isConnected(Atom node) {
        return connected.contains(node);
    }

    /** The visible nodes that are connected; a copy. */
    Set<Atom> connected() {
        return new HashSet<>(connected);
    }

    /** A node is being connected to; as often as this is called, {@link #expectedNoMore} is to follow. */
    void expected(Atom node) {
        expected.merge(node, 1, Integer::sum);
    }

    void expectedNoMore(Atom node) {
        expected.computeIfPresent(node, (key, often) -> often == 1 ? null : often - 1);
    }

    /** Whether a node is being connected to, or is just connected. */
    boolean isExpected(Atom node) {
        return expected.containsKey(node);
    }

    /** Whether what is sent to a node has no connection made that is not being made already. */
    boolean isWithinReach(Atom node) {
        return node.equals(here) || connected.contains(node) || expected.containsKey(node);
    }

    /** Those that are within reach: whoever is known and is not has gone, or is not dialled. */
    List<Atom> withinReach(Collection<Atom> nodes) {
        return nodes.stream().filter(this::isWithinReach).toList();
    }

    boolean isKnown(Atom node) {
        return known.containsKey(node);
    }

    /** The known nodes, without this one; a snapshot, in an order that is the same in each JVM. */
    Set<Atom> known() {
        return Collections.unmodifiableSet(new LinkedHashSet<>(known.keySet()));
    }

    /** The known nodes and this one; a snapshot. */
    List<Atom> all() {
        var all = new ArrayList<>(known.keySet());
        all.add(here);
        return all;
    }

    ListTerm knownTerm() {
        return toTerm(known.entrySet().stream()
                .map(each -> new Member(each.getKey(), each.getValue()))
                .toList());
    }

    static ListTerm toTerm(List<Member> members) {
        return new ListTerm(members.stream().<Term>map(Member::toTerm).toList());
    }

    /** Adds nodes. Returns those that are new. */
    List<Member> add(List<Member> members) {
        var added = new ArrayList<Member>();
        for (Member member : members) {
            if (!member.node.equals(here)
                    && known.size() < MAX_KNOWN
                    && known.putIfAbsent(member.node, member.version) == null) {
                added.add(member);
            }
        }
        return added;
    }

    /** Takes a node out; it has gone. */
    void remove(Atom node) {
        known.remove(node);
        synced.remove(node);
    }

    void synced(Atom node) {
        synced.add(node);
    }

    boolean isSynced(Atom node) {
        return synced.contains(node);
    }

    ListTerm syncedTerm() {
        return new ListTerm(List.copyOf(synced));
    }
}
