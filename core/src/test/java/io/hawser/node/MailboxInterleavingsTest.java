package io.hawser.node;

import static io.hawser.testing.Interleavings.model;
import static io.hawser.testing.Interleavings.pause;
import static io.hawser.testing.Interleavings.race;
import static io.hawser.testing.Interleavings.require;
import static io.hawser.testing.Interleavings.together;
import static java.util.Objects.requireNonNull;

import io.hawser.dist.ControlMessage;
import io.hawser.node.MessageQueue.Envelope;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.transport.Surroundings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What holds for the messages of a mailbox in whatever order its threads run. */
class MailboxInterleavingsTest {
    private static final Message ONE = new Message.Sent(Int.of(1));
    private static final Message TWO = new Message.Sent(Int.of(2));
    private static final Message THREE = new Message.Sent(Int.of(3));

    @Test
    void aQueueHandsEveryMessageOutOnceInTheOrderOfItsProducer() {
        model(() -> {
            var queue = new MessageQueue();
            List<Message> taken = new ArrayList<>();
            together(
                    () -> {
                        queue.add(Envelope.of(ONE));
                        queue.add(Envelope.of(TWO));
                    },
                    () -> queue.add(Envelope.of(THREE)),
                    () -> {
                        for (int i = 0; i < 3; i++) {
                            take(queue, taken);
                        }
                    });
            while (!queue.isEmpty()) {
                take(queue, taken);
            }
            require(taken.size() == 3 && taken.contains(THREE) && taken.indexOf(ONE) < taken.indexOf(TWO), taken);
        });
    }

    private static void take(MessageQueue queue, List<Message> taken) {
        for (Envelope each = queue.takeAll(); each != null; each = each.cut()) {
            taken.add(each.message());
        }
    }

    @Test
    void aBoundedMailboxGivesNoPlaceToTwo() {
        model(() -> {
            var bound = new Bound(1);
            var taken = new AtomicInteger();
            together(() -> taken.addAndGet(bound.take() ? 1 : 0), () -> taken.addAndGet(bound.take() ? 1 : 0));
            require(taken.get() == 1 && bound.taken() == 1 && bound.refused() == 1, taken);
        });
    }

    @Test
    void aHandlerIsGivenEveryMessageInOrderAndOneAtATime() {
        Kernel kernel = new FakeCarrier().kernel(task -> new Thread(task).start());
        race(() -> {
            var inbox = new Inbox(null, Surroundings.system());
            var process = new LocalProcess(kernel, kernel.processes.newPid(), inbox);
            List<Message> handled = Collections.synchronizedList(new ArrayList<>());
            var inside = new AtomicInteger();
            inbox.handle(new HandlerLoop(process, inbox, message -> {
                require(inside.incrementAndGet() == 1, "two at a time");
                handled.add(message);
                inside.decrementAndGet();
            }));
            together(() -> put(inbox, THREE), () -> {
                for (int sent = 0; sent < 10; sent++) {
                    put(inbox, sent % 2 == 0 ? ONE : TWO);
                    awaitSize(handled, sent); // the loop is about to find nothing more
                }
                awaitSize(handled, 11);
            });
            require(handled.remove(THREE), handled);
            require(handled.equals(List.of(ONE, TWO, ONE, TWO, ONE, TWO, ONE, TWO, ONE, TWO)), handled);
            require(process.exitReason() == null, "ended");
        });
    }

    private static void awaitSize(List<Message> handled, int size) {
        long deadline = System.nanoTime() + MemoryNetwork.SOON.toNanos();
        while (handled.size() < size && System.nanoTime() < deadline) {
            pause();
        }
    }

    @Test
    void aReceiverThatWaitsIsWoken() {
        race(() -> {
            var inbox = new Inbox(null, Surroundings.system());
            var received = new AtomicInteger();
            together(
                    () -> {
                        while (received.get() < 20) {
                            inbox.await(any -> true, null);
                            received.incrementAndGet();
                        }
                    },
                    () -> {
                        for (int sent = 0; sent < 20; sent++) {
                            while (received.get() < sent) { // the receiver is about to wait again
                                pause();
                            }
                            put(inbox, ONE);
                        }
                    });
            require(received.get() == 20, received);
        });
    }

    @Test
    void everyMessageGoesToOneOfTheReceiversThatWait() {
        race(() -> {
            var inbox = new Inbox(null, Surroundings.system());
            var taken = new ConcurrentLinkedQueue<Message>();
            together(
                    () -> taken.add(requireNonNull(inbox.await(any -> true, null))),
                    () -> taken.add(requireNonNull(inbox.await(any -> true, null))),
                    () -> {
                        put(inbox, ONE);
                        put(inbox, TWO);
                    });
            require(taken.size() == 2 && taken.contains(ONE) && taken.contains(TWO), taken);
        });
    }

    @Test
    void aSelectiveReceiverPassesOverTheOthersAndLeavesThemInOrder() {
        race(() -> {
            var inbox = new Inbox(null, Surroundings.system());
            List<Message> taken = new ArrayList<>();
            together(
                    () -> taken.add(inbox.await(message -> message == THREE, null)),
                    () -> {
                        put(inbox, ONE);
                        put(inbox, TWO);
                    },
                    () -> put(inbox, THREE));
            taken.add(inbox.poll(any -> true));
            taken.add(inbox.poll(any -> true));
            require(taken.equals(List.of(THREE, ONE, TWO)), taken);
        });
    }

    @Test
    void aReceiverReturnsWhenTheMailboxEnds() {
        race(() -> {
            var inbox = new Inbox(null, Surroundings.system());
            together(() -> require(inbox.await(message -> message == THREE, null) == null, THREE), inbox::end);
        });
    }

    @Test
    void everyByteIsGivenBackOnceAMailboxHasEnded() throws Exception {
        try (var network = new MemoryNetwork()) {
            Node node = network.start("a@host");
            var peer = network.script("p@host");
            peer.say(node, new ControlMessage.RegSend(peer.pid(1), Atom.of("nobody")), Int.of(1));
            network.endpoint(node).settle();
            PeerState from = requireNonNull(node.kernel().peers.get(peer.node()));
            var end = (MemoryNetwork.End) from.connection;
            model(() -> {
                long before = end.consumed.get();
                var inbox = new Inbox(null, Surroundings.system());
                together(
                        () -> inbox.poll(message -> message == TWO),
                        () -> {
                            inbox.add(ONE, from, 10);
                            inbox.add(TWO, from, 10);
                        },
                        inbox::end);
                require(end.consumed.get() - before == 20, end.consumed.get() - before);
            });
        }
    }

    @Test
    void aFlushedDownIsNotReceivedAfterwards() {
        var ref = new Reference(Atom.of("a@host"), 4, 1, 2, 3);
        Message down = new Message.Down(ref, new Pid(Atom.of("a@host"), 1, 0, 4), Atoms.NOPROC);
        race(() -> {
            var inbox = new Inbox(null, Surroundings.system());
            inbox.add(down, null, 0);
            together(() -> inbox.await(message -> message == ONE, null), () -> inbox.flush(ref), () -> put(inbox, ONE));
            Message left = inbox.poll(any -> true);
            require(left == null, String.valueOf(left));
        });
    }

    @Test
    void aFlushedDownIsGivenBackAtOnce() throws Exception {
        try (var network = new MemoryNetwork()) {
            Node node = network.start("a@host");
            var peer = network.script("p@host");
            peer.say(node, new ControlMessage.RegSend(peer.pid(1), Atom.of("nobody")), Int.of(1));
            network.endpoint(node).settle();
            PeerState from = requireNonNull(node.kernel().peers.get(peer.node()));
            var end = (MemoryNetwork.End) from.connection;
            long before = end.consumed.get();
            var ref = new Reference(Atom.of("a@host"), 4, 1, 2, 3);
            var inbox = new Inbox(null, Surroundings.system());
            inbox.add(new Message.Down(ref, peer.pid(1), Atoms.NOPROC), from, 10);
            inbox.flush(ref);
            require(end.consumed.get() - before == 10, end.consumed.get() - before);
        }
    }

    private static void put(Inbox inbox, Message message) {
        inbox.add(message, null, 0);
        inbox.wake();
    }
}
