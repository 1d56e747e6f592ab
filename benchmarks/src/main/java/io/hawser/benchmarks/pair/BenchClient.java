package io.hawser.benchmarks.pair;

import io.hawser.node.Mailbox;
import io.hawser.node.Message;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.NodeName;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Measures from a Hawser node against whatever serves the mailbox or process {@code bench}. */
final class BenchClient implements Timings.Peer {
    private static final Duration CONNECT_TIME = Duration.ofSeconds(20);

    /** After how long the other side has seen a connection go. */
    static final int SEEN_MILLIS = 10;

    private static final Atom SINK = Atom.of("sink");
    private static final Term PAYLOAD = Int.of(42);

    private final Node node;
    private final NodeName server;
    private final Mailbox control;

    /** Connects. */
    BenchClient(Node node, NodeName server) throws InterruptedException {
        this.node = node;
        this.server = server;
        node.connect(server, CONNECT_TIME);
        this.control = node.mailbox();
    }

    private Pid ask(Term request) throws InterruptedException {
        control.send("bench", server, request);
        return (Pid) ((Tuple) control.receive().toTerm()).element(1);
    }

    @Override
    public long burst(Kind kind, int senders, long count) throws InterruptedException {
        List<Pid> sinks = new ArrayList<>();
        for (int i = 0; i < senders; i++) {
            sinks.add(ask(Tuple.of(SINK, control.self(), Int.of(count))));
        }
        Kind.Source source = kind.source();
        long start = System.nanoTime();
        for (Pid sink : sinks) {
            BenchServer.start("sender", () -> send(sink, source, count));
        }
        for (int i = 0; i < senders; i++) {
            control.receive(); // {done, Sink}
        }
        return System.nanoTime() - start;
    }

    private void send(Pid sink, Kind.Source source, long count) {
        try (Mailbox box = node.mailbox()) {
            for (long n = count; n > 0; n--) {
                box.send(sink, source.message(n));
            }
        }
    }

    @Override
    public long[] pings(Caller caller, long span) throws InterruptedException {
        return switch (caller) {
            case BLOCKED -> waited(ask(Tuple.of(Atom.of("echo"), control.self())), span);
            case HANDLER -> handled(ask(Tuple.of(Atom.of("handler"), control.self())), span);
        };
    }

    private long[] waited(Pid partner, long span) throws InterruptedException {
        Tuple ping = Tuple.of(control.self(), PAYLOAD);
        long[] times = new long[1 << 20];
        int count = 0;
        long end = System.nanoTime() + span;
        for (long start = System.nanoTime(); start < end && count < times.length; start = System.nanoTime()) {
            control.send(partner, ping);
            control.receive();
            times[count++] = System.nanoTime() - start;
        }
        return Arrays.copyOf(times, count);
    }

    private long[] handled(Pid partner, long span) throws InterruptedException {
        try (Mailbox box = node.mailbox()) {
            var pinger = new Pinger(box, partner, System.nanoTime() + span);
            box.onMessage(pinger::onPong);
            pinger.ping();
            pinger.ended.await();
            return Arrays.copyOf(pinger.times, pinger.count);
        }
    }

    /** Sends the next ping from the handler that got the last one back. */
    private static final class Pinger {
        private final CountDownLatch ended = new CountDownLatch(1);
        private final long[] times = new long[1 << 20];
        private final Mailbox box;
        private final Pid partner;
        private final Tuple ping;
        private final long end;
        private int count;
        private long start;

        Pinger(Mailbox box, Pid partner, long end) {
            this.box = box;
            this.partner = partner;
            this.ping = Tuple.of(box.self(), PAYLOAD);
            this.end = end;
        }

        void ping() {
            start = System.nanoTime();
            box.send(partner, ping);
        }

        void onPong(Message pong) {
            long now = System.nanoTime();
            times[count++] = now - start;
            if (now < end && count < times.length) {
                ping();
            } else {
                ended.countDown();
            }
        }
    }

    @Override
    public long connect() throws InterruptedException {
        Mailbox events = control;
        events.monitorNodes(true);
        node.disconnect(server);
        while (!(events.receive() instanceof Message.NodeDown)) {} // what else comes is of no interest
        events.monitorNodes(false);
        TimeUnit.MILLISECONDS.sleep(SEEN_MILLIS);
        long start = System.nanoTime();
        node.connect(server, CONNECT_TIME);
        return System.nanoTime() - start;
    }
}
