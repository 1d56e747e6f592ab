package io.hawser.benchmarks;

import io.hawser.node.Mailbox;
import io.hawser.node.Message;
import io.hawser.node.Node;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What one message within a node costs the processor, with no other thread in the way. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class MailboxBenchmark {
    private final Node node = LocalNode.start();
    private final Mailbox mailbox = node.mailbox();
    private final Pid self = mailbox.self();
    private final Term tick = SampleTerms.TICK.term();

    /** Ends the node. */
    @TearDown
    public void close() {
        node.close();
    }

    /**
     * Sends a message and receives it.
     *
     * @return the message
     * @throws InterruptedException when interrupted
     */
    @Benchmark
    public Message sendAndReceive() throws InterruptedException {
        mailbox.send(self, tick);
        return mailbox.receive();
    }
}
