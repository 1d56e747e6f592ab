package io.hawser.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.TermPattern;
import io.hawser.term.Tuple;
import io.hawser.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Mailboxes with a capacity: what finds no room, what always does, and who is told. */
class BoundedMailboxTest {
    private static final Duration SOON = MemoryNetwork.SOON;
    private static final Atom BOOM = Atom.of("boom");

    private final MemoryNetwork network = new MemoryNetwork();
    private final Node node = network.start("a@host");
    private final Node other = network.start("b@host");
    private final Mailbox near = node.mailbox();
    private final Mailbox far = other.mailbox();

    @AfterEach
    void stop() {
        network.close();
    }

    private Mailbox bounded(int messages, Overflow overflow) {
        return node.mailbox(MailboxOptions.DEFAULT.withTrapExit(true).withCapacity(messages, overflow));
    }

    private static List<Term> drain(Mailbox mailbox) throws InterruptedException {
        var all = new ArrayList<Term>();
        for (var next = mailbox.receive(Duration.ZERO); next.isPresent(); next = mailbox.receive(Duration.ZERO)) {
            all.add(next.get().toTerm());
        }
        return all;
    }

    @Test
    void dropsTheNewestWhenItIsFull() throws Exception {
        Mailbox mailbox = bounded(2, Overflow.DROP_NEWEST);
        for (int i = 1; i <= 4; i++) {
            near.send(mailbox.self(), Int.of(i));
        }
        assertThat(mailbox.dropped()).isEqualTo(2);
        assertThat(mailbox.receive().toTerm()).isEqualTo(Int.of(1));
        near.send(mailbox.self(), Int.of(5));
        assertThat(drain(mailbox)).containsExactly(Int.of(2), Int.of(5));
    }

    @Test
    void countsWhatASelectiveReceivePassedOver() throws Exception {
        Mailbox mailbox = bounded(2, Overflow.DROP_NEWEST);
        near.send(mailbox.self(), Int.of(1));
        near.send(mailbox.self(), Int.of(2));
        assertThat(mailbox.receive(TermPattern.parse("3"), Duration.ZERO)).isEmpty();
        near.send(mailbox.self(), Int.of(3));
        assertThat(mailbox.dropped()).isEqualTo(1);
        assertThat(mailbox.receive(TermPattern.parse("2"), Duration.ZERO)).isPresent();
        near.send(mailbox.self(), Int.of(3));
        assertThat(drain(mailbox)).containsExactly(Int.of(1), Int.of(3));
    }

    @Test
    void givesTheBytesOfWhatItDropsBackToTheConnection() {
        Mailbox mailbox = bounded(1, Overflow.DROP_NEWEST);
        for (int i = 0; i < 10; i++) {
            far.send(mailbox.self(), Int.of(i));
        }
        Await.until(SOON, "nine dropped", () -> mailbox.dropped() == 9);
        var connection =
                (MemoryNetwork.End) node.kernel().peers.all().iterator().next().connection;
        Await.until(SOON, "their bytes given back", () -> connection.consumed.get() >= 9 * MemoryNetwork.WIRE_BYTES);
    }

    @Test
    void neverDropsWhatItsProcessAskedFor() throws Exception {
        Mailbox mailbox = bounded(1, Overflow.EXIT);
        Mailbox worker = node.mailbox();
        near.send(mailbox.self(), BOOM); // full from here on
        mailbox.link(worker.self());
        Reference monitor = mailbox.monitor(worker.self());
        Reference farMonitor = mailbox.monitor(far.self());
        mailbox.send(far.self(), BOOM);
        assertThat(far.receive(SOON)).isPresent(); // the monitor arrived before
        Reference alias = mailbox.replyAlias();
        far.send(alias, Int.of(1));
        network.endpoint(other).settle(); // the monitor is there before the end
        worker.exit(BOOM);
        far.exit(BOOM);
        Reference spawned = mailbox.spawnRequest(node.name().atom(), BOOM, BOOM, List.of());
        var all = new ArrayList<Message>();
        while (all.size() < 6) {
            all.add(mailbox.receive(SOON).orElseThrow());
        }
        assertThat(all)
                .containsExactlyInAnyOrder(
                        new Message.Sent(BOOM),
                        new Message.Sent(Int.of(1)),
                        new Message.Exit(worker.self(), BOOM),
                        new Message.Down(monitor, worker.self(), BOOM),
                        new Message.Down(farMonitor, far.self(), BOOM),
                        new Message.Sent(Tuple.of(Atom.of("spawn_reply"), spawned, Atom.ERROR, Atom.of("notsup"))));
        assertThat(mailbox.dropped()).isZero();
        assertThat(mailbox.isAlive()).isTrue();
    }

    @Test
    void isAnsweredWhenItIsFull() throws Exception {
        Mailbox server = other.register("server");
        GenServer.start(server, (self, call) -> call.reply(self, call.request()));
        Mailbox mailbox = bounded(1, Overflow.DROP_NEWEST);
        near.send(mailbox.self(), BOOM);
        Term to = Tuple.of(Atom.of("server"), other.name().atom());
        assertThat(GenServer.call(mailbox, to, Int.of(1), SOON)).isEqualTo(Int.of(1));
        assertThat(drain(mailbox)).containsExactly(BOOM);
    }

    @Test
    void endsWithAReasonWhenThatIsWhatItShallDo() throws Exception {
        Mailbox mailbox = bounded(2, Overflow.EXIT);
        Reference here = near.monitor(mailbox.self());
        Reference there = far.monitor(mailbox.self());
        for (int i = 0; i < 3; i++) {
            far.send(mailbox.self(), Int.of(i));
        }
        Term full = Atom.of("mailbox_full");
        assertThat(near.receive(SOON)).contains(new Message.Down(here, mailbox.self(), full));
        assertThat(far.receive(SOON)).contains(new Message.Down(there, mailbox.self(), full));
        assertThatThrownBy(mailbox::receive)
                .isInstanceOf(MailboxExitException.class)
                .hasMessage("mailbox " + mailbox.self() + ": has ended: mailbox_full");
    }

    @Test
    void endsWhenItFloodsItself() {
        Mailbox mailbox = bounded(2, Overflow.EXIT);
        assertThatThrownBy(() -> {
                    for (; ; ) {
                        mailbox.send(mailbox.self(), BOOM);
                    }
                })
                .isInstanceOf(MailboxExitException.class);
    }

    @Test
    void neverHoldsMoreHoweverManySendAndReceive() throws Exception {
        int producers = 6;
        int each = 5_000;
        int capacity = 50;
        Mailbox mailbox = bounded(capacity, Overflow.DROP_NEWEST);
        var running = new AtomicInteger(producers);
        var go = new CountDownLatch(1);
        for (int p = 0; p < producers; p++) {
            Mailbox from = p % 2 == 0 ? node.mailbox() : other.mailbox();
            new Thread(() -> {
                        try {
                            go.await();
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                        for (int i = 0; i < each; i++) {
                            from.send(mailbox.self(), Int.of(i % 7));
                        }
                        running.decrementAndGet();
                    })
                    .start();
        }
        go.countDown();
        long received = 0;
        var odd = TermPattern.parse("3");
        while (running.get() > 0 || received + mailbox.dropped() < (long) producers * each) {
            if (received % 2 == 0 && mailbox.receive(odd, Duration.ZERO).isPresent()) {
                received++;
            }
            received += mailbox.receive(Duration.ofMillis(1)).isPresent() ? 1 : 0;
        }
        assertThat(received + mailbox.dropped()).isEqualTo((long) producers * each);
        // every place was given back: as many as there are find room again
        for (int i = 0; i < capacity + 1; i++) {
            near.send(mailbox.self(), BOOM);
        }
        assertThat(drain(mailbox)).hasSize(capacity);
    }

    @Test
    void refusesACapacityOfNothing() {
        assertThatThrownBy(() -> MailboxOptions.DEFAULT.withCapacity(0, Overflow.EXIT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("capacity: 0 (expected: > 0)");
    }

    @Test
    void dropsNothingWithoutACapacity() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            near.send(far.self(), BOOM);
        }
        for (int i = 0; i < 10_000; i++) {
            assertThat(far.receive(SOON)).isPresent();
        }
        assertThat(far.dropped()).isZero();
    }
}
