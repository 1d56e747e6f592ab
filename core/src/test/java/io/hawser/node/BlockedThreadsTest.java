package io.hawser.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.Pid;
import io.hawser.term.TermPattern;
import io.hawser.term.Tuple;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many threads, each blocked in a receive of its own: virtual ones give their carrier away, platform ones work too. */
class BlockedThreadsTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int VIRTUAL_THREADS_SINCE = 21;
    private static final TermPattern GO = TermPattern.parse("{go, From, N}");

    private final MemoryNetwork network = new MemoryNetwork();
    private final Node node = network.start("a@host");

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        network.close();
    }

    private static ExecutorService virtualThreads() {
        int jdk = Runtime.version().feature();
        assumeTrue(
                jdk >= VIRTUAL_THREADS_SINCE,
                "virtual threads need JDK " + VIRTUAL_THREADS_SINCE + ", these tests run on " + jdk);
        try {
            return (ExecutorService) MethodHandles.publicLookup()
                    .findStatic(
                            Executors.class,
                            "newVirtualThreadPerTaskExecutor",
                            MethodType.methodType(ExecutorService.class))
                    .invoke();
        } catch (Throwable e) { // what invoke declares
            throw new AssertionError(e);
        }
    }

    @Test
    void tenThousandVirtualThreadsWaitWithoutPinningACarrier() throws Exception {
        pingAll(virtualThreads(), 20); // loads the classes: the JVM itself pins whoever waits for that
        ExecutorService executor = virtualThreads();
        List<RecordedEvent> pinned = pinnedDuring(() -> pingAll(executor, 10_000));
        assertThat(pinned).isEmpty();
    }

    /** What the other test relies on: a thread that is pinned shows. */
    @Test
    void aPinnedThreadWouldHaveBeenSeen() throws Exception {
        ExecutorService executor = virtualThreads();
        List<RecordedEvent> pinned = pinnedDuring(() -> {
            executor.submit(() -> PinsWhileItIsInitialised.VALUE.length()).get();
            executor.shutdown();
        });
        assertThat(pinned).isNotEmpty();
    }

    /** A class initialiser is called by native code, whose frame cannot leave the carrier. */
    private static final class PinsWhileItIsInitialised {
        static final String VALUE = parked();

        private static String parked() {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            return "parked";
        }
    }

    @Test
    void platformThreadsWaitToo() throws Exception {
        pingAll(Executors.newCachedThreadPool(), 200);
    }

    /** Has so many threads wait for a message each, half of them selectively, and answer it. */
    private void pingAll(ExecutorService executor, int threads) throws Exception {
        Mailbox pinger = node.mailbox();
        var waiting = new CountDownLatch(threads);
        List<Pid> pids = new ArrayList<>();
        List<Future<Boolean>> answers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Mailbox mailbox = node.mailbox();
            pids.add(mailbox.self());
            Callable<Boolean> answer = i % 2 == 0 ? () -> answer(mailbox, waiting) : () -> select(mailbox, waiting);
            answers.add(executor.submit(answer));
        }
        assertThat(waiting.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < threads; i++) {
            pinger.send(pids.get(i), Atom.of("noise"));
            pinger.send(pids.get(i), Tuple.of(Atom.of("go"), pinger.self(), Int.of(i)));
        }
        long sum = 0;
        for (int i = 0; i < threads; i++) {
            sum += ((Int) pinger.receive(SOON).orElseThrow().toTerm()).value();
        }
        assertThat(sum).isEqualTo((long) threads * (threads - 1) / 2);
        for (Future<Boolean> answer : answers) {
            assertThat(answer.get(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
        executor.shutdown();
        assertThat(executor.awaitTermination(SOON.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
    }

    private static boolean answer(Mailbox mailbox, CountDownLatch waiting) throws InterruptedException {
        waiting.countDown();
        mailbox.receive(); // noise
        var go = GO.match(mailbox.receive().toTerm()).orElseThrow();
        mailbox.send(go.pid("From"), go.get("N"));
        return ends(mailbox);
    }

    private static boolean select(Mailbox mailbox, CountDownLatch waiting) throws InterruptedException {
        waiting.countDown();
        var go = mailbox.receive(GO, SOON).orElseThrow();
        mailbox.send(go.pid("From"), go.get("N"));
        return ends(mailbox);
    }

    private static boolean ends(Mailbox mailbox) {
        mailbox.close();
        return !mailbox.isAlive();
    }

    private interface Body {
        void run() throws Exception;
    }

    private List<RecordedEvent> pinnedDuring(Body body) throws Exception {
        try (var recording = new Recording()) {
            recording.enable("jdk.VirtualThreadPinned").withoutThreshold().withStackTrace();
            recording.start();
            body.run();
            recording.stop();
            return pinned(recording);
        }
    }

    private List<RecordedEvent> pinned(Recording recording) throws IOException {
        Path file = directory.resolve("recording.jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals("jdk.VirtualThreadPinned"))
                .toList();
    }
}
