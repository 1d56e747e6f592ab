package io.hawser.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.Int;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import io.hawser.testing.AllocationMeter;
import io.hawser.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Receiving: in order, selectively, with deadlines, by handlers, and by more threads than there should be. */
class MailboxTest {
    private static final Duration SOON = MemoryNetwork.SOON;
    private static final Atom BOOM = Atom.of("boom");

    private final MemoryNetwork network = new MemoryNetwork();
    private final Node node = network.start("a@host");
    private final Mailbox sender = node.mailbox();
    private final Mailbox mailbox = node.mailbox();

    @AfterEach
    void stop() {
        network.close();
    }

    private void send(int... values) {
        for (int value : values) {
            sender.send(mailbox.self(), Int.of(value));
        }
    }

    private static int value(Message message) {
        return (int) ((Int) ((Message.Sent) message).term()).value();
    }

    private int next() throws InterruptedException {
        return value(mailbox.receive(SOON).orElseThrow());
    }

    @Test
    void leavesWhatASelectiveReceivePassesOverInOrder() throws Exception {
        send(1, 2, 3, 4, 5);
        assertThat(value(mailbox.receive(m -> value(m) == 4))).isEqualTo(4);
        assertThat(value(mailbox.receive(m -> value(m) == 2))).isEqualTo(2);
        send(6);
        assertThat(List.of(next(), next(), next(), next())).containsExactly(1, 3, 5, 6);
    }

    @Test
    void losesNothingWhenAPredicateThrows() throws Exception {
        send(1, 2);
        assertThatThrownBy(() -> mailbox.receive(m -> {
                    if (value(m) == 2) {
                        throw new IllegalStateException("mine");
                    }
                    return false;
                }))
                .hasMessage("mine");
        assertThat(List.of(next(), next())).containsExactly(1, 2);
    }

    @Test
    void refusesToReceiveWithinAPredicate() throws Exception {
        send(1);
        assertThatThrownBy(() -> mailbox.receive(m -> {
                    try {
                        mailbox.receive(Duration.ZERO);
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    return true;
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("mailbox: received from within its own predicate");
        assertThat(next()).isEqualTo(1);
    }

    @Test
    void saysWhyItEndedInShortHoweverLongTheReasonIs() {
        Term reason = Binary.copyOf(new byte[4_000_000]);
        mailbox.exit(reason);
        var allocations = new AllocationMeter();
        long before = allocations.allocatedBytes();
        assertThatThrownBy(() -> mailbox.send(sender.self(), BOOM)).hasMessageEndingWith("...");
        assertThat(allocations.allocatedBytes() - before).isLessThan(1_000_000);
    }

    @Test
    void canEndWithinItsOwnPredicate() {
        send(1, 2);
        assertThatThrownBy(() -> mailbox.receive(m -> {
                    mailbox.exit(BOOM);
                    return false;
                }))
                .isInstanceOf(MailboxExitException.class);
    }

    @Test
    void keepsOneDeadlineWhateverArrives() throws Exception {
        Thread noise = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                send(1);
                Thread.onSpinWait();
            }
        });
        noise.start();
        try {
            assertThat(mailbox.receive(m -> false, Duration.ofMillis(50))).isEmpty();
        } finally {
            noise.interrupt();
            noise.join();
        }
    }

    @Test
    void keepsItsDeadlineWhenMessagesArriveFasterThanItLooks() throws Exception {
        send(1);
        assertThat(mailbox.receive(
                        m -> {
                            send(2); // one more for each that is looked at
                            return false;
                        },
                        Duration.ofMillis(20)))
                .isEmpty();
        assertThat(next()).isEqualTo(1);
    }

    @Test
    void asksOnceAboutEachMessageWhileItWaits() throws Exception {
        var asked = new ConcurrentLinkedQueue<Integer>();
        send(1, 2);
        Thread receiver = new Thread(() -> {
            try {
                mailbox.receive(m -> {
                    asked.add(value(m));
                    return value(m) == 5;
                });
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        receiver.start();
        for (int i = 3; i <= 5; i++) {
            int before = i - 1;
            Await.until(SOON, "looked at " + before, () -> asked.size() == before);
            send(i);
        }
        receiver.join();
        assertThat(asked).containsExactly(1, 2, 3, 4, 5);
        assertThat(List.of(next(), next())).containsExactly(1, 2);
    }

    @Test
    void takesTheLongestDeadline() throws Exception {
        send(1);
        assertThat(mailbox.receive(Duration.ofSeconds(Long.MAX_VALUE))).isPresent();
        assertThat(mailbox.receive(Duration.ofSeconds(Long.MIN_VALUE))).isEmpty();
    }

    @Test
    void wakesAWaitingReceive() throws Exception {
        var got = new AtomicReference<Message>();
        Thread receiver = new Thread(() -> {
            try {
                got.set(mailbox.receive());
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        receiver.start();
        Await.until(SOON, "waiting", () -> receiver.getState() == Thread.State.WAITING);
        send(1);
        receiver.join();
        assertThat(got.get()).isEqualTo(new Message.Sent(Int.of(1)));
    }

    @Test
    void throwsWhenInterrupted() throws Exception {
        Thread.currentThread().interrupt();
        assertThatThrownBy(mailbox::receive).isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void saysWhyItHasEnded() {
        mailbox.exit(BOOM);
        assertThatThrownBy(() -> mailbox.receive(Duration.ZERO))
                .isInstanceOf(MailboxExitException.class)
                .hasMessage("mailbox " + mailbox.self() + ": has ended: boom");
        assertThatThrownBy(() -> mailbox.link(sender.self())).isInstanceOf(MailboxExitException.class);
        assertThatThrownBy(() -> mailbox.monitor(sender.self())).isInstanceOf(MailboxExitException.class);
        assertThatThrownBy(() -> mailbox.monitor(Atom.of("nobody"))).isInstanceOf(MailboxExitException.class);
        assertThatThrownBy(mailbox::alias).isInstanceOf(MailboxExitException.class);
        mailbox.exit(Atom.of("later"));
        mailbox.close();
        assertThat(mailbox.exitReason()).contains(BOOM);
    }

    @Test
    void dropsWhatWaitsWhenItEnds() {
        send(1, 2);
        mailbox.close();
        send(3);
        assertThatThrownBy(mailbox::receive).isInstanceOf(MailboxExitException.class);
    }

    @Test
    void endsItselfWithAnExitSignalEvenNormal() {
        mailbox.exit(mailbox.self(), Atom.of("normal"));
        assertThat(mailbox.exitReason()).contains(Atom.of("normal"));
    }

    @Test
    void monitorsAndLinksItselfWithoutHarm() {
        Reference ref = mailbox.monitor(mailbox.self());
        mailbox.link(mailbox.self());
        assertThat(mailbox.demonitor(ref)).isTrue();
        mailbox.monitor(mailbox.self());
        mailbox.exit(BOOM);
        assertThat(mailbox.exitReason()).contains(BOOM);
    }

    @Test
    void refusesToSendToWhatIsNoProcess() {
        assertThatThrownBy(() -> sender.send(Int.of(1), BOOM))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("send: to 1 (expected: a pid, a registered name, an alias, or {Name, Node})");
        assertThatThrownBy(() -> sender.monitor(Int.of(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("process: 1 (expected: a pid, a registered name, or {Name, Node})");
    }

    @Test
    void endsAChainOfAnyLength() {
        List<Mailbox> chain = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            Mailbox next = node.mailbox();
            if (i > 0) {
                chain.get(i - 1).link(next.self());
            }
            chain.add(next);
        }
        chain.get(0).exit(BOOM);
        assertThat(chain).allMatch(m -> !m.isAlive());
    }

    // ---- handlers

    @Test
    void handlesOneMessageAtATimeInOrder() throws Exception {
        send(0, 1, 2);
        var seen = new ConcurrentLinkedQueue<Integer>();
        var inside = new AtomicInteger();
        var overlap = new AtomicInteger();
        mailbox.onMessage(m -> {
            if (inside.incrementAndGet() != 1) {
                overlap.incrementAndGet();
            }
            seen.add(value(m));
            inside.decrementAndGet();
        });
        for (int i = 3; i < 20_000; i++) {
            send(i);
        }
        Await.until(SOON, "all handled", () -> seen.size() == 20_000);
        assertThat(overlap).hasValue(0);
        assertThat(List.copyOf(seen)).isSorted();
        assertThatThrownBy(mailbox::receive).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> mailbox.onMessage(m -> {})).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void receivesWithinAHandler() throws Exception {
        var sums = new ConcurrentLinkedQueue<Integer>();
        mailbox.onMessage(m -> {
            try {
                sums.add(value(m) + value(mailbox.receive()));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        send(1, 2, 3, 4);
        Await.until(SOON, "both pairs", () -> sums.size() == 2);
        assertThat(sums).containsExactly(3, 7);
    }

    @Test
    void endsWithTheReasonOfAHandlerThatThrows() {
        assertThat(reasonAfter(new IllegalStateException("secret")))
                .hasToString("{{java_exception,'IllegalStateException'},[]}");
        assertThat(reasonAfter(ErlangException.exit(BOOM))).isEqualTo(BOOM);
        assertThat(reasonAfter(ErlangException.error(BOOM))).hasToString("{boom,[]}");
        assertThat(reasonAfter(ErlangException.thrown(BOOM))).hasToString("{{nocatch,boom},[]}");
        assertThat(reasonAfter(new StackOverflowError())).hasToString("{{java_exception,'StackOverflowError'},[]}");
    }

    private Term reasonAfter(Throwable thrown) {
        Mailbox failing = node.mailbox();
        failing.onMessage(m -> {
            if (thrown instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) thrown;
        });
        sender.send(failing.self(), BOOM);
        Await.until(SOON, "ended", () -> !failing.isAlive());
        return failing.exitReason().orElseThrow();
    }

    @Test
    void handlesOnAnExecutorOfTheCallersOwnThread() throws Exception {
        Executor direct = Runnable::run;
        Node own = network.start("direct@host", builder -> builder.executor(direct));
        Mailbox echo = own.mailbox(MailboxOptions.DEFAULT.withTrapExit(true));
        Mailbox client = own.mailbox();
        echo.onMessage(m -> {
            if (m instanceof Message.Exit) {
                echo.exit(BOOM);
            } else {
                client.send(client.self(), m.toTerm());
            }
        });
        client.link(echo.self());
        Reference ref = client.monitor(echo.self());
        client.send(echo.self(), Int.of(1));
        assertThat(client.receive(SOON)).contains(new Message.Sent(Int.of(1)));
        client.trapExit(true);
        client.exit(echo.self(), BOOM);
        assertThat(List.of(
                        client.receive(SOON).orElseThrow(), client.receive(SOON).orElseThrow()))
                .containsExactly(new Message.Exit(echo.self(), BOOM), new Message.Down(ref, echo.self(), BOOM));
    }

    @Test
    void survivesAnExecutorThatRefuses() throws Exception {
        var refuse = new AtomicInteger(1);
        Executor moody = task -> {
            if (refuse.get() > 0) {
                throw new RejectedExecutionException("full");
            }
            task.run();
        };
        Node own = network.start("moody@host", builder -> builder.executor(moody));
        Mailbox box = own.mailbox();
        var seen = new ArrayList<Integer>();
        box.onMessage(m -> seen.add(value(m)));
        own.send(box.self(), Int.of(1));
        refuse.set(0);
        own.send(box.self(), Int.of(2));
        assertThat(seen).containsExactly(1, 2);
    }

    @Test
    void survivesAnExecutorThatHasNoThreads() throws Exception {
        var failures = new AtomicInteger();
        Executor starved = task -> {
            if (failures.getAndDecrement() > 0) {
                throw new InternalError("unable to create native thread");
            }
            task.run();
        };
        Node own = network.start("starved@host", builder -> builder.executor(starved));
        var seen = new ArrayList<Message>();
        Mailbox dying = own.mailbox();
        List<Mailbox> watchers = List.of(own.mailbox(), own.mailbox(), own.mailbox());
        for (Mailbox watcher : watchers) {
            watcher.onMessage(seen::add);
            watcher.monitor(dying.self());
        }
        failures.set(2);
        assertThatThrownBy(dying::close).isInstanceOf(InternalError.class);
        assertThat(seen).as("the one that could be told").hasSize(1);
        assertThat(own.kernel().processes.find(dying.self())).isNull();
        watchers.forEach(watcher -> own.send(watcher.self(), BOOM));
        assertThat(seen).as("with the next message").hasSize(6);
    }

    // ---- many threads

    @Test
    void takesFromManyProducersEachInOrder() throws Exception {
        int producers = 8;
        int each = 20_000;
        for (int p = 0; p < producers; p++) {
            int producer = p;
            new Thread(() -> {
                        Mailbox from = node.mailbox();
                        for (int i = 0; i < each; i++) {
                            from.send(mailbox.self(), Tuple.of(Int.of(producer), Int.of(i)));
                        }
                    })
                    .start();
        }
        int[] seen = new int[producers];
        for (int i = 0; i < producers * each; i++) {
            Tuple t = (Tuple) mailbox.receive(SOON).orElseThrow().toTerm();
            int producer = (int) ((Int) t.element(0)).value();
            assertThat(((Int) t.element(1)).value()).isEqualTo(seen[producer]++);
        }
        assertThat(mailbox.receive(Duration.ZERO)).isEmpty();
    }

    @Test
    void givesEachMessageToOneOfManyReceivers() throws Exception {
        int count = 20_000;
        Set<Integer> seen = Collections.newSetFromMap(new ConcurrentHashMap<>());
        var twice = new AtomicInteger();
        List<Thread> receivers = new ArrayList<>();
        for (int r = 0; r < 4; r++) {
            boolean selective = r % 2 == 0;
            Thread receiver = new Thread(() -> {
                try {
                    for (; ; ) {
                        Message m = selective
                                ? mailbox.receive(any -> value(any) % 2 == 0 || seen.size() > count / 2)
                                : mailbox.receive();
                        if (!seen.add(value(m))) {
                            twice.incrementAndGet();
                        }
                    }
                } catch (MailboxExitException | InterruptedException e) {
                    // the end of the test
                }
            });
            receiver.start();
            receivers.add(receiver);
        }
        for (int i = 0; i < count; i++) {
            send(i);
        }
        // a selective receiver may hold the turn while only odd ones are left
        Await.until(SOON, "half of them", () -> seen.size() >= count / 2);
        mailbox.close();
        for (Thread receiver : receivers) {
            receiver.join(SOON.toMillis());
            assertThat(receiver.isAlive()).isFalse();
        }
        assertThat(twice).hasValue(0);
    }

    @Test
    void endsOnceWhenManyEndIt() throws Exception {
        for (int round = 0; round < 200; round++) {
            Mailbox target = node.mailbox();
            Mailbox watcher = node.mailbox();
            Reference ref = watcher.monitor(target.self());
            var go = new CountDownLatch(1);
            List<Thread> killers = new ArrayList<>();
            for (int k = 0; k < 3; k++) {
                Term reason = Int.of(k);
                Thread killer = new Thread(() -> {
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    target.exit(reason);
                });
                killer.start();
                killers.add(killer);
            }
            go.countDown();
            Message.Down down = (Message.Down) watcher.receive(SOON).orElseThrow();
            for (Thread killer : killers) {
                killer.join();
            }
            assertThat(down)
                    .isEqualTo(new Message.Down(
                            ref, target.self(), target.exitReason().orElseThrow()));
            assertThat(watcher.receive(Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void saysNothingMoreAfterItsEndWasTold() throws Exception {
        for (int round = 0; round < 300; round++) {
            Mailbox talker = node.mailbox();
            Mailbox listener = node.mailbox();
            listener.monitor(talker.self());
            Thread talking = new Thread(() -> {
                try {
                    for (; ; ) {
                        talker.send(listener.self(), BOOM);
                    }
                } catch (MailboxExitException e) {
                    // killed while talking
                }
            });
            talking.start();
            sender.exit(talker.self(), BOOM);
            Message message;
            do {
                message = listener.receive(SOON).orElseThrow();
            } while (!(message instanceof Message.Down));
            talking.join();
            assertThat(listener.receive(Duration.ZERO)).isEmpty();
        }
    }
}
