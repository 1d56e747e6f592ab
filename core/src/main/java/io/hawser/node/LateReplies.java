package io.hawser.node;

import io.hawser.term.ImproperList;
import io.hawser.term.Reference;
import io.hawser.term.Tuple;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Calls that nobody waits for any more, at servers whose replies may come to the pid: a peer that knows no aliases. The
 * oldest are forgotten, so a server that never replies costs little. Not thread-safe; used by one caller at a time.
 */
final class LateReplies {
    static final int MAX = 256;

    private final Set<Reference> calls = new LinkedHashSet<>();

    void add(Reference call) {
        if (calls.size() >= MAX) {
            calls.remove(calls.iterator().next());
        }
        calls.add(call);
    }

    /** Whether a message is the reply to such a call, {@code {[alias|Ref], Reply}}; there is only one to each. */
    boolean takes(Message message) {
        return !calls.isEmpty()
                && message instanceof Message.Sent sent
                && sent.term() instanceof Tuple reply
                && reply.arity() == 2
                && reply.element(0) instanceof ImproperList tag
                && tag.tail() instanceof Reference call
                && calls.remove(call);
    }
}
