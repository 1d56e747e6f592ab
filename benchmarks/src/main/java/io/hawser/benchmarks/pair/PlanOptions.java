package io.hawser.benchmarks.pair;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that all commands share that launch pairs. */
final class PlanOptions {
    @Option(names = "--rounds", paramLabel = "N", description = "How often each peer is launched (${DEFAULT-VALUE}).")
    int rounds = 3;

    @Option(names = "--seconds", paramLabel = "S", description = "How long one burst lasts (${DEFAULT-VALUE}).")
    double seconds = 1;

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            description = "How often a launch repeats each; its median counts (${DEFAULT-VALUE}).")
    int repetitions = 1;

    @Option(
            names = "--kinds",
            split = ",",
            paramLabel = "KIND",
            converter = KindConverter.class,
            description = "What is sent: small, b27, k1, k64, m1, m64 (small,k1,k64,m1).")
    List<Kind> kinds = List.of(Kind.SMALL, Kind.K1, Kind.K64, Kind.M1);

    @Option(names = "--large", description = "Sends messages of 64 MiB as well.")
    boolean large;

    @Option(names = "--senders", split = ",", paramLabel = "N", description = "By how many at once (1,8).")
    List<Integer> senders = List.of(1, 8);

    @Option(
            names = "--connects",
            paramLabel = "N",
            description = "How many connections are timed, 0 for none (${DEFAULT-VALUE}).")
    int connects = 50;

    @Option(
            names = "--connects-before",
            paramLabel = "N",
            description = "How many are made before, so that the JVM is warm (${DEFAULT-VALUE}).")
    int connectsBefore = 300;

    @Option(names = "--tcp", description = "Over TCP; over mutual TLS otherwise.")
    boolean tcp;

    @Option(names = "--jvm-options", paramLabel = "OPTIONS", description = "For each JVM (${DEFAULT-VALUE}).")
    String jvmOptions = "-Xms512m -Xmx2g -XX:+UseG1GC";

    @Option(names = "--json", paramLabel = "FILE", description = "Writes all values to a file, too.")
    @Nullable
    Path json;

    Plan plan(List<Caller> callers) {
        List<Kind> all = new ArrayList<>(kinds);
        if (large && !all.contains(Kind.M64)) {
            all.add(Kind.M64);
        }
        return new Plan(seconds, repetitions, all, senders, callers, connects, connectsBefore);
    }

    String carrier() {
        return tcp ? "tcp" : "tls";
    }

    List<String> jvm() {
        return jvmOptions.isBlank() ? List.of() : List.of(jvmOptions.strip().split("\\s+", -1));
    }

    /** Returns how long a launch may take, generously: what takes that long has stopped. */
    Duration limit() {
        double bursts = seconds * repetitions * 5 * (2 + (kinds.size() + 1) * senders.size() + 4);
        double connections = 0.1 * (connects + connectsBefore);
        return Duration.ofSeconds(120 + (long) (bursts + connections));
    }

    /** Reads a kind by its label. */
    static final class KindConverter implements ITypeConverter<Kind> {
        @Override
        public Kind convert(String label) {
            try {
                return Kind.named(label);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
