package io.hawser.certs;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A rotation that is under way, or was the last. Immutable, thread-safe.
 *
 * @param kind what it replaces
 * @param phase how far it has come; {@code IDLE} when it is over
 * @param begun when it was begun
 * @param since when the phase was reached
 * @param old the CAs that go, such as {@code root-1} and {@code issuing-1}; none when nodes are rotated
 * @param coming the CAs that come
 * @param nodes of nodes that are rotated, the generation that each had when it was begun; empty for CAs
 * @param leftOut nodes that are down for good, and are waited for no more
 * @param offlineRoot where the key of a new root goes, or empty for the store
 */
public record Rotation(
        RotationKind kind,
        RotationPhase phase,
        Instant begun,
        Instant since,
        List<String> old,
        List<String> coming,
        Map<NodeName, Integer> nodes,
        List<NodeName> leftOut,
        String offlineRoot) {
    /**
     * Copies the collections.
     *
     * @param kind what it replaces
     * @param phase how far it has come; {@code IDLE} when it is over
     * @param begun when it was begun
     * @param since when the phase was reached
     * @param old the CAs that go, such as {@code root-1} and {@code issuing-1}; none when nodes are rotated
     * @param coming the CAs that come
     * @param nodes of nodes that are rotated, the generation that each had when it was begun; empty for CAs
     * @param leftOut nodes that are down for good, and are waited for no more
     * @param offlineRoot where the key of a new root goes, or empty for the store
     */
    public Rotation {
        old = List.copyOf(old);
        coming = List.copyOf(coming);
        nodes = Map.copyOf(nodes);
        leftOut = List.copyOf(leftOut);
    }

    /** The same one in another phase. */
    Rotation in(RotationPhase next, Instant now) {
        return new Rotation(kind, next, begun, now, old, coming, nodes, leftOut, offlineRoot);
    }

    /** The same one, which waits for fewer nodes. */
    Rotation leaving(List<NodeName> out) {
        return new Rotation(kind, phase, begun, since, old, coming, nodes, out, offlineRoot);
    }

    boolean isUnderWay() {
        return phase != RotationPhase.IDLE;
    }

    /** The issuing CA that goes, as long as it is the one that issues. */
    Optional<String> stillIssues() {
        return switch (phase) {
            case DISTRIBUTE, VERIFY_TRUST, ABORT -> issuing(old);
            case IDLE, REISSUE, VERIFY_USE, RETIRE, VERIFY_GONE -> Optional.empty();
        };
    }

    /** The issuing CA that goes. */
    Optional<String> oldIssuing() {
        return issuing(old);
    }

    /** The issuing CA that comes. */
    Optional<String> comingIssuing() {
        return issuing(coming);
    }

    private static Optional<String> issuing(List<String> names) {
        return names.stream().filter(name -> name.startsWith("issuing-")).findFirst();
    }

    /** Whether chains carry the new root as the old one signed it, for those who have not heard of it. */
    boolean isBridged() {
        return kind == RotationKind.ROOT && (phase == RotationPhase.REISSUE || phase == RotationPhase.VERIFY_USE);
    }

    /** What {@code rotation.json} says of it. */
    Map<String, Object> describe() {
        var generations = new TreeMap<String, Integer>();
        nodes.forEach((node, generation) -> generations.put(node.toString(), generation));
        return Json.object(
                "kind",
                kind.label(),
                "phase",
                phase.label(),
                "begun",
                begun.toString(),
                "since",
                since.toString(),
                "old",
                old,
                "new",
                coming,
                "nodes",
                generations,
                "leftOut",
                leftOut.stream().map(NodeName::toString).toList(),
                "offlineRoot",
                offlineRoot);
    }
}
