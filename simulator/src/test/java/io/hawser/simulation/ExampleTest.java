package io.hawser.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.cluster.Global;
import io.hawser.node.Mailbox;
import io.hawser.node.MailboxExitException;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The example of the README runs, and is the one that is there. */
class ExampleTest {
    private static final Atom LEADER = Atom.of("leader");

    // begin
    @Test
    void theLeaderIsReplacedWhenItsHostIsLost() {
        Seeds.play("mvn test -Dtest='ExampleTest#theLeaderIsReplacedWhenItsHostIsLost'", 20, 20, seed -> {
            Map<String, Global> globals = new LinkedHashMap<>();
            try (var simulation = new Simulation(seed)) {
                simulation.latency(Latency.longTailed(Duration.ofMillis(1), Duration.ofMillis(5)));
                for (String name : List.of("a@host", "b@host", "c@host")) {
                    Node node = simulation.start(name);
                    Global global = Global.start(node);
                    globals.put(name, global);
                    node.connect(simulation.nodes().get(0).name()).exceptionally(failure -> null);
                    simulation.process(name, () -> lead(node, global));
                }
                simulation.run(Duration.ofMinutes(1));
                String first = leader(Objects.requireNonNull(globals.get("a@host")));
                assertThat(globals.values()).allMatch(global -> leader(global).equals(first));

                simulation.crash(first); // no goodbye: the others notice by their ticks
                globals.remove(first);
                simulation.await(
                        "the others have one new leader",
                        () -> globals.values().stream()
                                                .map(ExampleTest::leader)
                                                .distinct()
                                                .count()
                                        == 1
                                && globals.containsKey(
                                        leader(globals.values().iterator().next())),
                        Duration.ofMinutes(3));
            }
        });
    }

    private static String leader(Global global) {
        return global.whereisName(LEADER).map(pid -> pid.node().text()).orElse("nobody");
    }

    /** Code under test: it blocks, as it does in production. */
    private static void lead(Node node, Global global) throws InterruptedException {
        for (; ; ) {
            try (Mailbox self = node.mailbox()) {
                while (!global.registerName(LEADER, self.self())) {
                    self.receive(Duration.ofSeconds(5));
                }
                self.receive(); // leads, until it ends
            } catch (MailboxExitException e) {
                // two leaders met, and this one lost: it tries again
            }
        }
    }
    // end

    @Test
    void theReadmeShowsIt() throws Exception {
        String source = Files.readString(Path.of("src/test/java/io/hawser/simulation/ExampleTest.java"));
        String example = source.substring(source.indexOf("    // begin\n") + 13, source.indexOf("    // end\n"));
        assertThat(Files.readString(Path.of("README.md")))
                .contains("```java\n" + example.stripTrailing().stripIndent() + "\n```\n");
    }
}
