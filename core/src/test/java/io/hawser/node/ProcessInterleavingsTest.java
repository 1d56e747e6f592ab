package io.hawser.node;

import static io.hawser.testing.Interleavings.model;
import static io.hawser.testing.Interleavings.race;
import static io.hawser.testing.Interleavings.require;
import static io.hawser.testing.Interleavings.together;

import io.hawser.term.Atom;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What holds for links, monitors, names and aliases in whatever order threads run. */
class ProcessInterleavingsTest {
    private static final Atom BOOM = Atom.of("boom");
    private static final Atom NAME = Atom.of("name");
    private static final Pid FAR = new Pid(FakeCarrier.THERE, 7, 0, 9);

    private final FakeCarrier carrier = new FakeCarrier();
    private final Kernel kernel = carrier.kernel(Runnable::run);

    /** A process that traps exits, and what it received. */
    private final class Subject implements Receiver {
        final ConcurrentLinkedQueue<Message> received = new ConcurrentLinkedQueue<>();
        final LocalProcess process = new LocalProcess(kernel, kernel.processes.newPid(), this);

        Subject() {
            process.trapExit(true);
            kernel.processes.add(process);
        }

        Pid pid() {
            return process.pid();
        }

        @Override
        public void add(Message message, @Nullable PeerState from, int heapBytes) {
            received.add(message);
        }

        @Override
        public void wake() {}

        @Override
        public void end() {}

        void requireOne() {
            require(received.size() == 1, received);
        }
    }

    // ---- links

    @Test
    void aLinkToAProcessThatEndsGivesOneExit() {
        race(() -> {
            var a = new Subject();
            var b = new Subject();
            together(() -> a.process.links().link(b.pid()), () -> b.process.end(BOOM));
            a.requireOne();
        });
    }

    @Test
    void twoThatLinkAtOnceAreLinkedOnce() {
        race(() -> {
            var a = new Subject();
            var b = new Subject();
            together(
                    () -> a.process.links().link(b.pid()),
                    () -> b.process.links().link(a.pid()));
            b.process.end(BOOM);
            a.requireOne();
        });
    }

    @Test
    void twoThatEndAtOnceTellAThirdOnceEach() {
        race(() -> {
            var a = new Subject();
            var b = new Subject();
            var c = new Subject();
            a.process.links().link(b.pid());
            a.process.links().link(c.pid());
            b.process.links().link(c.pid());
            together(() -> b.process.end(BOOM), () -> c.process.end(BOOM));
            require(a.received.size() == 2, a.received);
        });
    }

    @Test
    void onceUnlinkHasReturnedNoExitArrives() {
        race(() -> {
            var a = new Subject();
            var b = new Subject();
            a.process.links().link(b.pid());
            var before = new AtomicInteger();
            together(
                    () -> {
                        a.process.links().unlink(b.pid());
                        before.set(a.received.size());
                    },
                    () -> b.process.end(BOOM));
            require(a.received.size() == before.get() && before.get() <= 1, a.received);
        });
    }

    @Test
    void aLinkMadeWhileConnectionsGoEndsOnce() {
        race(() -> {
            var a = new Subject();
            together(() -> a.process.links().link(FAR), () -> carrier.lose(kernel), () -> carrier.lose(kernel));
            carrier.lose(kernel);
            a.requireOne();
            require(kernel.peers.relatedCount() == 0, kernel.peers.relatedCount());
        });
    }

    // ---- monitors

    @Test
    void aMonitorOfAProcessThatEndsGivesOneDown() {
        race(() -> {
            var a = new Subject();
            var b = new Subject();
            together(() -> a.process.monitors().monitor(b.pid(), null), () -> b.process.end(BOOM));
            a.requireOne();
        });
    }

    @Test
    void aMonitorThatDemonitorFoundGivesNoDownAndOtherwiseOne() {
        race(() -> {
            var a = new Subject();
            var b = new Subject();
            Reference ref = a.process.monitors().monitor(b.pid(), null);
            var found = new AtomicInteger();
            together(() -> found.set(a.process.monitors().demonitor(ref) ? 1 : 0), () -> b.process.end(BOOM));
            require(a.received.size() + found.get() == 1, a.received);
        });
    }

    @Test
    void aMonitorMadeWhileConnectionsGoEndsOnce() {
        race(() -> {
            var a = new Subject();
            together(
                    () -> a.process.monitors().monitor(FAR, null),
                    () -> carrier.lose(kernel),
                    () -> carrier.lose(kernel));
            carrier.lose(kernel);
            a.requireOne();
        });
    }

    // ---- names and aliases

    @Test
    void aNameGoesToOneOfTwoThatWantIt() {
        model(() -> {
            var table = new ProcessTable(Atom.of("a@host"), 4);
            var a = new LocalProcess(kernel, table.newPid(), Receiver.NOBODY);
            var b = new LocalProcess(kernel, table.newPid(), Receiver.NOBODY);
            together(() -> register(table, a), () -> register(table, b));
            LocalProcess holder = table.named(NAME);
            require(holder == a ? b.name() == null : holder == b && a.name() == null, NAME);
        });
    }

    private static void register(ProcessTable table, LocalProcess process) {
        try {
            table.register(NAME, process);
        } catch (NameTakenException | MailboxExitException expected) {
            return;
        }
    }

    @Test
    void aNameIsFreeOnceTheProcessThatWantedItHasEnded() {
        race(() -> {
            var a = new Subject();
            together(() -> register(kernel.processes, a.process), () -> a.process.end(BOOM));
            require(kernel.processes.named(NAME) == null && a.process.name() == null, NAME);
        });
    }

    @Test
    void aProcessKnowsItsNameAsTheTableDoes() {
        race(() -> {
            var a = new Subject();
            register(kernel.processes, a.process);
            together(() -> kernel.processes.unregister(NAME), () -> register(kernel.processes, a.process));
            require((kernel.processes.named(NAME) == a.process) == NAME.equals(a.process.name()), NAME);
            kernel.processes.unregister(NAME);
        });
    }

    @Test
    void aReplyAliasDeliversOneMessage() {
        race(() -> {
            var a = new Subject();
            Reference alias = a.process.alias(true);
            together(() -> kernel.send(FAR, alias, BOOM, false), () -> kernel.send(FAR, alias, BOOM, false));
            a.requireOne();
            require(kernel.processes.aliasCount() == 0, kernel.processes.aliasCount());
        });
    }

    @Test
    void onceUnaliasHasReturnedNoMessageComesThroughTheAlias() {
        race(() -> {
            var a = new Subject();
            Reference alias = a.process.alias(false);
            var before = new AtomicInteger();
            together(
                    () -> {
                        a.process.unalias(alias);
                        before.set(a.received.size());
                    },
                    () -> kernel.send(FAR, alias, BOOM, false));
            require(a.received.size() == before.get(), a.received);
        });
    }

    @Test
    void onceDemonitorHasReturnedNoReplyComesThroughItsAlias() {
        race(() -> {
            var a = new Subject();
            Reference ref = a.process.monitors().monitor(FAR, AliasMode.REPLY_DEMONITOR);
            var before = new AtomicInteger();
            together(
                    () -> {
                        a.process.monitors().demonitor(ref);
                        before.set(a.received.size());
                    },
                    () -> kernel.send(FAR, ref, BOOM, false));
            require(a.received.size() == before.get(), a.received);
        });
    }

    @Test
    void aCallGivesAReplyOrADownAndNotBoth() {
        race(() -> {
            var a = new Subject();
            var b = new Subject();
            Reference ref = a.process.monitors().monitor(b.pid(), AliasMode.REPLY_DEMONITOR);
            together(() -> kernel.send(FAR, ref, BOOM, false), () -> b.process.end(BOOM));
            a.requireOne();
        });
    }
}
