package io.hawser.benchmarks.pair;

import java.util.Arrays;

/**
 * The timed part that all peers share, so that one table can hold them side by side: the same calibration, the same
 * repetitions, the same lines of results.
 */
final class Timings {
    private final String label;
    private final Peer peer;
    private final Plan plan;

    /** Times a peer; the label names it in the results. */
    Timings(String label, Peer peer, Plan plan) {
        this.label = label;
        this.peer = peer;
        this.plan = plan;
    }

    /** What there is to time. */
    interface Peer {
        /** Sends {@code count} messages from each of several senders to a receiver each: nanoseconds until all have them. */
        long burst(Kind kind, int senders, long count) throws Exception;

        /**
         * Plays ping-pong with one small message for about so many nanoseconds: the nanoseconds of each round trip, none if
         * this peer has no such caller.
         */
        long[] pings(Caller caller, long span) throws Exception;

        /** Ends the last connection, waits until the peer has seen it go, and makes one: nanoseconds until it can be sent on. */
        long connect() throws Exception;
    }

    /** Times everything that the plan asks for, and prints a line for each result. */
    void run() throws Exception {
        if (!plan.kinds().isEmpty()) {
            calibrate(plan.kinds().get(0), 1, 2 * plan.nanos()); // warms both ends up
        }
        for (int senders : plan.senders()) {
            for (Kind kind : plan.kinds()) {
                if (senders == 1 || !kind.isLarge()) {
                    throughput(kind, senders);
                }
            }
        }
        for (Caller caller : plan.callers()) {
            roundTrips(caller);
        }
        if (plan.connects() > 0) {
            connects();
        }
    }

    private void throughput(Kind kind, int senders) throws Exception {
        long count = calibrate(kind, senders, plan.nanos());
        for (int i = 0; i < plan.repetitions(); i++) {
            double seconds = peer.burst(kind, senders, count) / 1e9;
            result("thr." + kind.label() + "." + senders, "msg/s", count * senders / seconds);
        }
    }

    private void roundTrips(Caller caller) throws Exception {
        if (peer.pings(caller, plan.nanos()).length == 0) {
            return;
        }
        for (int i = 0; i < plan.repetitions(); i++) {
            long[] times = peer.pings(caller, plan.nanos());
            Arrays.sort(times);
            result(caller.metric() + ".p50", "us", times[times.length / 2] / 1e3);
            result(caller.metric() + ".p99", "us", times[(int) (times.length * 0.99)] / 1e3);
        }
    }

    private void connects() throws Exception {
        for (int i = 0; i < plan.connectsBefore(); i++) {
            peer.connect();
        }
        long[] times = new long[plan.connects()];
        for (int i = 0; i < times.length; i++) {
            times[i] = peer.connect();
        }
        Arrays.sort(times);
        result("connect.p50", "us", times[times.length / 2] / 1e3);
        result("connect.max", "us", times[times.length - 1] / 1e3);
    }

    /** Sends more and more until a burst lasts about the span, and returns how many messages make one. */
    private long calibrate(Kind kind, int senders, long span) throws Exception {
        long count = Math.max(1, 200 / kind.weight());
        while (true) {
            long time = peer.burst(kind, senders, count);
            if (time > span / 2) {
                return Math.max(1, Math.round(count * ((double) plan.nanos() / time)));
            }
            long wanted = Math.round(count * 0.6 * span / time);
            count = Math.max(count * 2, Math.min(count * 8, wanted));
        }
    }

    private void result(String metric, String unit, double value) {
        System.out.println(new Sample(label, metric, unit, value).line());
    }
}
