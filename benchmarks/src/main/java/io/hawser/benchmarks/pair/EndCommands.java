package io.hawser.benchmarks.pair;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** The commands that start the ends of pairs, over one carrier. Not thread-safe; used by one caller at a time. */
final class EndCommands {
    private final PairLab lab;
    private final String carrier;
    private final List<String> jvmOptions;
    private final ErlangEnd erlang;
    private final JinterfaceBuild jinterface;

    /** Takes {@code tcp} or {@code tls}, and what each JVM is started with. */
    EndCommands(PairLab lab, String carrier, List<String> jvmOptions, JinterfaceBuild jinterface) {
        this.lab = lab;
        this.carrier = carrier;
        this.jvmOptions = List.copyOf(jvmOptions);
        this.erlang = new ErlangEnd(lab, carrier);
        this.jinterface = jinterface;
    }

    /** Makes ready what the end needs. Throws if something is missing, and says what to install. */
    void prepare(End end) throws IOException, InterruptedException {
        switch (end) {
            case HAWSER, FLOOR -> {}
            case OTP -> erlang.prepare();
            case JINTERFACE -> jinterface.prepare(lab.directory().resolve("jinterface"));
        }
    }

    /** Returns what measures and what serves. */
    Launch.Pair pair(Contender contender, Plan plan) {
        Plan adapted = contender.adapt(plan);
        return new Launch.Pair() {
            @Override
            public ProcessBuilder server(String name) {
                return start(contender.server(), adapted, List.of("server", name, carrier));
            }

            @Override
            public ProcessBuilder client(String name, String label, String address) {
                return start(contender.client(), adapted, List.of("client", name, carrier, label, address));
            }
        };
    }

    private ProcessBuilder start(End end, Plan plan, List<String> words) {
        List<String> command = switch (end) {
            case HAWSER -> java(BenchNode.class.getName(), List.of(), words);
            case FLOOR -> java(FloorNode.class.getName(), List.of(), words);
            case JINTERFACE -> java(JinterfaceBuild.MAIN, jinterface.classPath(), words);
            case OTP -> erlang.command(words);
        };
        var builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        lab.toEnvironment(environment);
        plan.toEnvironment(environment);
        return builder;
    }

    private List<String> java(String main, List<Path> before, List<String> words) {
        List<String> classPath =
                new ArrayList<>(before.stream().map(Path::toString).toList());
        classPath.add(System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        Collections.addAll(command, "-cp", String.join(File.pathSeparator, classPath), main);
        command.addAll(words);
        return command;
    }
}
