package io.hawser.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AfterReadTest {
    private final AfterRead afterRead = new AfterRead();
    private final List<String> done = new ArrayList<>();

    @Test
    void doesATaskOnceForManyPackets() {
        Runnable wake = () -> done.add("woken");
        for (int i = 0; i < 100; i++) {
            afterRead.begin(10);
            afterRead.add(wake);
        }
        assertThat(done).isEmpty();
        afterRead.end();
        assertThat(done).containsExactly("woken");
        afterRead.end();
        assertThat(done).hasSize(1);
    }

    @Test
    void doesTasksInTheirOrder() {
        afterRead.begin(10);
        for (int i = 0; i < 10; i++) {
            String name = "task " + i;
            afterRead.add(() -> done.add(name));
        }
        afterRead.end();
        assertThat(done).hasSize(10).isSorted();
    }

    @Test
    void doesATaskAtOnceWhenNothingIsBeingRead() {
        afterRead.add(() -> done.add("at once"));
        assertThat(done).hasSize(1);
        afterRead.begin(10);
        afterRead.end();
        afterRead.add(() -> done.add("after the end"));
        assertThat(done).hasSize(2);
    }

    @Test
    void doesNotWaitForTheEndOfALongRead() {
        afterRead.begin(AfterRead.MOST_BYTES + 1);
        afterRead.add(() -> done.add("first half"));
        assertThat(done).isEmpty();
        afterRead.begin(1);
        assertThat(done).containsExactly("first half");
    }

    @Test
    void keepsABoundedNumberOfTasks() {
        afterRead.begin(10);
        for (int i = 0; i < 1_000; i++) {
            afterRead.add(() -> done.add("woken"));
        }
        assertThat(done).hasSizeGreaterThan(900);
        afterRead.end();
        assertThat(done).hasSize(1_000);
    }
}
