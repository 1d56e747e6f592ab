package io.hawser.benchmarks;

import io.hawser.etf.TermEncoder;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The external term format, in both directions. {@link CodecTable} compares the codecs. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class CodecBenchmark {
    /** Which term. */
    @Param({"tick", "gencall", "ints1000", "tuples100", "map50", "bin64k", "deep", "bignum"})
    public String term = "tick";

    /** Whose codec: {@code hawser}, or {@code jinterface} where {@code bin/codec} has compiled it. */
    @Param("hawser")
    public String codec = "hawser";

    private Codec chosen = codec("hawser", SampleTerms.TICK);

    /** Makes the term and its encoding. */
    @Setup
    public void prepare() {
        chosen = codec(codec, SampleTerms.valueOf(term.toUpperCase(Locale.ROOT)));
    }

    /**
     * Encodes.
     *
     * @return the size in bytes
     */
    @Benchmark
    public int encode() {
        return chosen.encode();
    }

    /**
     * Decodes.
     *
     * @return the term
     */
    @Benchmark
    public Object decode() {
        return chosen.decode();
    }

    static Codec codec(String name, SampleTerms sample) {
        if (name.equals("hawser")) {
            return new HawserCodec(sample.term());
        }
        try {
            // not known to this build: its library is not in Maven's repositories
            return Class.forName("io.hawser.benchmarks.JinterfaceCodec")
                    .asSubclass(Codec.class)
                    .getDeclaredConstructor(byte[].class)
                    .newInstance((Object) TermEncoder.encode(sample.term()));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("codec " + name + ": not on the class path (expected: run bin/codec)", e);
        }
    }
}
