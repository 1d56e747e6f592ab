package io.hawser.node;

import java.util.concurrent.CopyOnWriteArrayList;

/** Which processes want to know of nodes that come and go. Thread-safe: a copy for each change. */
final class NodeEvents {
    private final CopyOnWriteArrayList<Subscriber> subscribers = new CopyOnWriteArrayList<>(); // told in this order

    private record Subscriber(LocalProcess process, NodeKind kind) {}

    void subscribe(LocalProcess process, NodeKind kind) {
        unsubscribe(process);
        subscribers.add(new Subscriber(process, kind));
        if (process.exitReason() != null) {
            unsubscribe(process);
        }
    }

    void unsubscribe(LocalProcess process) {
        subscribers.removeIf(each -> each.process == process);
    }

    void tell(boolean hidden, Message event) {
        for (Subscriber each : subscribers) {
            boolean wanted = switch (each.kind) {
                case VISIBLE -> !hidden;
                case HIDDEN -> hidden;
                case ALL -> true;
            };
            if (wanted) {
                each.process.deliver(event);
            }
        }
    }
}
