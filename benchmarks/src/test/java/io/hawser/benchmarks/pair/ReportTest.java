package io.hawser.benchmarks.pair;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private final Results results = new Results();

    private void add(int round, String peer, String metric, double... values) {
        for (double value : values) {
            results.add(round, List.of(new Sample(peer, metric, "msg/s", value)));
        }
    }

    @Test
    void tellsTheMedianOfEachLaunchAndHowFarLaunchesGo() {
        add(1, "hawser", "thr.small.1", 900, 1_000, 5_000);
        add(2, "hawser", "thr.small.1", 20_000);
        add(3, "hawser", "thr.small.1", 3_000_000);
        add(1, "netty", "thr.small.1", 12.345);

        assertThat(new Report(results).values()).isEqualTo("""
                | | hawser | netty |
                |---|---|---|
                | small x1, msg/s | 20.0k (1000-3.00M) | 12.3 |
                """);
    }

    @Test
    void comparesLaunchesOfOneRoundOnly() {
        add(1, "otp", "thr.small.1", 100);
        add(2, "otp", "thr.small.1", 1_000);
        add(1, "hawser", "thr.small.1", 200);
        add(2, "hawser", "thr.small.1", 4_000);
        add(3, "hawser", "thr.small.1", 9_999_999);

        assertThat(new Report(results).ratios("otp")).contains("| small x1 | 3.00 (2.00-4.00) |");
    }

    @Test
    void comparesAnyNumberOfSendersWithTheOneOfTheFloor() {
        add(1, "netty", "thr.k1.1", 800);
        add(1, "hawser", "thr.k1.8", 400);

        assertThat(new Report(results).ratios("netty")).contains("| k1 x8 | 0.50 |");
    }

    @Test
    void showsTwoPeersAndTheirRatio() {
        add(1, "A", "rtt.p50", 50);
        add(1, "B", "rtt.p50", 40);

        assertThat(new Report(results).compared("A", "B")).contains("| rtt p50, msg/s | 50.0 | 40.0 | 0.80 |");
    }

    @Test
    void writesJson(@TempDir Path directory) throws Exception {
        add(1, "hawser", "rtt.p50", 41.5);
        Path file = directory.resolve("out.json");

        JsonFile.write(file, Map.of("system", "a \"quoted\" \\ one"), results);

        assertThat(Files.readString(file)).isEqualTo("""
                {
                  "system": "a \\"quoted\\" \\\\ one",
                  "launches": [
                    {"peer": "hawser", "round": 1, "metric": "rtt.p50", "unit": "msg/s", "value": 41.50}
                  ]
                }
                """);
    }

    @Test
    void readsTheLinesThatItWrites() {
        var sample = new Sample("otp-to-hawser", "thr.k64.8", "msg/s", 1234.5);

        assertThat(Sample.parse(sample.line())).contains(sample);
        assertThat(Sample.parse("READY")).isEmpty();
    }
}
