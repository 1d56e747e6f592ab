package io.hawser.benchmarks.pair;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * Measures Hawser, OTP, Jinterface and bare Netty in one run, launch by launch in turns, so that what else the machine does
 * falls on all alike.
 */
@Command(
        name = "side-by-side",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures Hawser beside OTP, Jinterface and bare Netty, each in two processes over loopback, launched in turns.",
            "Prints medians, from where to where the launches go, and each launch as a multiple of the otp and netty"
                    + " launch of its round."
        })
final class SideBySide implements Callable<Integer> {
    private final PrintStream out;
    private final PrintStream progress;

    @Mixin
    private final PlanOptions options = new PlanOptions();

    @Option(
            names = "--peers",
            split = ",",
            paramLabel = "PEER",
            converter = ContenderConverter.class,
            description = "Which: hawser, otp, jinterface, netty, hawser-to-otp, otp-to-hawser (all that run here).")
    private List<Contender> wanted = List.of();

    @Option(
            names = "--jinterface",
            paramLabel = "JAR",
            description = "OtpErlang.jar, if it is not where Debian has it.")
    private @Nullable Path jinterfaceJar;

    SideBySide(PrintStream out, PrintStream progress) {
        this.out = out;
        this.progress = progress;
    }

    /** Measures; ends with 0, 1 if a launch failed, 2 if it is asked for what there is not. */
    public static void main(String[] words) {
        System.exit(Commands.run(new SideBySide(System.out, System.err), words));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (var lab = new PairLab()) {
            var jinterface = new JinterfaceBuild(jinterfaceJar);
            var commands = new EndCommands(lab, options.carrier(), options.jvm(), jinterface);
            List<Contender> contenders = prepared(commands);
            Plan plan = options.plan(Arrays.asList(Caller.values()));
            Map<String, Launch.Pair> pairs = new LinkedHashMap<>();
            contenders.forEach(contender -> pairs.put(contender.label(), commands.pair(contender, plan)));
            var rounds = new Rounds(new Launch(lab.directory(), options.limit()), progress);
            Results results = rounds.run(options.rounds, pairs);
            print(results, conditions(contenders, jinterface));
            return rounds.failures() == 0 ? 0 : 1;
        }
    }

    /** Returns who can run; who cannot is left out, or an error if asked for by name. */
    private List<Contender> prepared(EndCommands commands) throws IOException, InterruptedException {
        List<Contender> contenders = new ArrayList<>();
        Map<End, String> missing = new LinkedHashMap<>();
        for (End end : End.values()) {
            try {
                commands.prepare(end);
            } catch (IOException e) {
                missing.put(end, String.valueOf(e.getMessage()));
            }
        }
        for (Contender contender : wanted.isEmpty() ? Arrays.asList(Contender.values()) : wanted) {
            var reason = contender.ends().stream().filter(missing::containsKey).findFirst();
            if (reason.isEmpty()) {
                contenders.add(contender);
            } else if (wanted.isEmpty()) {
                out.println("left out: " + contender.label() + ": " + missing.get(reason.get()));
            } else {
                throw new IOException(contender.label() + ": " + missing.get(reason.get()));
            }
        }
        return contenders;
    }

    private Map<String, String> conditions(List<Contender> contenders, JinterfaceBuild jinterface)
            throws IOException, InterruptedException {
        var conditions = new LinkedHashMap<String, String>();
        conditions.put("carrier", options.tcp ? "TCP" : "mutual TLS 1.3");
        conditions.put("rounds", Integer.toString(options.rounds));
        conditions.put("seconds", String.format(Locale.ROOT, "%s", options.seconds));
        conditions.put("jdk", System.getProperty("java.version"));
        if (contenders.stream().anyMatch(contender -> contender.ends().contains(End.OTP))) {
            conditions.put("otp", ErlangEnd.release());
        }
        if (contenders.contains(Contender.JINTERFACE)) {
            jinterface.jar().ifPresent(jar -> conditions.put("jinterface", jar));
        }
        conditions.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        conditions.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        return conditions;
    }

    private void print(Results results, Map<String, String> conditions) throws IOException {
        var report = new Report(results);
        List<String> told = new ArrayList<>();
        conditions.forEach((name, value) -> told.add(name + " " + value));
        out.println(String.join(", ", told));
        out.println("\nMedian (least-most) of the launches\n");
        out.print(report.values());
        for (Contender reference : List.of(Contender.OTP, Contender.NETTY)) {
            if (results.peers().contains(reference.label()) && results.peers().size() > 1) {
                out.println("\nMultiples of " + reference.label() + ", launch by launch of one round\n");
                out.print(report.ratios(reference.label()));
            }
        }
        if (options.json != null) {
            JsonFile.write(options.json, conditions, results);
        }
    }

    /** Reads a peer by its label. */
    static final class ContenderConverter implements ITypeConverter<Contender> {
        @Override
        public Contender convert(String label) {
            try {
                return Contender.named(label);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
