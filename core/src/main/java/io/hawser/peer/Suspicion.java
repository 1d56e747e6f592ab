package io.hawser.peer;

import io.hawser.transport.Scheduler;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How sure it is that a silent peer is gone, from when its bytes came so far: the phi accrual failure detector, fitted to
 * what Erlang nodes promise. Phi is the negative decimal logarithm of how likely a peer that lives is silent for longer: 1
 * is one in ten, 8 one in a hundred million. Bytes of any kind end a silence. Pure state: time is an argument.
 *
 * <p>How much traffic there was says nothing about how soon there will be more: a process may just have nothing to say. What
 * a node promises is a tick at the end of each quarter of the tick time in which it wrote nothing:
 *
 * <pre>
 *   quarters  |------|------|------|
 *   bytes     t                          after a tick, more within one quarter
 *   bytes       d d         t            after others, within two: those were written in the first
 * </pre>
 *
 * <p>So a silence is measured against one quarter after a tick, else against two. How long the peer's quarters are, and how
 * much they vary on the way to us, is learned from ticks that follow ticks, the later ones counting more (about the last
 * sixteen matter), beginning from our own quarter. Silence in which we did not look, because our process was stopped, does
 * not count, and the peer then gets a moment for bytes that lie in the socket.
 *
 * <p>Confined to the connection's event loop, but for {@link #phi}, {@link #silenceNanos} and {@link #isSuspected}: those
 * fields are volatile, and the one that is written for each packet is written without a fence.
 *
 * @see <a href="https://doi.org/10.1109/RELDIS.2004.1353004">Hayashibara et al., The phi accrual failure detector</a>
 * @see Scheduler#nanoTime()
 */
final class Suspicion {
    /** The phi from which on a peer is suspected. */
    static final double SUSPECTED = 8;

    /** The peer was not suspected. */
    static final long NO_NEWS = -1;

    /** How many deviations beyond the mean phi is {@link #SUSPECTED}. */
    private static final double SUSPECTED_DEVIATIONS = deviationsAt(SUSPECTED);

    private static final double WEIGHT = 1.0 / 16;
    private static final double MIN_DEVIATION_NANOS = Duration.ofMillis(50).toNanos();

    private final long quarterNanos;
    private final long slackNanos;
    private final AtomicLong lastReceived;
    private volatile boolean afterTick;
    private volatile double meanNanos;
    private volatile double deviationNanos;
    private volatile long unseenNanos; // of the silence, while we did not look
    private volatile long nextLook;
    private volatile boolean suspected;

    /**
     * Begins without an opinion.
     *
     * @param tickTime the net tick time
     * @param now the time
     */
    Suspicion(Duration tickTime, long now) {
        quarterNanos = Math.max(1, tickTime.toNanos() / 4);
        slackNanos = Math.max(1, quarterNanos / 16);
        lastReceived = new AtomicLong(now);
        meanNanos = quarterNanos;
        deviationNanos = quarterNanos / 4.0;
        nextLook = now;
    }

    /**
     * Bytes arrived.
     *
     * @param now the time
     * @param isTick whether a tick came last
     * @return how long the silence was, in nanoseconds, if the peer was suspected until now; else {@link #NO_NEWS}
     */
    long received(long now, boolean isTick) {
        long silence = now - lastReceived.getPlain();
        if (silence > quarterNanos / 4) {
            learn(silence, isTick);
        }
        lastReceived.setRelease(now);
        if (afterTick != isTick) {
            afterTick = isTick;
        }
        if (unseenNanos != 0) {
            unseenNanos = 0;
        }
        return suspected ? trust(silence) : NO_NEWS;
    }

    private long trust(long silence) {
        suspected = false;
        return silence;
    }

    /** A silence that says how long the peer's quarters are: from tick to tick, or longer than was to be expected. */
    private void learn(long silence, boolean isTick) {
        boolean isLong = silence > expectedNanos();
        if (unseenNanos != 0 || !(isLong || (afterTick && isTick))) {
            return;
        }
        double quarter = Math.min(afterTick ? silence : silence / 2.0, 5.0 * quarterNanos);
        double mean = meanNanos;
        double off = quarter - mean;
        double variance = (1 - WEIGHT) * (deviationNanos * deviationNanos + WEIGHT * off * off);
        meanNanos = mean + WEIGHT * off;
        deviationNanos = Math.sqrt(variance);
    }

    /** We do not read from the connection: silence is our own doing. Returns as {@link #received}. */
    long unread(long now) {
        long silence = now - lastReceived.getPlain();
        lastReceived.setRelease(now);
        afterTick = false;
        unseenNanos = 0;
        return suspected ? trust(silence) : NO_NEWS;
    }

    /** Says when the next {@link #look} is meant to be. */
    void lookAt(long time) {
        nextLook = time;
    }

    /**
     * Looks whether the peer is to be suspected.
     *
     * @param now the time
     * @return true once for each silence
     */
    boolean look(long now) {
        long late = now - nextLook;
        if (late > slackNanos) {
            long unseen = unseenNanos;
            unseenNanos = unseen + late + slackNanos;
        }
        nextLook = now;
        if (suspected || silenceNanos(now) < limitNanos()) {
            return false;
        }
        suspected = true;
        return true;
    }

    /** Returns how late a look is, in nanoseconds, if it is late enough to matter; else 0. */
    long lateness(long now) {
        long late = now - nextLook;
        return late > slackNanos ? late : 0;
    }

    /** Returns how long what lies in the socket may take to be read. */
    long slackNanos() {
        return slackNanos;
    }

    /** Returns in how many nanoseconds the next look is due; at least 1. */
    long untilLook(long now) {
        return suspected ? quarterNanos : Math.max(1, limitNanos() - silenceNanos(now));
    }

    /** Returns for how long nothing came, so far as we looked. Any thread. */
    long silenceNanos(long now) {
        long until = nextLook + slackNanos;
        long seen = now - until > 0 ? until : now;
        return Math.max(0, seen - lastReceived.getAcquire() - unseenNanos);
    }

    /** Returns phi. Any thread. */
    double phi(long now) {
        return phiAt((silenceNanos(now) - expectedNanos()) / spread());
    }

    /** Returns whether the peer is suspected. Any thread. */
    boolean isSuspected() {
        return suspected;
    }

    private double expectedNanos() {
        return afterTick ? meanNanos : 2 * meanNanos;
    }

    /** Clocks, networks and event loops are never more exact than this, however regular the last ticks were. */
    private double spread() {
        return Math.max(deviationNanos, Math.max(quarterNanos / 10.0, MIN_DEVIATION_NANOS));
    }

    private long limitNanos() {
        return (long) Math.ceil(expectedNanos() + SUSPECTED_DEVIATIONS * spread());
    }

    /** Of the normal distribution, whose tail is close to that of 1 / (1 + e^x) with the x below, and never 0. */
    private static double phiAt(double deviations) {
        double x = deviations * (1.5976 + 0.070566 * deviations * deviations);
        return x > 30 ? x / Math.log(10) : Math.log1p(Math.exp(x)) / Math.log(10);
    }

    private static double deviationsAt(double phi) {
        double below = 0;
        double above = 100;
        for (int i = 0; i < 60; i++) {
            double middle = (below + above) / 2;
            if (phiAt(middle) < phi) {
                below = middle;
            } else {
                above = middle;
            }
        }
        return above;
    }
}
