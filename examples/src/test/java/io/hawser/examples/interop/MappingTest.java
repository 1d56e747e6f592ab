package io.hawser.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.examples.counters.Counters;
import io.hawser.node.Mailbox;
import io.hawser.node.MailboxExitException;
import io.hawser.testing.Interop;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An Erlang process talks with a process whose messages are records. */
@Interop
class MappingTest {
    @TempDir
    private Path directory;

    @Test
    void anErlangProcessGetsARecordForARecord() throws InterruptedException {
        try (var pair = new Pair(Carrier.TCP, directory)) {
            Mailbox counters = pair.java.register("counters");
            var server = new Thread(() -> serve(counters), "counters");
            server.start();
            pair.java.connect(Pair.OTP, Pair.SOON);
            String ask = "C = {counters, $J}, C ! {put, <<\"a\">>, 1}, C ! {put, <<\"a\">>, many}, C ! nonsense,"
                    + "C ! {get, <<\"a\">>, self()}, C ! {get, <<\"b\">>, self()},";
            String answer = "receive R -> R after 15000 -> nothing end";
            assertThat(pair.erl(ask + "{" + answer + ", " + answer.replace('R', 'S') + "}"))
                    .isEqualTo("{{value,<<\"a\">>,1},{value,<<\"b\">>,undefined}}");
            counters.close();
            server.join(Pair.SOON.toMillis());
            assertThat(server.isAlive()).isFalse();
        }
    }

    private static void serve(Mailbox counters) {
        try {
            Counters.serve(counters);
        } catch (MailboxExitException e) {
            // the test closed it
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
