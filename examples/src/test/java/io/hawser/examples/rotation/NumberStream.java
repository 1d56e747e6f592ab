package io.hawser.examples.rotation;

import static io.hawser.examples.rotation.Member.SOON;

import io.hawser.node.Mailbox;
import io.hawser.node.Message;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.NodeName;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import io.hawser.testing.Await;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Numbers 0, 1, 2 and so on that a node sends to an echo, a few every 5 ms, until it is paused. */
final class NumberStream {
    private static final long PACE_MILLIS = 5; // leaves time for the handshakes that are to happen meanwhile
    private static final int ON_THE_WAY = 4;
    private static final int A_WHILE = 40;
    private static final Atom GO = Atom.of("go");

    private final Node from;
    private final NodeName to;
    private final Mailbox mailbox;
    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    private final AtomicLong returned = new AtomicLong();
    private long sent; // the handler's own
    private volatile boolean paused;
    private volatile boolean resting;

    NumberStream(Node from, NodeName to, ScheduledExecutorService pace) {
        this.from = from;
        this.to = to;
        this.mailbox = from.mailbox();
        mailbox.onMessage(this::onMessage);
        var unused =
                pace.scheduleAtFixedRate(() -> mailbox.send(mailbox.self(), GO), 0, PACE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void onMessage(Message message) {
        Term term = message.toTerm();
        if (term.equals(GO)) {
            onPace();
        } else {
            long expected = returned.getAndIncrement();
            if (!term.equals(Int.of(expected))) {
                faults.add(this + ": " + term + " came back (expected: " + expected + ")");
            }
        }
    }

    private void onPace() {
        boolean rest = paused;
        while (!rest && sent - returned.get() < ON_THE_WAY) {
            mailbox.send(Echo.NAME, to, Tuple.of(mailbox.self(), Int.of(sent++)));
        }
        resting = rest && sent == returned.get();
    }

    /** Sends no more, and waits until all that was sent is back: nothing is on the way. */
    void pause() {
        resting = false;
        paused = true;
        Await.until(SOON, this + " comes to rest", () -> resting);
    }

    void resume() {
        paused = false;
    }

    /** Waits until of each so many more are back that what was on the way is not what is seen. */
    static void awaitProgress(List<NumberStream> streams) {
        List<Long> wanted =
                streams.stream().map(stream -> stream.returned.get() + A_WHILE).toList();
        for (int i = 0; i < wanted.size(); i++) {
            NumberStream stream = streams.get(i);
            long enough = wanted.get(i);
            Await.until(SOON, stream + " goes on", () -> stream.returned.get() >= enough);
        }
    }

    /** What did not come back as it was sent. */
    List<String> faults() {
        return List.copyOf(faults);
    }

    @Override
    public String toString() {
        return "numbers from " + from.name() + " to " + to;
    }
}
