package io.hawser.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.node.Mailbox;
import io.hawser.node.Message;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.NodeName;
import io.hawser.term.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulationTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final NodeName B = NodeName.parse("b@host");

    private static Simulation two() throws InterruptedException {
        var simulation = new Simulation(1);
        simulation.timeWaits();
        Node a = simulation.start("a@host");
        simulation.start("b@host");
        a.connect(B, MINUTE);
        return simulation;
    }

    private static Node node(Simulation simulation, String name) {
        return simulation.node(name).orElseThrow();
    }

    private static boolean isConnected(Simulation simulation, String name) {
        return !node(simulation, name).nodes().isEmpty();
    }

    @Test
    void whoWaitsDoesSoInVirtualTime() throws Exception {
        try (var simulation = two();
                Mailbox mailbox = node(simulation, "a@host").mailbox()) {
            Duration before = simulation.now();
            assertThat(mailbox.receive(Duration.ofDays(1))).isEmpty();
            assertThat(simulation.now().minus(before)).isEqualTo(Duration.ofDays(1));
        }
    }

    @Test
    void processesBlockAndAnswerEachOther() throws Exception {
        try (var simulation = two()) {
            List<Message> received = new ArrayList<>();
            Mailbox echo = node(simulation, "b@host").register("echo");
            simulation.process("b@host", () -> {
                Message message = echo.receive();
                simulation.sleep(Duration.ofHours(1));
                echo.send(((Tuple) message.toTerm()).element(0), Atom.of("pong"));
            });
            simulation.process("a@host", () -> {
                Mailbox self = node(simulation, "a@host").mailbox();
                self.send(Tuple.of(Atom.of("echo"), B.atom()), Tuple.of(self.self()));
                received.add(self.receive());
            });
            assertThat(simulation.runUntil(() -> !received.isEmpty(), Duration.ofMinutes(59)))
                    .isFalse();
            assertThat(simulation.runUntil(() -> !received.isEmpty(), Duration.ofMinutes(2)))
                    .isTrue();
        }
    }

    @Test
    void aCrashIsNoticedByTicksAndAKillAtOnce() throws Exception {
        try (var simulation = two()) {
            simulation.crash("b@host");
            simulation.run(Duration.ofSeconds(30));
            assertThat(isConnected(simulation, "a@host")).isTrue();
            simulation.run(MINUTE);
            assertThat(isConnected(simulation, "a@host")).isFalse();

            simulation.start("b@host");
            node(simulation, "a@host").connect(B, MINUTE);
            simulation.kill("b@host");
            simulation.run(Duration.ofMillis(1));
            assertThat(isConnected(simulation, "a@host")).isFalse();
        }
    }

    @Test
    void whoIsCutOffCannotBeConnectedUntilItIsHealed() throws Exception {
        try (var simulation = two()) {
            simulation.partition(List.of("a@host"), List.of("b@host"));
            simulation.run(Duration.ofMinutes(2));
            assertThat(isConnected(simulation, "a@host")).isFalse();
            assertThatThrownBy(() -> node(simulation, "a@host").connect(B, MINUTE))
                    .hasMessageStartingWith("b@host: not connected within 7000 ms");
            simulation.heal();
            node(simulation, "a@host").connect(B, MINUTE);
        }
    }

    @Test
    void aMuteNodeIsHeardByNobody() throws Exception {
        try (var simulation = two();
                Mailbox atA = node(simulation, "a@host").register("x");
                Mailbox atB = node(simulation, "b@host").register("x")) {
            simulation.mute(List.of("a@host"), List.of("b@host"));
            atA.send(Tuple.of(Atom.of("x"), B.atom()), Int.of(1));
            atB.send(Tuple.of(Atom.of("x"), Atom.of("a@host")), Int.of(2));
            assertThat(atA.receive(Duration.ofSeconds(1))).isPresent();
            assertThat(atB.receive(Duration.ofSeconds(1))).isEmpty();
        }
    }

    @Test
    void lossIsDelayAndLosesNothing() throws Exception {
        try (var simulation = two();
                Mailbox to = node(simulation, "b@host").register("x")) {
            simulation.path("a@host", "b@host").loss(0.5);
            Duration before = simulation.now();
            for (int i = 0; i < 20; i++) {
                node(simulation, "a@host").send(Tuple.of(Atom.of("x"), B.atom()), Int.of(i));
                simulation.run(Duration.ofMillis(1));
            }
            for (int i = 0; i < 20; i++) {
                assertThat(to.receive(MINUTE).orElseThrow().toTerm()).isEqualTo(Int.of(i));
            }
            assertThat(simulation.now().minus(before)).isGreaterThan(Duration.ofMillis(200));
        }
    }

    @Test
    void aClockThatStepsLeavesTimeAlone() throws Exception {
        try (var simulation = two()) {
            Instant before = simulation.clock("a@host").instant();
            simulation.stepClock("a@host", Duration.ofHours(-3));
            simulation.run(Duration.ofHours(1));
            assertThat(simulation.clock("a@host").instant()).isEqualTo(before.minus(Duration.ofHours(2)));
            assertThat(simulation.clock("b@host").instant()).isEqualTo(before.plus(Duration.ofHours(1)));
            assertThat(isConnected(simulation, "a@host")).isTrue();
        }
    }

    @Test
    void countsWhatArrives() throws Exception {
        try (var simulation = two();
                Mailbox to = node(simulation, "b@host").register("x")) {
            for (int i = 0; i < 5; i++) {
                node(simulation, "a@host").send(Tuple.of(Atom.of("x"), B.atom()), Int.of(i));
            }
            simulation.run(MINUTE);
            assertThat(simulation.traffic().byTarget()).containsEntry("SEND x", 5L);
            assertThat(simulation.traffic().dialled()).isEqualTo(1);
            assertThat(simulation.path("a@host", "b@host").bytes()).isPositive();
            assertThat(to.receive(Duration.ZERO)).isPresent();
        }
    }

    @Test
    void whatAProcessThrowsFailsTheRun() throws Exception {
        try (var simulation = two()) {
            simulation.process("a@host", () -> {
                throw new AssertionError("as claimed");
            });
            assertThatThrownBy(() -> simulation.run(MINUTE)).hasMessage("as claimed");
        }
    }

    @Test
    void aFailureSaysHowToPlayItAgain() {
        assertThatThrownBy(() -> Seeds.play("mvn test -Dtest=X", 3, 0, seed -> {
                    if (seed == 3) {
                        throw new AssertionError("wrong");
                    }
                }))
                .hasMessage("to play this again: mvn test -Dtest=X -Dhawser.seed=3\nwrong");
    }
}
