package io.hawser.benchmarks.pair;

/** What runs as one end of a pair. */
enum End {
    /** {@link BenchNode}. */
    HAWSER,
    /** {@code pair_bench.erl}. */
    OTP,
    /** {@code JinterfaceEnd.java}. */
    JINTERFACE,
    /** {@link FloorNode}. */
    FLOOR
}
