package io.hawser.benchmarks;

import io.hawser.node.Mailbox;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.Int;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * How long a small message takes to a peer and back while a large one is on its way, compared with an idle connection:
 * over mutual TLS, with a peer in a process of its own. Prints one line for each direction.
 *
 * <p>Arguments, each with a default: {@code --peer hawser|erlang}, {@code --bytes 320000000}, {@code --senders 1},
 * {@code --rounds 5}, {@code --idle-seconds 3}.
 */
public final class LargeMessage {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Term SINK = Tuple.of(Atom.of("sink"), TlsLab.PEER.atom());
    private static final long EVERY_NANOS = 2_000_000;

    private final Arguments arguments;
    private final PrintStream out;

    private LargeMessage(Arguments arguments, PrintStream out) {
        this.arguments = arguments;
        this.out = out;
    }

    /** What is measured. */
    private record Arguments(String peer, int bytes, int senders, int rounds, int idleSeconds) {
        static Arguments parse(String[] words) {
            String peer = "hawser";
            int bytes = 320_000_000;
            int senders = 1;
            int rounds = 5;
            int idleSeconds = 3;
            for (int i = 0; i < words.length; i += 2) {
                String value = i + 1 < words.length ? words[i + 1] : "";
                switch (words[i]) {
                    case "--peer" -> peer = value;
                    case "--bytes" -> bytes = Integer.parseInt(value);
                    case "--senders" -> senders = Integer.parseInt(value);
                    case "--rounds" -> rounds = Integer.parseInt(value);
                    case "--idle-seconds" -> idleSeconds = Integer.parseInt(value);
                    default ->
                        throw new IllegalArgumentException(words[i] + ": no option (expected: --peer, --bytes, "
                                + "--senders, --rounds or --idle-seconds)");
                }
            }
            return new Arguments(peer, bytes, senders, rounds, idleSeconds);
        }
    }

    /**
     * Measures.
     *
     * @param words as above
     * @throws Exception if the peer cannot be started, or does not answer
     */
    public static void main(String[] words) throws Exception {
        run(System.out, words);
    }

    static void run(PrintStream out, String... words) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("hawser-large-message");
        var arguments = Arguments.parse(words);
        try (var lab = new TlsLab(directory);
                Node node = lab.start(TlsLab.DRIVER); // with the EPMD
                PeerProcess peer = lab.startPeer(arguments.peer())) {
            peer.awaitReady();
            node.connect(TlsLab.PEER, SOON);
            new LargeMessage(arguments, out).measure(node);
        }
    }

    private void measure(Node node) throws InterruptedException {
        Binary large = payload(arguments.bytes());
        var pinger = new Pinger(node);
        transfers(node, large, pinger, true, 2); // warms up
        transfers(node, large, pinger, false, 2);
        long idleEnd =
                System.nanoTime() + Duration.ofSeconds(arguments.idleSeconds()).toNanos();
        Latencies idle = pinger.during(() -> System.nanoTime() > idleEnd);
        print("idle", idle, idle);
        for (boolean toPeer : new boolean[] {true, false}) {
            Latencies busy = transfers(node, large, pinger, toPeer, arguments.rounds());
            print(toPeer ? "to-peer" : "from-peer", busy, idle);
        }
    }

    /** Has the messages sent, one round after the other, and measures until the last has arrived. */
    private Latencies transfers(Node node, Binary large, Pinger pinger, boolean toPeer, int rounds)
            throws InterruptedException {
        var all = new Latencies();
        for (int round = 0; round < rounds; round++) {
            try (Mailbox arrivals = node.mailbox()) {
                var missing = new CountDownLatch(arguments.senders());
                arrivals.onMessage(any -> missing.countDown());
                for (int i = 0; i < arguments.senders(); i++) {
                    if (toPeer) {
                        BulkPeer.inBackground(node, SINK, Tuple.of(arrivals.self(), large));
                    } else {
                        arrivals.send("source", TlsLab.PEER, Tuple.of(arrivals.self(), Int.of(arguments.bytes())));
                    }
                }
                all.addAll(pinger.during(() -> missing.getCount() == 0));
            }
        }
        return all;
    }

    /** Returns a binary that does not compress. */
    static Binary payload(int bytes) {
        var random = new byte[bytes];
        new Random(bytes).nextBytes(random);
        return Binary.copyOf(random);
    }

    /** Sends small messages to the peer's echo process at a steady rate, whether or not those before came back. */
    private static final class Pinger {
        private static final Term ECHO = Tuple.of(Atom.of("echo"), TlsLab.PEER.atom());

        private final Node node;
        private final long epoch = System.nanoTime();

        Pinger(Node node) {
            this.node = node;
        }

        /** Pings every 2 milliseconds until it is over; a ping's time begins when it is due. */
        Latencies during(BooleanSupplier isOver) throws InterruptedException {
            try (Mailbox me = node.mailbox()) {
                var latencies = new Latencies();
                int sent = 0;
                var answers = new Semaphore(0);
                me.onMessage(message -> {
                    latencies.add(System.nanoTime() - epoch - ((Int) message.toTerm()).value());
                    answers.release();
                });
                for (long due = System.nanoTime(); !isOver.getAsBoolean(); due += EVERY_NANOS) {
                    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                        LockSupport.parkNanos(left);
                    }
                    me.send(ECHO, Tuple.of(me.self(), Int.of(due - epoch)));
                    sent++;
                }
                if (!answers.tryAcquire(sent, SOON.toSeconds(), TimeUnit.SECONDS)) {
                    throw new IllegalStateException("pings: not all answered within " + SOON);
                }
                return latencies;
            }
        }
    }

    private void print(String what, Latencies measured, Latencies idle) {
        out.printf(
                Locale.ROOT,
                "RESULT peer=%s bytes=%d senders=%d phase=%s pings=%d p50_us=%d p99_us=%d max_us=%d p99_ratio=%.1f%n",
                arguments.peer(),
                arguments.bytes(),
                arguments.senders(),
                what,
                measured.count(),
                measured.micros(0.5),
                measured.micros(0.99),
                measured.micros(1),
                (double) measured.micros(0.99) / Math.max(1, idle.micros(0.99)));
    }
}
