package io.hawser.benchmarks;

import io.hawser.etf.ByteOutput;
import io.hawser.etf.DecodeLimits;
import io.hawser.etf.TermDecoder;
import io.hawser.etf.TermEncoder;
import io.hawser.term.Term;
import java.nio.ByteBuffer;
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

/** The external term format as a connection uses it: into a reused output, out of a heap buffer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class CodecBenchmark {
    /** Which term. */
    @Param({"TICK", "GENCALL", "K1"})
    public String sample = "TICK";

    private Term term = SampleTerms.TICK.term();
    private byte[] encoded = {};
    private final ByteOutput out = new ByteOutput(64 * 1024);

    /** Makes the term and its encoding. */
    @Setup
    public void prepare() {
        term = SampleTerms.valueOf(sample).term();
        encoded = TermEncoder.encode(term);
    }

    /**
     * Encodes.
     *
     * @return the size in bytes
     */
    @Benchmark
    public int encode() {
        out.truncate(0);
        TermEncoder.write(term, out);
        return out.size();
    }

    /**
     * Decodes.
     *
     * @return the term
     */
    @Benchmark
    public Term decode() {
        return new TermDecoder(ByteBuffer.wrap(encoded), DecodeLimits.CONNECTION).readVersionedTerm();
    }
}
