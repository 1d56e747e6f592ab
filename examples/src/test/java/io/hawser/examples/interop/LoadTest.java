package io.hawser.examples.interop;

import static io.hawser.examples.interop.Pair.OTP;
import static io.hawser.examples.interop.Pair.SOON;
import static io.hawser.examples.interop.Pair.nextTerm;
import static io.hawser.examples.interop.Pair.term;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.node.GenServer;
import io.hawser.node.Mailbox;
import io.hawser.node.Message;
import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.Int;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import io.hawser.testing.Interop;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Many messages and large ones, between Hawser and OTP. */
@Interop
@ParameterizedClass
@EnumSource(names = {"TCP", "TLS_EXPORTED"})
class LoadTest {
    private static final int MESSAGES = 10_000;
    private static final int LARGE_BYTES = 20_000_000;
    private static final Term ECHO = Tuple.of(Atom.of("echo"), OTP.atom());

    @TempDir
    private static Path directory;

    @SuppressWarnings("NullAway.Init") // made before each invocation of the class
    private static Pair pair;

    LoadTest(Carrier carrier) {
        assertThat(pair.java.connections())
                .allSatisfy(up -> assertThat(up.security().isPresent()).isEqualTo(carrier != Carrier.TCP));
    }

    @BeforeParameterizedClassInvocation
    static void start(Carrier carrier) throws InterruptedException {
        pair = new Pair(carrier, directory);
        Pair.startServer(pair.otp);
        pair.java.connect(OTP, SOON);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        pair.close();
    }

    @Test
    void tenThousandMessagesArriveInOrderEachWayAtOnce() throws InterruptedException {
        try (Mailbox me = pair.java.register("me")) {
            pair.erl("""
                    register(counter, spawn(fun() ->
                        Count = fun Next(%1$d) -> {me, $J} ! counted; Next(N) ->
                            receive N -> {me, $J} ! N, Next(N + 1); Other -> {me, $J} ! {Other, instead_of, N} end end,
                        Count(0) end))""".formatted(MESSAGES));
            for (int i = 0; i < MESSAGES; i++) {
                me.send("counter", OTP, Int.of(i));
            }
            for (int i = 0; i < MESSAGES; i++) {
                assertThat(nextTerm(me)).isEqualTo(Int.of(i));
            }
            assertThat(nextTerm(me)).isEqualTo(Atom.of("counted"));
        }
    }

    @Test
    void callsAreAnsweredWhileLargeBinariesPassBothWays() throws InterruptedException {
        var bytes = new byte[LARGE_BYTES];
        new Random(20).nextBytes(bytes);
        Binary large = Binary.copyOf(bytes);
        try (Mailbox me = pair.java.register("me");
                Mailbox other = pair.java.mailbox()) {
            pair.erl("register(echo, spawn(fun() -> receive {From, Large} -> From ! Large, From ! Large end end))");
            var echoes = new LinkedBlockingQueue<Message>();
            me.onMessage(echoes::add); // unread, they would fill what one peer may have in mailboxes
            me.send(ECHO, Tuple.of(me.self(), large));
            Term server = Tuple.of(Atom.of("server"), OTP.atom());
            for (int i = 0; i < 50; i++) {
                assertThat(GenServer.call(other, server, term("{echo, small}"), SOON))
                        .hasToString("small");
            }
            for (int i = 0; i < 2; i++) {
                Message echo = echoes.poll(SOON.toSeconds(), TimeUnit.SECONDS);
                assertThat(echo != null && echo.toTerm().equals(large)).isTrue(); // an error of 20 MB helps nobody
            }
        }
    }
}
