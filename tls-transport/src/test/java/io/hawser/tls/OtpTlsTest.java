package io.hawser.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.term.NodeName;
import io.hawser.testing.ErlShell;
import io.hawser.testing.Interop;
import io.hawser.testing.RecordingHandler;
import io.hawser.tls.TestCa.LeafSpec;
import io.hawser.transport.AcceptLimits;
import io.hawser.transport.Connection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OTP's ssl application at the other end, with both engines, in both roles. */
@Interop
class OtpTlsTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final TestCa ROOT = TestCa.root("Orga Root");
    private static final NodeName OTP = NodeName.parse("otp@otp.orga.test");

    @TempDir
    private static Path directory;

    private static ErlShell erl;
    private static String files;

    @BeforeAll
    static void start() {
        TestCa.write(directory, ROOT.issue(LeafSpec.node("otp@otp.orga.test")), ROOT, Optional.empty());
        files = "{certfile, \"%1$s/cert.pem\"}, {keyfile, \"%1$s/key.pem\"}, {cacertfile, \"%1$s/trust.pem\"}"
                .formatted(directory);
        erl = ErlShell.start();
        erl.eval("{ok, _} = application:ensure_all_started(ssl)");
    }

    @AfterAll
    static void stop() {
        erl.close();
    }

    private static TlsTransport transport(TlsEngine engine) {
        TlsIdentity identity = TestCa.identity(
                NameBinding.FULL, ROOT.issue(LeafSpec.node("java@java.orga.test")), List.of(ROOT), List.of());
        return TlsTransport.builder(identity).engine(engine).allowTls12().build();
    }

    private static RecordingHandler echo() {
        return new RecordingHandler()
                .atPacket((connection, packet) -> connection.sendHandshake(ByteBuffer.wrap(packet)));
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL, tlsv1.3", "BORINGSSL, tlsv1.2", "JDK, tlsv1.3", "JDK, tlsv1.2"})
    void takesAnOtpClient(TlsEngine engine, String version) {
        RecordingHandler acceptor = echo();
        try (TlsTransport transport = transport(engine)) {
            var listener = transport.listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    new AcceptLimits(LONG, 10, 10),
                    () -> acceptor);
            String answer = erl.eval("""
                    {ok, S} = ssl:connect({127,0,0,1}, %d, [binary, {active, false}, {packet, 4}, %s,
                        {versions, ['%s']}, {verify, verify_peer}, {server_name_indication, "java.orga.test"}], 15000),
                    ok = ssl:send(S, <<"from otp">>),
                    {ok, Echo} = ssl:recv(S, 0, 15000),
                    ok = ssl:close(S),
                    Echo""".formatted(listener.address().getPort(), files, version));
            assertThat(answer).isEqualTo("<<\"from otp\">>");
            Connection connection = acceptor.connection();
            assertThat(connection.peer().refusal(OTP)).isEmpty();
            assertThat(connection.peer().security().orElseThrow().protocol())
                    .isEqualToIgnoringCase(version.replace("tls", "TLS"));
            assertThat(acceptor.cause()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL, tlsv1.3", "BORINGSSL, tlsv1.2", "JDK, tlsv1.3", "JDK, tlsv1.2"})
    void dialsAnOtpServer(TlsEngine engine, String version) {
        int port = Integer.parseInt(erl.eval(listen(files, version) + ", Port"));
        RecordingHandler dialler = new RecordingHandler()
                .atOpen(connection -> connection.sendHandshake(ByteBuffer.wrap("from java".getBytes(US_ASCII))));
        try (TlsTransport transport = transport(engine)) {
            transport.connect(OTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), LONG, dialler);
            assertThat(new String(dialler.packet(), US_ASCII)).isEqualTo("from java");
            assertThat(dialler.connection().peer().isVerified()).isTrue();
            assertThat(dialler.cause()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL", "JDK"})
    void saysThatOtpRefusedOurCertificate(TlsEngine engine) {
        TestCa.Leaf foreign = TestCa.root("Evil Root").issue(LeafSpec.node("java@java.orga.test"));
        TlsIdentity identity = TestCa.identity(NameBinding.FULL, foreign, List.of(ROOT), List.of());
        int port = Integer.parseInt(erl.eval(listen(files, "tlsv1.3") + ", Port"));
        var dialler = new RecordingHandler();
        try (TlsTransport transport =
                TlsTransport.builder(identity).engine(engine).build()) {
            transport.connect(OTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), LONG, dialler);
            assertThat(dialler.cause().orElseThrow())
                    .hasMessage("127.0.0.1:" + port + ": peer refused our certificate: alert unknown_ca");
        }
    }

    /** A server in a process of its own that echoes one packet, then closes. */
    private static String listen(String files, String version) {
        return """
                Me = self(),
                spawn(fun() ->
                    {ok, L} = ssl:listen(0, [binary, {ip, {127,0,0,1}}, {active, false}, {packet, 4}, %s,
                        {versions, ['%s']}, {verify, verify_peer}, {fail_if_no_peer_cert, true}]),
                    {ok, {_, P}} = ssl:sockname(L),
                    Me ! {port, P},
                    {ok, T} = ssl:transport_accept(L, 20000),
                    case ssl:handshake(T, 15000) of
                        {ok, S} ->
                            {ok, Packet} = ssl:recv(S, 0, 15000),
                            ok = ssl:send(S, Packet),
                            ssl:close(S);
                        Refused ->
                            Refused
                    end
                end),
                Port = receive {port, P} -> P after 15000 -> timeout end""".formatted(files, version);
    }
}
