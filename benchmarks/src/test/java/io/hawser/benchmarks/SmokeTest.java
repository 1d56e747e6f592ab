package io.hawser.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Every benchmark runs for a moment; how fast it is is no matter of a test. */
class SmokeTest {
    @Test
    void everyBenchmarkRuns() throws Exception {
        var options = new OptionsBuilder()
                .include("io.hawser.benchmarks")
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(10))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();

        assertThat(new Runner(options).run()).hasSizeGreaterThanOrEqualTo(6);
    }

    @Test
    void codecsAreCompared() throws Exception {
        var once = new OptionsBuilder()
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(10))
                .build();
        var output = new ByteArrayOutputStream();
        try (var out = new PrintStream(output, true, StandardCharsets.UTF_8)) {
            CodecTable.run(out, once, List.of("hawser"), List.of("tick", "bignum"));
        }
        assertThat(output.toString(StandardCharsets.UTF_8))
                .contains("| tick | ", "| bignum | ")
                .hasLineCount(4);
    }

    @Test
    void smallMessagesAreMeasuredWhileALargeOneIsOnItsWay() throws Exception {
        var output = new ByteArrayOutputStream();
        try (var out = new PrintStream(output, true, StandardCharsets.UTF_8)) {
            LargeMessage.run(out, "--bytes", "3000000", "--senders", "2", "--rounds", "1", "--idle-seconds", "0");
        }
        assertThat(output.toString(StandardCharsets.UTF_8))
                .contains("phase=idle", "phase=to-peer", "phase=from-peer")
                .hasLineCount(3);
    }

    @Test
    void connectionsAreJudgedAgain() throws Exception {
        var output = new ByteArrayOutputStream();
        try (var out = new PrintStream(output, true, StandardCharsets.UTF_8)) {
            Rejudging.run(out, 40);
        }
        assertThat(output.toString(StandardCharsets.UTF_8)).startsWith("connections=40 closed=2 all-judged-ms=");
    }

    @Test
    void simulatedNodesBecomeOneCluster() {
        var output = new ByteArrayOutputStream();
        try (var out = new PrintStream(output, true, StandardCharsets.UTF_8)) {
            assertThat(SimulatedMesh.run(out, 20, 1)).isTrue();
        }
        assertThat(output.toString(StandardCharsets.UTF_8))
                .startsWith("nodes=20 ")
                .contains(" dialled=190 ");
    }

    @Test
    void realNodesBecomeOneCluster() throws Exception {
        var output = new ByteArrayOutputStream();
        try (var out = new PrintStream(output, true, StandardCharsets.UTF_8)) {
            RealMesh.run(out, 4, Duration.ZERO);
        }
        assertThat(output.toString(StandardCharsets.UTF_8)).startsWith("nodes=4 connections=6 formed-ms=");
    }

    @Test
    void mailboxesOfOneNodeAreMeasured() throws Exception {
        var output = new ByteArrayOutputStream();
        try (var out = new PrintStream(output, true, StandardCharsets.UTF_8)) {
            for (String kind : List.of("pair", "handler", "many")) {
                MailboxThroughput.run(out, kind, Duration.ofMillis(50), 100, 10);
            }
            MailboxMemory.run(out, 1000);
        }
        assertThat(output.toString(StandardCharsets.UTF_8))
                .contains(
                        "kind=pair million-per-second=",
                        "kind=handler million-per-second=",
                        "kind=many million-per-second=")
                .contains("mailboxes=1000 bytes-per-mailbox=");
    }
}
