package io.hawser.benchmarks;

import io.hawser.node.Mailbox;
import io.hawser.node.MailboxExitException;
import io.hawser.node.Message;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many messages a second go from mailbox to mailbox within one node: from one thread to another, from one thread to a
 * handler, and from a thousand senders to ten thousand mailboxes, which all have
 * handlers that share a thread for each processor. As nothing limits what waits in a mailbox of
 * the same node, each sender counts what it has sent, and goes on once a receiver has answered.
 */
public final class MailboxThroughput {
    private static final Term TICK = SampleTerms.TICK.term();
    private static final Atom MORE = Atom.of("more");

    /** Messages of one pair after which the receiver answers. */
    private static final int PAIR_BATCH = 16 * 1024;

    /** Batches of one pair that may be on their way. */
    private static final int PAIR_BATCHES = 4;

    /** Messages that one of many senders sends in a row, each to another mailbox; the last is answered. */
    private static final int BURST = 100;

    private MailboxThroughput() {}

    /**
     * Measures five times for two seconds each.
     *
     * @param arguments {@code pair}, {@code handler}, {@code many}; all three when there are none
     * @throws InterruptedException when interrupted
     */
    public static void main(String[] arguments) throws InterruptedException {
        List<String> kinds = arguments.length == 0 ? List.of("pair", "handler", "many") : List.of(arguments);
        for (String kind : kinds) {
            for (int i = 0; i < 5; i++) {
                run(System.out, kind, Duration.ofSeconds(2), 10_000, 1_000);
            }
        }
    }

    static void run(PrintStream out, String kind, Duration time, int mailboxes, int senders)
            throws InterruptedException {
        ExecutorService pool = daemons(Runtime.getRuntime().availableProcessors());
        try (Node node = kind.equals("many") ? LocalNode.start(pool) : LocalNode.start()) {
            Load load = switch (kind) {
                case "pair" -> new Pair(node, false);
                case "handler" -> new Pair(node, true);
                case "many" -> new Many(node, mailboxes, senders);
                default -> throw new IllegalArgumentException(kind + " (expected: pair, handler or many)");
            };
            long cpu = processorNanos();
            long before = load.received();
            long begun = System.nanoTime();
            Thread.sleep(time.toMillis());
            double messages = load.received() - before;
            double nanos = System.nanoTime() - begun;
            out.printf(
                    Locale.ROOT,
                    "kind=%s million-per-second=%.2f processor-ns-per-message=%.0f%n",
                    kind,
                    messages / nanos * 1e3,
                    (processorNanos() - cpu) / messages);
        } finally {
            pool.shutdownNow();
        }
    }

    private static ExecutorService daemons(int threads) {
        return Executors.newFixedThreadPool(threads, task -> {
            var thread = new Thread(task, "mailbox-handlers");
            thread.setDaemon(true);
            return thread;
        });
    }

    private static long processorNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /** Sends until its node is closed. */
    private interface Load {
        long received();
    }

    /** One thread that sends, and one receiver. */
    private static final class Pair implements Load {
        private final Mailbox from;
        private final Mailbox to;
        private final AtomicLong received = new AtomicLong();

        Pair(Node node, boolean handler) {
            from = node.mailbox();
            to = node.mailbox();
            if (handler) {
                to.onMessage(this::onMessage);
            } else {
                start("receiver", () -> {
                    while (true) {
                        onMessage(to.receive());
                    }
                });
            }
            start("sender", this::send);
        }

        private void send() throws InterruptedException {
            for (int batch = 0; true; batch++) {
                if (batch >= PAIR_BATCHES) {
                    from.receive();
                }
                for (int i = 1; i < PAIR_BATCH; i++) {
                    from.send(to.self(), TICK);
                }
                from.send(to.self(), MORE);
            }
        }

        private void onMessage(Message message) {
            if (message.toTerm() == MORE) {
                received.addAndGet(PAIR_BATCH);
                to.send(from.self(), MORE);
            }
        }

        @Override
        public long received() {
            return received.get();
        }
    }

    /** Many senders, each of which goes round all mailboxes, from a place of its own. */
    private static final class Many implements Load {
        private final List<Mailbox> mailboxes = new ArrayList<>();
        private final LongAdder received = new LongAdder();

        Many(Node node, int mailboxes, int senders) {
            for (int i = 0; i < mailboxes; i++) {
                Mailbox mailbox = node.mailbox();
                mailbox.onMessage(message -> onMessage(mailbox, message.toTerm()));
                this.mailboxes.add(mailbox);
            }
            for (int i = 0; i < senders; i++) {
                Mailbox sender = node.mailbox();
                int[] next = {(int) ((long) mailboxes * i / senders)};
                sender.onMessage(message -> next[0] = burst(sender, next[0]));
                sender.send(sender.self(), MORE);
            }
        }

        private int burst(Mailbox from, int first) {
            Term last = Tuple.of(MORE, from.self());
            for (int i = 1; i <= BURST; i++) {
                Mailbox to = mailboxes.get((first + i) % mailboxes.size());
                from.send(to.self(), i == BURST ? last : TICK);
            }
            return (first + BURST) % mailboxes.size();
        }

        private void onMessage(Mailbox mailbox, Term term) {
            if (term != TICK && term instanceof Tuple more && more.element(1) instanceof Pid sender) {
                received.add(BURST);
                mailbox.send(sender, MORE);
            }
        }

        @Override
        public long received() {
            return received.sum();
        }
    }

    private interface Body {
        void run() throws InterruptedException;
    }

    private static void start(String name, Body body) {
        var thread = new Thread(
                () -> {
                    try {
                        body.run();
                    } catch (InterruptedException | MailboxExitException e) {
                        Thread.currentThread().interrupt(); // the node was closed: over
                    }
                },
                "mailbox-" + name);
        thread.setDaemon(true);
        thread.start();
    }
}
