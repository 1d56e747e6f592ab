package io.hawser.benchmarks.pair;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The timed part that all peers share, so that one table can hold them side by side: the same calibration, the same
 * repetitions, the same lines of results.
 *
 * <p>What it takes from the environment: {@code SECS}, how long one repetition is to last (2); {@code REPS}, how many
 * repetitions (2); {@code KINDS} and {@code PARS}, what is sent and by how many senders; {@code RTT} and {@code CONNECT},
 * 0 to leave these out.
 */
final class Timings {
    private static final int REPETITIONS = Integer.parseInt(env("REPS", "2"));
    private static final long SPAN = Long.parseLong(env("SECS", "2")) * 1_000_000_000L;
    private static final int CONNECTS = 30;
    private static final int CONNECTS_BEFORE = 10;

    private final String label;
    private final Peer peer;

    /** Times a peer; the label names it in the results. */
    Timings(String label, Peer peer) {
        this.label = label;
        this.peer = peer;
    }

    /** What there is to time. */
    interface Peer {
        /** Sends {@code count} messages from each of several senders to a receiver each: nanoseconds until all have them. */
        long burst(Kind kind, int senders, long count) throws InterruptedException;

        /** Plays ping-pong with one small message for about so many nanoseconds: the nanoseconds of each round trip. */
        long[] pings(long span) throws InterruptedException;

        /** Makes one connection: nanoseconds until the peer can be sent to, or -1 if this peer has no such thing. */
        long connect() throws InterruptedException;
    }

    static String env(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }

    /** Times everything that the environment asks for, and prints a line for each result. */
    void run() throws InterruptedException {
        List<String> kinds = List.of(env("KINDS", "small,k1,k64").split(",", -1));
        calibrate(Kind.named(kinds.get(0)), 1, 2 * SPAN); // warms both ends up
        for (String senders : env("PARS", "1,8").split(",", -1)) {
            for (String kind : kinds) {
                throughput(Kind.named(kind), Integer.parseInt(senders));
            }
        }
        if (env("RTT", "1").equals("1")) {
            roundTrips();
        }
        if (env("CONNECT", "1").equals("1")) {
            connects();
        }
    }

    private void throughput(Kind kind, int senders) throws InterruptedException {
        long count = calibrate(kind, senders, SPAN);
        for (int i = 0; i < REPETITIONS; i++) {
            double seconds = peer.burst(kind, senders, count) / 1e9;
            result("thr." + kind.label() + "." + senders, "msg/s", count * senders / seconds);
        }
    }

    private void roundTrips() throws InterruptedException {
        peer.pings(SPAN);
        for (int i = 0; i < REPETITIONS; i++) {
            long[] times = peer.pings(SPAN);
            Arrays.sort(times);
            result("rtt.p50", "us", times[times.length / 2] / 1e3);
            result("rtt.p99", "us", times[(int) (times.length * 0.99)] / 1e3);
        }
    }

    private void connects() throws InterruptedException {
        for (int i = 0; i < REPETITIONS; i++) {
            long[] times = new long[CONNECTS];
            for (int k = -CONNECTS_BEFORE; k < CONNECTS; k++) {
                long time = peer.connect();
                if (time < 0) {
                    return;
                }
                if (k >= 0) {
                    times[k] = time;
                }
                Thread.sleep(20);
            }
            Arrays.sort(times);
            result("connect.p50", "us", times[CONNECTS / 2] / 1e3);
            result("connect.max", "us", times[CONNECTS - 1] / 1e3);
        }
    }

    /** Sends more and more until a burst lasts about the span, and returns how many messages make one. */
    private long calibrate(Kind kind, int senders, long span) throws InterruptedException {
        long count = Math.max(1, 200 / kind.weight());
        while (true) {
            long time = peer.burst(kind, senders, count);
            if (time > span / 2) {
                return Math.max(1, Math.round(count * ((double) SPAN / time)));
            }
            long wanted = Math.round(count * 0.6 * span / time);
            count = Math.max(count * 2, Math.min(count * 8, wanted));
        }
    }

    private void result(String metric, String unit, double value) {
        System.out.printf(Locale.ROOT, "RESULT peer=%s metric=%s unit=%s value=%.2f%n", label, metric, unit, value);
        System.out.flush();
    }
}
