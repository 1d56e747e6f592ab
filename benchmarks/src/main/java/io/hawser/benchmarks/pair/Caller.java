package io.hawser.benchmarks.pair;

import java.util.Locale;

/** Who plays ping-pong. */
enum Caller {
    /** A thread, or an Erlang process, that waits for the answer on both sides. */
    BLOCKED("rtt"),
    /** A handler on both sides, or an event loop: nothing waits. */
    HANDLER("rtt-handler");

    private final String metric;

    Caller(String metric) {
        this.metric = metric;
    }

    static Caller named(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What its times are called. */
    String metric() {
        return metric;
    }
}
