package io.hawser.benchmarks.pair;

import io.hawser.node.Mailbox;
import io.hawser.node.Node;
import io.hawser.term.Int;
import io.hawser.term.NodeName;
import io.hawser.term.Tuple;
import java.time.Duration;

/**
 * What {@link StartTime} starts: a node over TLS that sends one message, and ends when it is answered. Without words it ends at
 * once, and so takes what a JVM takes.
 */
final class StartNode {
    private static final Duration SOON = Duration.ofSeconds(30);

    private StartNode() {}

    /** Runs with the own alive name and the other node; the rest is in the environment, as for {@link BenchNode}. */
    public static void main(String[] words) throws InterruptedException {
        if (words.length == 0) {
            return;
        }
        long begin = System.nanoTime();
        try (Node node = BenchNode.start(words[0], BenchNode.transport("tls", "a"));
                Mailbox me = node.mailbox()) {
            long started = System.nanoTime() - begin;
            me.send("first", NodeName.parse(words[1]), Tuple.of(me.self(), Int.of(started)));
            if (me.receive(SOON).isEmpty()) {
                throw new IllegalStateException(words[1] + ": no answer within " + SOON);
            }
        }
    }
}
