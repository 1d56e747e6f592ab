package io.hawser.examples.rotation;

import io.hawser.node.Mailbox;
import io.hawser.node.Message;
import io.hawser.node.Node;
import io.hawser.term.Int;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Sends numbers back to whoever sent them, and finds fault with those that do not come once each and in order. */
final class Echo {
    static final String NAME = "echo";

    private final Mailbox mailbox;
    private final Map<Term, Long> next = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();

    Echo(Node node) {
        mailbox = node.register(NAME);
        mailbox.onMessage(this::onMessage);
    }

    private void onMessage(Message message) {
        List<Term> request = ((Tuple) message.toTerm()).elements(); // {Pid, Number}
        Pid from = (Pid) request.get(0);
        long expected = next.getOrDefault(from, 0L);
        if (!request.get(1).equals(Int.of(expected))) {
            faults.add(from + ": " + request.get(1) + " (expected: " + expected + ")");
        }
        next.put(from, expected + 1);
        mailbox.send(from, request.get(1));
    }

    /** What did not come as it was sent. */
    List<String> faults() {
        return List.copyOf(faults);
    }
}
