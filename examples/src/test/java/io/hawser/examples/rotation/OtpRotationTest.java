package io.hawser.examples.rotation;

import static io.hawser.examples.rotation.Member.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieRing;
import io.hawser.epmd.EpmdOptions;
import io.hawser.epmd.NodeResolver;
import io.hawser.examples.rotation.ChangingRoot.Root;
import io.hawser.term.NodeName;
import io.hawser.testing.Await;
import io.hawser.testing.EpmdProcess;
import io.hawser.testing.Interop;
import io.hawser.testing.OtpNode;
import io.hawser.tls.TlsEngine;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same with an Erlang node, which takes its files at its next handshake once its cache of them is cleared. */
@Interop
class OtpRotationTest {
    private static final Root[] BOTH = {Root.OLD, Root.NEW};
    private static final String COOKIE = "the cookie of the rotation test";
    private static final NodeName OTP = NodeName.parse("otp@otp.orga.test");
    private static final List<String> NODES =
            List.of("otp@otp.orga.test", "a@a.orga.test", "b@b.orga.test", "c@c.orga.test", "late@late.orga.test");

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

    private Member start(ChangingRoot organisation, TlsEngine engine, String name, Root by, Root... trusted) {
        organisation.write(name, by, trusted);
        NodeResolver resolver = NodeResolver.epmd(EpmdOptions.builder()
                .port(epmd.port())
                .embedded(false)
                .hosts(node -> InetAddress.getLoopbackAddress())
                .build());
        var member = new Member(name, organisation.files(name), engine, CookieRing.of(Cookie.of(COOKIE)), resolver);
        closing.add(member);
        return member;
    }

    private NumberStream flow(Member from) {
        var stream = new NumberStream(from.node, OTP, pace);
        streams.add(stream);
        NumberStream.awaitProgress(List.of(stream));
        return stream;
    }

    private OtpNode startOtp(Path files) throws IOException {
        String both = """
                {certfile, "%1$s/cert.pem"}, {keyfile, "%1$s/key.pem"}, {cacertfile, "%1$s/trust.pem"},
                {versions, ['tlsv1.3']}, {verify, verify_peer}""".formatted(files);
        Path options = Files.writeString(
                directory.resolve("ssl_dist.conf"),
                "[{server, [%1$s, {fail_if_no_peer_cert, true}]}, {client, [%1$s]}].%n".formatted(both));
        OtpNode otp = OtpNode.named(OTP.toString())
                .cookie(COOKIE)
                .epmdPort(epmd.port())
                .hosts(NODES.stream()
                        .map(node -> node.substring(node.indexOf('@') + 1))
                        .toArray(String[]::new))
                .args("-connect_all", "false", "-proto_dist", "inet_tls", "-ssl_dist_optfile", options.toString())
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

    private static void change(ChangingRoot organisation, OtpNode otp, Root by, Root... trusted) {
        organisation.write(OTP.toString(), by, trusted);
        otp.eval("gen_server:call(ssl_pem_cache:name(dist), {unconditionally_clear_pem_cache, self()})");
    }

    private static void change(ChangingRoot organisation, List<Member> members, Root by, Root... trusted) {
        for (Member member : members) {
            organisation.write(member.name().toString(), by, trusted);
            member.credentials.reload();
        }
    }

    private void allGoOn(OtpNode otp, Member... members) {
        NumberStream.awaitProgress(streams);
        assertThat(streams).flatExtracting(NumberStream::faults).isEmpty();
        assertThat(List.of(members)).flatExtracting(Member::takeDowns).isEmpty();
        assertThat(takeDowns(otp)).isEqualTo("[]");
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void nothingIsLostWhileCertificatesAndTheRootAreChanged(TlsEngine engine) throws Exception {
        var organisation = new ChangingRoot(directory, NODES);
        organisation.write(OTP.toString(), Root.OLD, Root.OLD);
        OtpNode otp = startOtp(organisation.files(OTP.toString()));
        Member a = start(organisation, engine, NODES.get(1), Root.OLD, Root.OLD);
        NumberStream ofA = flow(a);

        organisation.renew(Root.OLD, OTP.toString()); // certificates
        change(organisation, otp, Root.OLD, Root.OLD);
        organisation.renew(Root.OLD, a.name().toString());
        change(organisation, List.of(a), Root.OLD, Root.OLD);
        Member b = start(organisation, engine, NODES.get(2), Root.OLD, Root.OLD);
        NumberStream ofB = flow(b);
        assertThat(b.chainOf(OTP)).isNotEqualTo(a.chainOf(OTP));
        allGoOn(otp, a, b);

        change(organisation, otp, Root.OLD, BOTH); // all trust both roots, then show the new one
        change(organisation, List.of(a, b), Root.OLD, BOTH);
        change(organisation, otp, Root.NEW, BOTH);
        change(organisation, List.of(a, b), Root.NEW, BOTH);
        Member c = start(organisation, engine, NODES.get(3), Root.NEW, BOTH);
        flow(c);
        assertThat(c.standsOn(Root.NEW, OTP)).isTrue();
        allGoOn(otp, a, b, c);

        reconnect(otp, a, ofA); // what stands on the old one is made anew
        reconnect(otp, b, ofB);
        change(organisation, otp, Root.NEW, Root.NEW); // the old one goes
        change(organisation, List.of(a, b, c), Root.NEW, Root.NEW);
        Member late = start(organisation, engine, NODES.get(4), Root.OLD, BOTH);
        assertThatThrownBy(() -> late.node.connect(OTP, SOON)).hasMessageContaining("refused our certificate");
        allGoOn(otp, a, b, c);
    }

    private static void reconnect(OtpNode otp, Member member, NumberStream stream) {
        assertThat(member.standsOn(Root.OLD, OTP)).isTrue();
        stream.pause();
        assertThat(member.node.disconnect(OTP)).isTrue();
        Await.until(
                SOON,
                "the Erlang node took note",
                () -> takeDowns(otp).contains(member.name().toString()));
        member.awaitDown(OTP.toString());
        stream.resume();
        NumberStream.awaitProgress(List.of(stream));
        assertThat(member.standsOn(Root.NEW, OTP)).isTrue();
    }
}
