package io.hawser.peer;

import java.util.concurrent.atomic.LongAdder;

/** Counts what connections carry. Thread-safe. */
final class TrafficCounter {
    private final LongAdder messagesIn = new LongAdder();
    private final LongAdder messagesOut = new LongAdder();
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();

    void packetIn(int bytes) {
        bytesIn.add(bytes);
    }

    void signalIn() {
        messagesIn.increment();
    }

    void signalOut() {
        messagesOut.increment();
    }

    void packetsOut(int bytes) {
        bytesOut.add(bytes);
    }

    void add(Traffic more) {
        messagesIn.add(more.messagesIn());
        messagesOut.add(more.messagesOut());
        bytesIn.add(more.bytesIn());
        bytesOut.add(more.bytesOut());
    }

    Traffic snapshot() {
        return new Traffic(messagesIn.sum(), messagesOut.sum(), bytesIn.sum(), bytesOut.sum());
    }
}
