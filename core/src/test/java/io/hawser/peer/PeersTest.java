package io.hawser.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.testing.ManualScheduler;
import io.hawser.transport.InMemoryNetwork;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PeersTest {
    private final ManualScheduler time = new ManualScheduler();
    private final InMemoryNetwork network = InMemoryNetwork.on(time);
    private final TestNode.Directory directory = new TestNode.Directory("127.0.0.1");
    private final TestNode a = node("a@host").start();
    private final TestNode b = node("b@host").start();

    private TestNode.Builder node(String name) {
        return new TestNode.Builder(name, network.transport(), time, directory);
    }

    @AfterEach
    void noViolations() {
        a.close();
        b.close();
        time.runReady();
        assertThat(a.violations).isEmpty();
        assertThat(b.violations).isEmpty();
    }

    @Test
    void connectsWhenSomethingIsSentAndDeliversInOrder() {
        a.send(b, 1);
        a.send(b, 2);
        time.runReady();
        a.send(b, 3);
        time.runReady();
        assertThat(b.numbers()).containsExactly(1L, 2L, 3L);
        assertThat(a.events).containsExactly("up b@host");
        assertThat(b.events).containsExactly("up a@host");
        b.send(a, 4);
        time.runReady();
        assertThat(a.numbers()).containsExactly(4L);
    }

    @Test
    void closesOrderlyAndReportsOnce() {
        a.send(b, 1);
        time.runReady();
        a.send(b, 2);
        a.close();
        a.close();
        time.runReady();
        assertThat(b.numbers()).containsExactly(1L, 2L);
        assertThat(a.events).containsExactly("up b@host", "down b@host: b@host: this node is closed");
        assertThat(b.events).containsExactly("up a@host", "down a@host: the peer closed the connection");
    }

    @Test
    void ticksKeepAnIdleConnection() {
        a.send(b, 1);
        time.runReady();
        time.advance(Duration.ofMinutes(10));
        assertThat(a.events).containsExactly("up b@host");
        assertThat(b.events).containsExactly("up a@host");
    }
}
