package io.hawser.benchmarks;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Compares codecs, one row for each term, as a table in Markdown: nanoseconds with the 99.9 % error, how many times as long
 * the last codec takes as the first, and of the first what decoding allocates and what of that the term keeps. The codecs
 * take turns, term by term, so that they meet the same machine.
 */
public final class CodecTable {
    private static final long HELD_BYTES = 64L * 1024 * 1024;

    private final Options options;
    private final List<String> codecs;
    private final PrintStream out;

    private CodecTable(Options options, List<String> codecs, PrintStream out) {
        this.options = options;
        this.codecs = codecs;
        this.out = out;
    }

    /**
     * Measures.
     *
     * @param args the codecs and then, after {@code --}, the terms; all terms when there are none
     * @throws RunnerException if a benchmark fails
     */
    public static void main(String[] args) throws RunnerException {
        var options = new OptionsBuilder()
                .forks(1)
                .warmupIterations(3)
                .warmupTime(TimeValue.milliseconds(500))
                .measurementIterations(5)
                .measurementTime(TimeValue.milliseconds(500))
                .jvmArgs("-Xms1g", "-Xmx1g")
                .build();
        List<String> all = List.of(args);
        int end = all.contains("--") ? all.indexOf("--") : all.size();
        List<String> terms = all.subList(Math.min(end + 1, all.size()), all.size());
        run(System.out, options, all.subList(0, end), terms);
    }

    static void run(PrintStream out, Options options, List<String> codecs, List<String> terms) throws RunnerException {
        var table = new CodecTable(options, codecs, out);
        table.head();
        for (var sample : SampleTerms.values()) {
            String term = sample.name().toLowerCase(Locale.ROOT);
            if (terms.isEmpty() || terms.contains(term)) {
                table.row(sample, term);
            }
        }
    }

    private void head() {
        var cells = Stream.concat(
                        codecs.stream().flatMap(codec -> Stream.of(codec + " encode", "decode")),
                        Stream.of("times encode", "decode", "decode allocates", "keeps", "ratio"))
                .toList();
        line("term", cells);
        line("---", cells.stream().map(cell -> "---").toList());
    }

    private void row(SampleTerms sample, String term) throws RunnerException {
        var measured = new OptionsBuilder()
                .parent(options)
                .include(CodecBenchmark.class.getName())
                .param("term", term)
                .param("codec", codecs.toArray(String[]::new))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
        Collection<RunResult> results = new Runner(measured).run();
        String ours = codecs.get(0);
        String theirs = codecs.get(codecs.size() - 1);
        double allocated = allocated(results, ours);
        double kept = kept(CodecBenchmark.codec(ours, sample), allocated);
        line(
                term,
                Stream.concat(
                                codecs.stream()
                                        .flatMap(codec -> Stream.of(
                                                find(results, codec, "encode"), find(results, codec, "decode")))
                                        .map(CodecTable::time),
                                Stream.of(
                                        format("%.1f", times(results, ours, theirs, "encode")),
                                        format("%.1f", times(results, ours, theirs, "decode")),
                                        format("%.0f", allocated),
                                        format("%.0f", kept),
                                        format("%.2f", allocated / kept)))
                        .toList());
    }

    private static double times(Collection<RunResult> results, String ours, String theirs, String direction) {
        return nanos(find(results, theirs, direction)) / nanos(find(results, ours, direction));
    }

    private static double nanos(RunResult result) {
        return result.getPrimaryResult().getScore();
    }

    private static String time(RunResult result) {
        return format("%.1f ±%.1f", nanos(result), result.getPrimaryResult().getScoreError());
    }

    private static double allocated(Collection<RunResult> results, String codec) {
        var bytes = find(results, codec, "decode").getSecondaryResults().get("gc.alloc.rate.norm");
        if (bytes == null) {
            throw new IllegalStateException(codec + ": no result of the profiler (expected: bytes per term)");
        }
        return bytes.getScore();
    }

    private static RunResult find(Collection<RunResult> results, String codec, String direction) {
        return results.stream()
                .filter(each -> each.getParams().getParam("codec").equals(codec)
                        && each.getParams().getBenchmark().endsWith("." + direction))
                .findFirst()
                .orElseThrow();
    }

    /** Returns how many bytes the heap holds for a decoded term. */
    private static double kept(Codec codec, double allocated) {
        var terms = new Object[(int) (HELD_BYTES / Math.max(16, allocated))];
        long before = usedBytes();
        try {
            for (int i = 0; i < terms.length; i++) {
                terms[i] = codec.decode();
            }
            return (double) (usedBytes() - before) / terms.length;
        } finally {
            Reference.reachabilityFence(terms);
        }
    }

    private static long usedBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    private void line(String first, List<String> cells) {
        out.println("| " + first + " | " + String.join(" | ", cells) + " |");
    }
}
