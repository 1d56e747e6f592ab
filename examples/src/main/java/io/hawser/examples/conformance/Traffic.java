package io.hawser.examples.conformance;

import io.hawser.node.Mailbox;
import io.hawser.node.Message;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.Int;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The mailboxes {@code echo}, {@code sink} and {@code source}. */
final class Traffic {
    /** The largest binary that {@code source} sends; what is larger than a packet may be could not be sent anyway. */
    private static final int MAX_SIZE = 256 << 20;

    private Traffic() {}

    static void start(Node node) {
        Mailbox echo = node.register("echo");
        echo.onMessage(message -> echo(echo, message));
        Mailbox sink = node.register("sink");
        sink.onMessage(new Sink(sink)::onMessage);
        Mailbox source = node.register("source");
        source.onMessage(message -> blast(source, message));
    }

    private static void echo(Mailbox self, Message message) {
        if (message.toTerm() instanceof Tuple tuple && tuple.arity() == 3 && tuple.element(0) instanceof Pid from) {
            self.send(from, Tuple.of(tuple.element(1), tuple.element(2)));
        }
    }

    private static void blast(Mailbox self, Message message) {
        if (!(message.toTerm() instanceof Tuple tuple)
                || tuple.arity() != 6
                || !tuple.element(0).equals(Atom.of("blast"))
                || !(tuple.element(4) instanceof Int count)
                || !(tuple.element(5) instanceof Int size)
                || count.value() < 0
                || size.value() < 0
                || size.value() > MAX_SIZE) {
            return;
        }
        byte[] bytes = new byte[(int) size.value()];
        Arrays.fill(bytes, (byte) 7);
        Term filling = Binary.copyOf(bytes);
        Term to = tuple.element(3);
        if (isDestination(to)) {
            for (long i = 1; i <= count.value(); i++) {
                self.send(to, Tuple.of(Atom.of("blast"), Int.of(i), filling));
            }
        }
        if (isDestination(tuple.element(1))) {
            self.send(tuple.element(1), Tuple.of(tuple.element(2), Atom.of("done")));
        }
    }

    /** Returns whether a term is something that can be sent to. */
    static boolean isDestination(Term to) {
        return to instanceof Pid
                || to instanceof Atom
                || to instanceof Reference
                || (to instanceof Tuple tuple
                        && tuple.arity() == 2
                        && tuple.element(0) instanceof Atom
                        && tuple.element(1) instanceof Atom);
    }

    /** Counts messages between a {@code start} and the last of those it asked for. */
    private static final class Sink {
        private final Mailbox self;
        private @Nullable Tuple start;
        private long left;
        private long startedNanos;

        Sink(Mailbox self) {
            this.self = self;
        }

        void onMessage(Message message) {
            if (start != null) {
                if (--left == 0) {
                    answer(start);
                    start = null;
                }
            } else if (message.toTerm() instanceof Tuple tuple
                    && tuple.arity() == 4
                    && tuple.element(0).equals(Atom.of("start"))
                    && tuple.element(3) instanceof Int count
                    && count.value() > 0) {
                start = tuple;
                left = count.value();
                startedNanos = System.nanoTime();
            }
        }

        private void answer(Tuple request) {
            if (isDestination(request.element(1))) {
                long nanos = System.nanoTime() - startedNanos;
                self.send(request.element(1), Tuple.of(request.element(2), request.element(3), Int.of(nanos)));
            }
        }
    }
}
