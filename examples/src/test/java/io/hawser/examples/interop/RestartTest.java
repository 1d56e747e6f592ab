package io.hawser.examples.interop;

import static io.hawser.examples.interop.Pair.JAVA;
import static io.hawser.examples.interop.Pair.OTP;
import static io.hawser.examples.interop.Pair.SOON;
import static io.hawser.examples.interop.Pair.next;
import static io.hawser.examples.interop.Pair.nextTerm;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.node.Mailbox;
import io.hawser.node.MailboxOptions;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.term.Tuple;
import io.hawser.testing.Await;
import io.hawser.testing.Interop;
import io.hawser.testing.OtpNode;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A node that comes back under its name is another one: what belonged to the first is gone. */
@Interop
class RestartTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(names = {"TCP", "TLS_EXPORTED"})
    void thePidsOfAHawserNodeThatWasRestartedAreNoproc(Carrier carrier) throws InterruptedException {
        try (var pair = new Pair(carrier, directory)) {
            pair.erl("register(shell, self())");
            long creation = pair.java.creation();
            Mailbox first = pair.java.mailbox();
            first.send("shell", OTP, first.self());
            pair.erl("put(stale, receive P -> P end), monitor(process, get(stale)), get(stale) ! watched");
            assertThat(next(first)).isEqualTo("watched"); // behind the monitor
            pair.java.close();
            assertThat(pair.erl("receive {'DOWN', _, _, _, R} -> R after 15000 -> nothing end"))
                    .isIn("shutdown", "noconnection"); // as the mailbox's end overtakes the connection's, or not
            Node again = pair.network.java(JAVA.toString());
            assertThat(again.creation()).isNotEqualTo(creation);
            Mailbox second = again.mailbox();
            Mailbox me = again.register("me");
            assertThat(pair.erl("net_adm:ping($J)")).isEqualTo("pong");
            // the new node numbers its pids as the old one did: only the creation tells them apart
            pair.erl("get(stale) ! lost, {me, $J} ! behind_it");
            assertThat(next(me)).isEqualTo("behind_it");
            assertThat(second.receive(java.time.Duration.ZERO)).isEmpty();
            assertThat(pair.erl("""
                    monitor(process, get(stale)), process_flag(trap_exit, true), link(get(stale)),
                    {receive {'DOWN', _, _, _, D} -> D after 15000 -> nothing end,
                     receive {'EXIT', _, E} -> E after 15000 -> nothing end}""")).isEqualTo("{noproc,noproc}");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TCP", "TLS_EXPORTED"})
    void thePidsOfAnErlangNodeThatWasRestartedAreNoproc(Carrier carrier) throws InterruptedException {
        try (var pair = new Pair(carrier, directory)) {
            Mailbox me = pair.java.mailbox(MailboxOptions.DEFAULT.withName("me").withTrapExit(true));
            pair.erl("{me, $J} ! self()");
            Pid stale = (Pid) nextTerm(me);
            me.monitorNodes(true);
            me.link(stale);
            pair.otp.kill();
            assertThat(nextTerm(me)).isEqualTo(exit(stale, "noconnection"));
            assertThat(next(me)).isEqualTo("{nodedown,'" + OTP + "'}");
            Await.until(
                    SOON,
                    "EPMD forgot the name",
                    () -> pair.network.resolver().resolve(OTP, SOON).isEmpty());
            OtpNode again = pair.network.otp(OTP.toString());
            assertThat(again.eval(Pair.inErlang("net_adm:ping($J)"))).isEqualTo("pong");
            assertThat(next(me)).isEqualTo("{nodeup,'" + OTP + "'}");
            Reference ref = me.monitor(stale);
            assertThat(nextTerm(me))
                    .isEqualTo(Tuple.of(Atom.of("DOWN"), ref, Atom.of("process"), stale, Atom.of("noproc")));
            me.link(stale);
            assertThat(nextTerm(me)).isEqualTo(exit(stale, "noproc"));
        }
    }

    private static Tuple exit(Pid from, String reason) {
        return Tuple.of(Atom.of("EXIT"), from, Atom.of(reason));
    }
}
