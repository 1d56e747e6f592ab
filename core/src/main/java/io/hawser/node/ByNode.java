package io.hawser.node;

import io.hawser.term.Atom;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one process has to do with other nodes, by node and in the order it began: what the loss of a connection costs does
 * not depend on what the process holds elsewhere.
 *
 * <p>Guarded by the process's lock.
 *
 * @param <K> names one link or monitor
 */
final class ByNode<K> {
    private final Map<Atom, Set<K>> keys = new HashMap<>(0);

    void add(Atom node, K key) {
        keys.computeIfAbsent(node, first -> new LinkedHashSet<>(2)).add(key);
    }

    /** Does nothing if it is not there. */
    void remove(Atom node, K key) {
        Set<K> ofNode = keys.get(node);
        if (ofNode != null && ofNode.remove(key) && ofNode.isEmpty()) {
            keys.remove(node);
        }
    }

    boolean has(Atom node) {
        return keys.containsKey(node);
    }

    /** A snapshot. */
    List<K> of(Atom node) {
        Set<K> ofNode = keys.get(node);
        return ofNode == null ? List.of() : List.copyOf(ofNode);
    }
}
