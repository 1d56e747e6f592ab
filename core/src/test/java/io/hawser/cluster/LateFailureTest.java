package io.hawser.cluster;

import static io.hawser.cluster.MemoryCluster.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.ListTerm;
import io.hawser.term.Tuple;
import io.hawser.testing.Await;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An introduction that fails, the news of which comes after the node has connected by itself. */
class LateFailureTest {
    private static final int DIALS = 3;

    private final MemoryCluster cluster = new MemoryCluster();
    private final Gate gate = new Gate(this::isLastDial);
    private final Node victim = cluster.start("m@host", config -> config.executor(gate));

    @AfterEach
    void stop() {
        gate.open();
        cluster.close();
        gate.threads.shutdown();
    }

    private boolean isLastDial() {
        return cluster.lookUps("m@host").stream()
                        .filter(name -> name.toString().equals("z@host"))
                        .count()
                == DIALS;
    }

    /** Runs tasks, until it closes: then they wait, in order. */
    private static final class Gate implements Executor {
        final ExecutorService threads = Executors.newCachedThreadPool();
        private final Deque<Runnable> waiting = new ArrayDeque<>();
        private final BooleanSupplier closes;
        private boolean isOpened;

        Gate(BooleanSupplier closes) {
            this.closes = closes;
        }

        @Override
        public synchronized void execute(Runnable task) {
            if (isOpened || (waiting.isEmpty() && !closes.getAsBoolean())) {
                threads.execute(task);
            } else {
                waiting.add(task);
            }
        }

        synchronized boolean isClosed() {
            return !waiting.isEmpty();
        }

        synchronized void open() {
            isOpened = true;
            var all = new ArrayDeque<>(waiting);
            waiting.clear();
            threads.execute(() -> all.forEach(Runnable::run));
        }
    }

    @Test
    void throwsNobodyOut() throws InterruptedException {
        Global global = Global.start(victim);
        var teller = new FakeMember(cluster.start("teller@host"), victim);
        teller.meet();
        Node late = cluster.start("z@host");
        cluster.hide(late);
        Global there = Global.start(late);
        teller.cast(Tuple.of(
                Atoms.NEW_NODES,
                teller.name(),
                ListTerm.EMPTY,
                ListTerm.EMPTY,
                ListTerm.of(Tuple.of(late.name().atom(), Int.of(8))),
                ListTerm.EMPTY));
        Await.until(SOON, "it is dialled in vain", gate::isClosed);
        MemoryCluster.connect(late, victim);
        Await.until(SOON, "it has connected", () -> victim.nodes().contains(late.name()));
        gate.open();

        assertThat(global.registerName(Atom.of("name"), victim.mailbox().self()))
                .isTrue();
        assertThat(there.sync(SOON)).isTrue();
        assertThat(there.whereisName(Atom.of("name"))).isPresent();
        teller.awaitTaken();
        assertThat(teller.all(Atoms.LOST_CONNECTION)).isEmpty();
        assertThat(victim.nodes()).contains(late.name());
    }
}
