package io.hawser.examples.mesh;

import io.hawser.node.Node;
import io.hawser.term.NodeName;
import io.hawser.transport.TransportException;
import java.time.Duration;

/**
 * Pings one node, one ping after the other, in a thread of its own. A ping is lost when it is not answered by a node that was
 * connected; while there is no connection, there are none. Thread-safe: one lock around what is counted.
 */
final class Pinger {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long PAUSE_MILLIS = 50;
    private static final long RETRY_MILLIS = 200;

    private final Node node;
    private final NodeName peer;
    private final Thread thread;
    private final Object lock = new Object();
    private long pings;
    private long lost;
    private boolean reconnect;
    private String told = "";

    private Pinger(Node node, NodeName peer) {
        this.node = node;
        this.peer = peer;
        this.thread = new Thread(this::run, "pinger-" + peer);
    }

    static Pinger start(Node node, NodeName peer) {
        var pinger = new Pinger(node, peer);
        pinger.thread.start();
        return pinger;
    }

    NodeName peer() {
        return peer;
    }

    /** Says what was counted since this was asked last. */
    String report() {
        synchronized (lock) {
            String report = peer + " " + pings + " pings, " + lost + " lost";
            pings = 0;
            lost = 0;
            return report;
        }
    }

    /** Closes the connection after the ping that is on the way, and makes another. */
    void reconnect() {
        synchronized (lock) {
            reconnect = true;
        }
    }

    private void run() {
        try {
            for (; ; ) {
                connect();
                pingUntilLost();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // stopped
        }
    }

    private void connect() throws InterruptedException {
        for (; ; ) {
            try {
                node.connect(peer, TIMEOUT);
                return;
            } catch (TransportException e) {
                tell("no connection: " + e.getMessage());
                Thread.sleep(RETRY_MILLIS);
            }
        }
    }

    private void pingUntilLost() throws InterruptedException {
        for (boolean answered = true; answered; Thread.sleep(PAUSE_MILLIS)) {
            if (isToReconnect()) {
                node.disconnect(peer);
                connect();
                tell("connected anew");
            }
            answered = node.ping(peer, TIMEOUT);
            count(answered);
            tell(answered ? "answers" : "was lost");
        }
    }

    private boolean isToReconnect() {
        synchronized (lock) {
            boolean asked = reconnect;
            reconnect = false;
            return asked;
        }
    }

    private void count(boolean answered) {
        synchronized (lock) {
            pings++;
            lost += answered ? 0 : 1;
        }
    }

    /** Prints what is new about the peer. */
    private void tell(String news) {
        if (!news.equals(told)) {
            System.out.println(peer + " " + news);
            told = news;
        }
    }

    /** Ends it, and waits until it has ended. */
    void stop() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }
}
