package io.hawser.examples.rotation;

import static io.hawser.examples.rotation.Member.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.certs.cli.Main;
import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieRing;
import io.hawser.epmd.EpmdOptions;
import io.hawser.epmd.NodeResolver;
import io.hawser.term.NodeName;
import io.hawser.testing.Await;
import io.hawser.testing.EpmdProcess;
import io.hawser.testing.Interop;
import io.hawser.testing.OtpNode;
import io.hawser.tls.TlsEngine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The root is changed by nothing but command lines of certs-tool, while Java nodes and an Erlang node send each other numbers. */
@Interop
class CommandLineRotationTest {
    private static final String COOKIE = "the cookie of the rotation test";
    private static final NodeName OTP = NodeName.parse("otp@otp.orga.test");
    private static final String A = "a@a.orga.test";
    private static final String B = "b@b.orga.test";
    private static final String LATE = "late@late.orga.test";

    @TempDir
    private Path directory;

    private final EpmdProcess epmd = EpmdProcess.start();
    private final ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
    private final List<AutoCloseable> closing = new ArrayList<>(List.of(epmd));
    private final List<NumberStream> streams = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        pace.shutdownNow();
        for (int i = closing.size() - 1; i >= 0; i--) {
            closing.get(i).close();
        }
    }

    /** What a command printed, and its exit code. */
    private record Run(int exit, String text) {}

    private Run tool(String... words) {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("-d", directory.resolve("pki").toString()));
        var text = new StringWriter();
        var writer = new PrintWriter(text);
        int exit = Main.run(writer, writer, all.toArray(new String[0]));
        return new Run(exit, text.toString());
    }

    private String done(String... words) {
        Run run = tool(words);
        assertThat(run.exit()).as(run.text()).isZero();
        return run.text();
    }

    private Run next(String... further) {
        var words = new ArrayList<>(List.of("rotate", "next", "--epmd-port", Integer.toString(epmd.port())));
        for (String node : List.of(A, B, LATE, OTP.toString())) {
            words.addAll(List.of("--at", node + "=127.0.0.1"));
        }
        words.addAll(List.of(further));
        return tool(words.toArray(new String[0]));
    }

    private void reaches(String phase, String... further) {
        Run run = next(further);
        assertThat(run.exit()).as(run.text()).isZero();
        assertThat(run.text()).containsPattern("(?m)^now +" + phase + " ");
    }

    private Path files(String node) {
        return directory.resolve(NodeName.parse(node).alive());
    }

    /** Writes all exports anew; Java nodes see it by themselves, the Erlang node when its cache is cleared. */
    private void export(OtpNode otp) {
        done("export", "java", A, "--to", files(A).toString());
        done("export", "java", B, "--to", files(B).toString());
        done("export", "otp", OTP.toString(), "--to", files(OTP.toString()).toString());
        otp.eval("gen_server:call(ssl_pem_cache:name(dist), {unconditionally_clear_pem_cache, self()})");
    }

    private Member start(TlsEngine engine, String name) {
        NodeResolver resolver = NodeResolver.epmd(EpmdOptions.builder()
                .port(epmd.port())
                .embedded(false)
                .hosts(node -> InetAddress.getLoopbackAddress())
                .build());
        var member = new Member(name, files(name), engine, CookieRing.of(Cookie.of(COOKIE)), resolver);
        closing.add(member);
        return member;
    }

    private OtpNode startOtp() {
        OtpNode otp = OtpNode.named(OTP.toString())
                .cookie(COOKIE)
                .epmdPort(epmd.port())
                .hosts("a.orga.test", "b.orga.test", "late.orga.test", "otp.orga.test")
                .args("-connect_all", "false", "-proto_dist", "inet_tls")
                .args(
                        "-ssl_dist_optfile",
                        files(OTP.toString()).resolve("ssl_dist.conf").toString())
                .start();
        closing.add(otp);
        otp.eval("""
                net_kernel:monitor_nodes(true, [{node_type, all}]),
                Echo = fun Next(Seen) -> receive {From, N} ->
                    N = maps:get(From, Seen, 0), From ! N, Next(Seen#{From => N + 1}) end end,
                register(echo, spawn(fun() -> Echo(#{}) end))""");
        return otp;
    }

    private static String takeDowns(OtpNode otp) {
        return otp.eval("(fun Next() -> receive {nodedown, N, _} -> [N | Next()] after 0 -> [] end end)()");
    }

    private void flow(Member from, NodeName to) {
        streams.add(new NumberStream(from.node, to, pace));
    }

    private void allGoOn(OtpNode otp, Member... members) {
        NumberStream.awaitProgress(streams);
        assertThat(streams).flatExtracting(NumberStream::faults).isEmpty();
        for (Member member : members) {
            assertThat(member.faults()).isEmpty();
            assertThat(member.takeDowns()).isEmpty();
        }
        assertThat(takeDowns(otp)).isEqualTo("[]");
    }

    private static String issuer(Member by, NodeName peer) {
        return by.chainOf(peer).get(0).getIssuerX500Principal().getName();
    }

    /** Has two nodes connect anew at a moment when nothing is on the way between them; all others go on. */
    private void reconnect(Member from, NodeName peer, Runnable noticed) {
        List<NumberStream> between = streams.stream()
                .filter(stream -> stream.toString().equals("numbers from " + from.name() + " to " + peer))
                .toList();
        between.forEach(NumberStream::pause);
        assertThat(from.node.disconnect(peer)).isTrue();
        from.awaitDown(peer.toString());
        noticed.run();
        between.forEach(NumberStream::resume);
        NumberStream.awaitProgress(between);
        assertThat(issuer(from, peer)).contains("Issuing 2");
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void noPingIsLostWhileTheRootIsRotatedFromTheCommandLine(TlsEngine engine) {
        done("org", "init", "orga", "--domain", "orga.test", "--insecure-unencrypted-ca-keys");
        done("node", "issue", A, B, OTP.toString(), LATE);
        for (String node : List.of(A, B, LATE)) {
            done("export", "java", node, "--to", files(node).toString());
        }
        done("export", "otp", OTP.toString(), "--to", files(OTP.toString()).toString());
        OtpNode otp = startOtp();
        Member a = start(engine, A);
        Member b = start(engine, B);
        flow(a, OTP);
        flow(b, OTP);
        flow(a, b.name());
        flow(b, a.name());
        allGoOn(otp, a, b);

        done("rotate", "root");
        Run early = next();
        assertThat(early.exit()).as(early.text()).isEqualTo(5);
        assertThat(early.text())
                .contains("the phase distribute waits for 4 nodes")
                .contains("not found: the EPMD");
        export(otp);
        done("export", "java", LATE, "--to", files(LATE).toString());
        Run late = next("--wait", "20s", "--timeout", "5s");
        assertThat(late.exit()).isEqualTo(5);
        assertThat(late.text()).contains("the phase distribute waits for 1 node, first " + LATE);
        reaches("verify-trust", "--leave-out-dead-node", LATE);
        reaches("reissue");
        export(otp);
        reaches("verify-use", "--wait", "30s");
        allGoOn(otp, a, b);

        // what stands on the old root between Java and Erlang is made anew, at rest; Java nodes renew theirs in place
        for (Member member : List.of(a, b)) {
            reconnect(
                    member,
                    OTP,
                    () -> Await.until(
                            SOON,
                            "the Erlang node took note",
                            () -> takeDowns(otp).contains(member.name().toString())));
        }
        reaches("retire");
        export(otp);
        reaches("verify-gone", "--wait", "30s");
        assertThat(next().text()).contains("No rotation is under way; the last (root) ended at ");
        allGoOn(otp, a, b);

        // the node that was down trusts both roots, but nobody gave it a new certificate: it is out
        Member old = start(engine, LATE);
        for (NodeName node : List.of(OTP, a.name())) {
            assertThatThrownBy(() -> old.node.connect(node, SOON)).hasMessageContaining("refused our certificate");
        }
        allGoOn(otp, a, b);
        Await.until(
                SOON,
                "the Java nodes renewed their connection",
                () -> issuer(a, b.name()).contains("Issuing 2"));
    }
}
