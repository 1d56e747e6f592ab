package io.hawser.node;

import io.hawser.term.Atom;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** One request to the servers of one name at several nodes; whatever happens, nothing of it stays behind. Stateless. */
final class MultiRequest {
    private MultiRequest() {}

    static GenServer.MultiReply call(Mailbox caller, List<Atom> nodes, Atom name, Term request, Duration timeout)
            throws InterruptedException {
        var deadline = Deadline.after(caller.node().surroundings(), timeout);
        var open = new ArrayDeque<GenRequest>();
        Map<Atom, Term> replies = new LinkedHashMap<>();
        List<Atom> bad = new ArrayList<>();
        try {
            var distinct = new LinkedHashSet<>(nodes);
            for (Atom node : distinct) {
                open.add(GenRequest.call(caller, Tuple.of(name, node), request, timeout));
            }
            for (Atom node : distinct) {
                try {
                    replies.put(node, open.remove().await(deadline.left()));
                } catch (CallException e) {
                    bad.add(node);
                }
            }
        } finally {
            abandon(open);
        }
        return new GenServer.MultiReply(replies, bad);
    }

    private static void abandon(Deque<GenRequest> open) throws InterruptedException {
        boolean wasInterrupted = Thread.interrupted(); // it would keep monitors from being ended
        for (GenRequest request : open) {
            request.abandon();
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
