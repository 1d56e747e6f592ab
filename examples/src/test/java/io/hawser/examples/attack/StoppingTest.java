package io.hawser.examples.attack;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieHandshakes;
import io.hawser.examples.attack.Mint.Coin;
import io.hawser.term.NodeName;
import io.hawser.tls.TlsEngine;
import io.hawser.transport.AcceptLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Peers that stop, or go on byte by byte, anywhere between the first byte and the last of the handshake: each holds one
 * socket until the deadline that began when it was accepted, while honest nodes come in.
 */
@ParameterizedClass
@EnumSource(names = {"BORINGSSL", "JDK"})
class StoppingTest {
    private static final Duration DEADLINE = Duration.ofMillis(1500);
    private static final NodeName A = NodeName.parse("a@a.orga.test");
    private static final String C = "c@c.orga.test";
    private static final Mint MINT = Mint.root("Orga Root");
    private static final Coin OF_C = MINT.honest(C);

    @TempDir
    private static Path directory;

    private final TlsEngine engine;

    StoppingTest(TlsEngine engine) {
        this.engine = engine;
    }

    /** A victim that does not wait long. */
    private Victim victim() {
        return Victim.start(
                A,
                MINT.identity(directory, A.toString()),
                engine,
                CookieHandshakes.auto(Cookie.of(Victim.COOKIE)),
                config -> config.acceptLimits(new AcceptLimits(DEADLINE, 64, 64)));
    }

    /** What the JDK's client says first. */
    private static byte[] clientHello() throws IOException {
        try (var recorder = new HelloRecorder()) {
            return recorder.record(OF_C);
        }
    }

    @Test
    void whoStopsAnywhereHoldsOneSocketUntilTheDeadlineWhileOthersComeIn() throws Exception {
        byte[] hello = clientHello();
        var stuck = new ArrayList<Socket>();
        try (var a = victim();
                var honest = Victim.start(MINT.identity(directory, "b@b.orga.test"), engine)) {
            honest.believes(A, a.address());
            stuck.add(silent(a, new byte[0]));
            stuck.add(silent(a, new byte[] {hello[0]}));
            stuck.add(silent(a, Arrays.copyOf(hello, 5)));
            stuck.add(silent(a, Arrays.copyOf(hello, hello.length / 2)));
            stuck.add(silent(a, Arrays.copyOf(hello, hello.length - 1)));
            stuck.add(silent(a, hello));
            for (List<byte[]> said : List.of(
                    List.<byte[]>of(),
                    List.of(new byte[] {0}),
                    List.of(new byte[] {0, 0, 0, 28}),
                    List.of(new byte[] {0, 0, 0, 28}, "N".getBytes(US_ASCII)),
                    List.of(framed(Packets.sendName(C))),
                    List.of(framed(Packets.sendName(C)), new byte[] {0, 0, 0, 21, 'r'}))) {
                Impostor impostor = Impostor.dial(a.address(), OF_C);
                for (byte[] bytes : said) {
                    impostor.socket().getOutputStream().write(bytes);
                }
                stuck.add(impostor.socket());
            }
            assertThat(honest.node().ping(A, Victim.SOON)).isTrue();
            for (Socket socket : stuck) {
                socket.setSoTimeout((int) Victim.SOON.toMillis());
                assertThat(endOf(socket)).isTrue();
                assertThat(a.ending()).contains("within 1500 ms");
            }
            assertThat(honest.node().ping(A, Victim.SOON)).isTrue();
            assertThat(a.node().connections()).hasSize(1);
        } finally {
            for (Socket socket : stuck) {
                socket.close();
            }
        }
    }

    @Test
    void aByteNowAndThenBuysNoTime() throws Exception {
        byte[] hello = clientHello();
        try (var a = victim();
                var slow = silent(a, new byte[0]);
                var impostor = Impostor.dial(a.address(), OF_C)) {
            byte[] name = framed(Packets.sendName(C));
            Thread drip = new Thread(() -> {
                try {
                    OutputStream tls = slow.getOutputStream();
                    OutputStream packets = impostor.socket().getOutputStream();
                    for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
                        tls.write(hello[i]);
                        packets.write(name[i % name.length]);
                        LockSupport.parkNanos(DEADLINE.toNanos() / 20);
                    }
                } catch (IOException e) {
                    return; // closed, as it should be
                }
            });
            drip.start();
            try {
                assertThat(endOf(slow)).isTrue();
                assertThat(a.ending()).contains("within 1500 ms");
                assertThat(a.ending()).contains("within 1500 ms");
            } finally {
                drip.interrupt();
                drip.join();
            }
        }
    }

    private static Socket silent(Victim a, byte[] first) throws IOException {
        var socket = new Socket(a.address().getAddress(), a.address().getPort());
        socket.getOutputStream().write(first);
        socket.setSoTimeout((int) Victim.SOON.toMillis());
        return socket;
    }

    private static byte[] framed(byte[] packet) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, 0, 0, (byte) packet.length});
        out.writeBytes(packet);
        return out.toByteArray();
    }

    /** Reads to the end, which may come as a reset; a victim that keeps the socket makes this fail by its time-out. */
    private static boolean endOf(Socket socket) throws IOException {
        try {
            socket.getInputStream().readAllBytes();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
