package io.hawser.node;

import java.util.concurrent.ConcurrentHashMap;

/** Which processes want to know of nodes that come and go. Thread-safe: a concurrent map. */
final class NodeEvents {
    private final ConcurrentHashMap<LocalProcess, NodeKind> subscribers = new ConcurrentHashMap<>();

    void subscribe(LocalProcess process, NodeKind kind) {
        subscribers.put(process, kind);
        if (process.exitReason() != null) {
            subscribers.remove(process);
        }
    }

    void unsubscribe(LocalProcess process) {
        subscribers.remove(process);
    }

    void tell(boolean hidden, Message event) {
        subscribers.forEach((process, kind) -> {
            boolean wanted = switch (kind) {
                case VISIBLE -> !hidden;
                case HIDDEN -> hidden;
                case ALL -> true;
            };
            if (wanted) {
                process.deliver(event);
            }
        });
    }
}
