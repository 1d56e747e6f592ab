package io.hawser.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SystemSchedulerTest {
    @Test
    void runsTasksOnItsNamedDaemonThreadThoughOneFails() throws Exception {
        try (SystemScheduler scheduler = Scheduler.system("hawser-test-timer")) {
            scheduler.schedule(Duration.ZERO, () -> {
                throw new IllegalStateException("expected in this test");
            });
            var thread = new CompletableFuture<Thread>();
            scheduler.schedule(Duration.ofMillis(1), () -> thread.complete(Thread.currentThread()));
            Thread found = thread.get(10, TimeUnit.SECONDS);
            assertThat(found.getName()).isEqualTo("hawser-test-timer");
            assertThat(found.isDaemon()).isTrue();
        }
    }

    @Test
    void dropsCancelledTasksAndTasksAfterTheClose() {
        SystemScheduler scheduler = Scheduler.system("hawser-test-timer");
        var ran = new CompletableFuture<Boolean>();
        scheduler.schedule(Duration.ofHours(1), () -> ran.complete(true)).cancel();
        scheduler.close();
        scheduler.close();
        scheduler.schedule(Duration.ZERO, () -> ran.complete(true)).cancel();
        assertThat(ran).isNotDone();
    }
}
