package io.hawser.examples.patterns;

import io.hawser.node.Message;
import io.hawser.term.Term;
import io.hawser.term.TermPattern;

/** Says in words what happened: with patterns, on any JDK. {@code RecordPatternsTest} has the same for JDK 21. */
final class News {
    private static final TermPattern STORED = TermPattern.parse("{stored, Item, N}");
    private static final TermPattern DOWN = TermPattern.parse("{'DOWN', _, process, Who, Reason}");
    private static final TermPattern NODE_DOWN = TermPattern.parse("{nodedown, Node}");

    private News() {}

    static String describe(Message message) {
        Term term = message.toTerm();
        return STORED.match(term)
                .map(b -> b.longValue("N") + " of " + b.get("Item"))
                .or(() -> DOWN.match(term).map(b -> b.get("Who") + " ended: " + b.get("Reason")))
                .or(() -> NODE_DOWN.match(term).map(b -> b.atom("Node").text() + " is gone"))
                .orElse("something else");
    }
}
