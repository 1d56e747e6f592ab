package io.hawser.examples.interop;

import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieHandshakes;
import io.hawser.epmd.NodeResolver;
import io.hawser.node.Mailbox;
import io.hawser.node.MailboxExitException;
import io.hawser.node.Message;
import io.hawser.node.Node;
import io.hawser.node.NodeConfig;
import io.hawser.term.Binary;
import io.hawser.term.Int;
import io.hawser.term.ListTerm;
import io.hawser.term.NodeName;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import io.hawser.testing.Await;
import io.hawser.tls.TlsTransport;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What a JVM with a small heap goes through for {@link SmallHeapTest}: nodes joined by TLS, and more than fits. */
final class SmallHeap implements AutoCloseable {
    private static final Duration LONG = Duration.ofSeconds(90);

    private final Organisation organisation;
    private final Map<NodeName, InetSocketAddress> addresses = new ConcurrentHashMap<>();
    private final Node a;
    private final Node b;
    private final Node c;

    private SmallHeap(Path directory) {
        organisation = new Organisation(directory, Clock.systemUTC());
        organisation.issue("a@a.orga.test", "b@b.orga.test", "c@c.orga.test");
        a = start("a@a.orga.test");
        b = start("b@b.orga.test");
        c = start("c@c.orga.test");
    }

    private Node start(String name) {
        Node node = Node.start(NodeConfig.builder(name)
                .transport(TlsTransport.mutual(organisation.identity(Carrier.TLS_EXPORTED, name)))
                .handshake(CookieHandshakes.auto(Cookie.of("cookie-of-the-small-heap")))
                .resolver(new Directory(addresses))
                .tickTime(Duration.ofSeconds(2))
                .build());
        addresses.put(node.name(), node.address());
        return node;
    }

    private record Directory(Map<NodeName, InetSocketAddress> nodes) implements NodeResolver {
        @Override
        public Optional<InetSocketAddress> resolve(NodeName name, Duration timeout) {
            return Optional.ofNullable(nodes.get(name));
        }

        @Override
        public Optional<Long> publish(NodeName name, int port, Duration timeout) {
            return Optional.empty();
        }

        @Override
        public void close() {}
    }

    /** Plays one of the scenarios: {@code SCENARIO DIRECTORY}. */
    public static void main(String[] words) throws InterruptedException {
        try (var heap = new SmallHeap(Path.of(words[1]))) {
            switch (words[0]) {
                case "blocked" -> heap.blockedPeer(false);
                case "dying" -> heap.blockedPeer(true);
                case "flood" -> heap.slowConsumer();
                case "inflating" -> heap.inflatingMessages();
                case "mutual" -> heap.mutualReplies();
                default -> throw new IllegalArgumentException(words[0]);
            }
        }
        System.out.println("DONE");
        System.exit(0);
    }

    private static void require(boolean condition, String claim) {
        if (!condition) {
            throw new AssertionError(claim);
        }
    }

    /** Many senders to a mailbox that nobody reads: they wait, others do not, ticks go on; then it is read, or dies. */
    private void blockedPeer(boolean dies) throws InterruptedException {
        int senders = 1000;
        int each = 40;
        Binary kilobyte = Binary.copyOf(new byte[1024]);
        Mailbox unread = b.mailbox();
        a.connect(b.name(), LONG);
        var finished = new CountDownLatch(senders);
        for (int s = 0; s < senders; s++) {
            int number = s;
            var thread = new Thread(
                    null,
                    () -> {
                        try (Mailbox sender = a.mailbox()) {
                            for (int i = 0; i < each; i++) {
                                sender.send(unread.self(), Tuple.of(Int.of(number), Int.of(i), kilobyte));
                            }
                        } catch (MailboxExitException e) {
                            return; // the scenario has failed, and closed the node
                        }
                        finished.countDown();
                    },
                    "sender-" + s,
                    64 * 1024);
            thread.setDaemon(true);
            thread.start();
        }
        Mailbox other = a.mailbox();
        Await.until(LONG, "nothing is taken any more", () -> !other.trySend(unread.self(), Int.of(0)));
        requireTicks(dies);
        Await.until(
                LONG, "no more is taken", () -> !other.trySend(unread.self(), Int.of(0))); // what was granted is taken
        require(finished.getCount() > 0, "senders wait");
        if (dies) {
            b.close();
        } else {
            echo(other, c);
            readAll(unread, senders, each);
        }
        require(finished.await(LONG.toSeconds(), TimeUnit.SECONDS), "all senders go on");
    }

    /** The peer's ticks arrive, and ours keep the connection up, for longer than a silent one would live. */
    private void requireTicks(boolean briefly) {
        long begun = connectionToB();
        int ticks = briefly ? 20 : 120;
        Await.until(LONG, "ticks go on", () -> connectionToB() > begun + ticks);
    }

    private long connectionToB() {
        return a.connections().stream()
                .filter(up -> up.node().equals(b.name()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the connection is gone"))
                .bytesIn();
    }

    /** Another node is reached and answers meanwhile. */
    private static void echo(Mailbox from, Node node) throws InterruptedException {
        Mailbox there = node.mailbox();
        there.onMessage(message -> there.send(((Message.Sent) message).term(), Int.of(1)));
        from.send(there.self(), from.self());
        require(from.receive(LONG).isPresent(), "another peer answers");
    }

    private static void readAll(Mailbox mailbox, int senders, int each) throws InterruptedException {
        var next = new HashMap<Term, Integer>();
        for (int i = 0; i < senders * each; ) {
            Message message = mailbox.receive(LONG).orElseThrow(() -> new AssertionError("messages are missing"));
            if (message.toTerm() instanceof Tuple tuple) {
                int expected = next.merge(tuple.element(0), 1, Integer::sum) - 1;
                require(tuple.element(1).equals(Int.of(expected)), "each sender's order is kept");
                i++;
            }
        }
    }

    /** A million messages to a consumer that is slower than the sender. */
    private void slowConsumer() throws InterruptedException {
        int count = 1_000_000;
        Mailbox slow = b.mailbox();
        var sender = new Thread(() -> {
            try (Mailbox me = a.mailbox()) {
                for (int i = 0; i < count; i++) {
                    me.send(slow.self(), Int.of(i));
                }
            }
        });
        sender.setDaemon(true);
        sender.start();
        for (int i = 0; i < count; i++) {
            Message message = slow.receive(LONG).orElseThrow(() -> new AssertionError("messages are missing"));
            require(message.toTerm().equals(Int.of(i)), "the order is kept");
            if (i % 1000 == 0) {
                LockSupport.parkNanos(100_000);
            }
        }
    }

    /** What takes 15 times its packets, from many senders at once, nobody reads: it waits. Then one is beyond the bound. */
    private void inflatingMessages() throws InterruptedException {
        int senders = 24;
        int elements = 76_000; // 7 bytes each on the wire, about 104 on the heap
        Mailbox unread = b.mailbox();
        var sent = new CountDownLatch(senders);
        for (int i = 0; i < senders; i++) {
            int count = i % 2 == 0 ? elements : elements / 2; // beyond and below what is decoded on the event loop
            var thread = new Thread(() -> {
                try (Mailbox sender = a.mailbox()) {
                    sender.send(unread.self(), inflating(count));
                    sent.countDown();
                }
            });
            thread.setDaemon(true);
            thread.start();
        }
        Mailbox other = c.mailbox();
        for (int i = 0; i < 50; i++) {
            echo(other, b);
            LockSupport.parkNanos(100_000_000);
            require(sent.getCount() > 0, "senders wait");
        }
        for (int i = 0; i < senders; ) {
            Message message = unread.receive(LONG).orElseThrow(() -> new AssertionError("messages are missing"));
            i += message.toTerm() instanceof ListTerm ? 1 : 0;
        }
        require(sent.await(LONG.toSeconds(), TimeUnit.SECONDS), "all is sent");
        other.send(unread.self(), inflating(elements / 8));
        a.mailbox().send(unread.self(), inflating(2 * elements));
        Await.until(LONG, "the connection is closed", () -> a.connections().isEmpty());
        Await.until(
                LONG,
                "only another peer's connection stays",
                () -> b.connections().size() == 1);
        echo(other, b);
        require(unread.receive(LONG).orElseThrow().toTerm() instanceof ListTerm, "and its messages arrive");
    }

    /** A list of tuples of empty lists. */
    private static Term inflating(int elements) {
        return new ListTerm(Collections.nCopies(elements, (Term)
                Tuple.of(ListTerm.EMPTY, ListTerm.EMPTY, ListTerm.EMPTY, ListTerm.EMPTY, ListTerm.EMPTY)));
    }

    /** Two nodes whose processes answer every request, and ask as fast as they can, without ever waiting for answers. */
    private void mutualReplies() throws InterruptedException {
        int processes = 4;
        int requests = 10_000;
        var answered = new CountDownLatch(2 * processes * requests);
        for (Node[] pair : new Node[][] {{a, b}, {b, a}}) {
            for (int i = 0; i < processes; i++) {
                Pid server = server(pair[1]);
                Mailbox client = pair[0].mailbox();
                client.onMessage(answer -> answered.countDown());
                var thread = new Thread(() -> {
                    for (int n = 0; n < requests; n++) {
                        client.send(server, Tuple.of(client.self(), Binary.copyOf(new byte[1000])));
                    }
                });
                thread.setDaemon(true);
                thread.start();
            }
        }
        require(answered.await(LONG.toSeconds(), TimeUnit.SECONDS), "all is answered: missing " + answered.getCount());
    }

    private static Pid server(Node node) {
        Mailbox server = node.mailbox();
        server.onMessage(message -> {
            Tuple request = (Tuple) ((Message.Sent) message).term();
            server.send(request.element(0), request.element(1));
        });
        return server.self();
    }

    @Override
    public void close() {
        a.close();
        b.close();
        c.close();
    }
}
