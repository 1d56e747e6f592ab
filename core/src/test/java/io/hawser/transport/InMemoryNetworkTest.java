package io.hawser.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.term.NodeName;
import io.hawser.testing.ManualScheduler;
import io.hawser.testing.RecordingHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The network in memory, stepped by hand: its faults, and its time. */
class InMemoryNetworkTest {
    private static final NodeName B = NodeName.parse("b@host");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualScheduler time = new ManualScheduler();
    private final InMemoryNetwork network = InMemoryNetwork.on(time);
    private final RecordingHandler dialler = new RecordingHandler();
    private final RecordingHandler acceptor = new RecordingHandler();

    private Connection connect() {
        Transport.Listener listener = network.transport()
                .listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        AcceptLimits.DEFAULT,
                        () -> acceptor);
        network.transport().connect(B, listener.address(), Duration.ofSeconds(7), dialler);
        time.runReady();
        return dialler.connection();
    }

    private void send(Connection connection, String text) {
        connection.execute(() -> connection.sendHandshake(ByteBuffer.wrap(text.getBytes(US_ASCII))));
        time.runReady();
    }

    private InMemoryLink link() {
        return network.links().get(0);
    }

    @Test
    void agreesOnTheFirstProtocolOfTheDiallerThatBothSpeak() {
        InMemoryTransport listening = network.transport();
        InMemoryTransport dialling = network.transport();
        assertThat(listening.offerProtocols(List.of("x", "y", "z"))).isTrue();
        dialling.offerProtocols(List.of("w", "z", "y"));
        Transport.Listener listener = listening.listen(new InetSocketAddress(0), AcceptLimits.DEFAULT, () -> acceptor);
        dialling.connect(B, listener.address(), SECOND, dialler);
        time.runReady();
        ChannelBinding ofDialler = dialler.connection().peer().binding().orElseThrow();
        ChannelBinding ofAcceptor = acceptor.connection().peer().binding().orElseThrow();
        assertThat(ofDialler).hasToString("ChannelBinding[z]").hasToString(ofAcceptor.toString());
        assertThat(ofDialler.ownCertificate()).hasSize(32).isEqualTo(ofAcceptor.peerCertificate());
        assertThat(ofDialler.peerCertificate())
                .isEqualTo(ofAcceptor.ownCertificate())
                .isNotEqualTo(ofDialler.ownCertificate());
    }

    @Test
    void agreesOnNothingWithAPeerThatSpeaksNoneOfOurProtocols() {
        network.transport().offerProtocols(List.of("x"));
        assertThat(connect().peer().binding()).isEmpty();
    }

    @Test
    void doesNothingUntilItIsStepped() {
        Transport.Listener listener =
                network.transport().listen(new InetSocketAddress(0), AcceptLimits.DEFAULT, () -> acceptor);
        network.transport().connect(B, listener.address(), SECOND, dialler);
        assertThat(dialler.wasOpened()).isFalse();
        time.runReady();
        assertThat(dialler.wasOpened()).isTrue();
        assertThat(acceptor.wasOpened()).isTrue();
        assertThat(link().dialled()).isEqualTo(B);
        assertThat(link().to()).isEqualTo(listener.address());
    }

    @Test
    void closesAtTheDeadlineInVirtualTime() {
        connect();
        time.advance(Duration.ofMillis(6999));
        assertThat(dialler.wasClosed()).isFalse();
        time.advance(Duration.ofMillis(1));
        assertThat(dialler.cause().orElseThrow()).hasMessageEndingWith(": not admitted within 7000 ms");
        assertThat(network.links()).isEmpty();
        assertThat(time.pending()).isZero();
    }

    @Test
    void delaysAndKeepsTheOrder() {
        Connection connection = connect();
        link().delay(SECOND);
        send(connection, "slow");
        link().delay(Duration.ZERO);
        send(connection, "fast");
        time.advance(Duration.ofMillis(999));
        assertThat(acceptor.waitingPackets()).isZero();
        time.advance(Duration.ofMillis(1));
        assertThat(new String(acceptor.packet(), US_ASCII)).isEqualTo("slow");
        assertThat(new String(acceptor.packet(), US_ASCII)).isEqualTo("fast");
    }

    @Test
    void stallsAndResumes() {
        Connection connection = connect();
        link().stall();
        send(connection, "held");
        time.advance(SECOND);
        assertThat(acceptor.waitingPackets()).isZero();
        link().resume();
        time.runReady();
        assertThat(acceptor.waitingPackets()).isEqualTo(1);
    }

    @Test
    void cutsBothEndsAndLosesWhatIsOnItsWay() {
        Connection connection = connect();
        link().delay(SECOND);
        send(connection, "lost");
        link().cut();
        time.advance(SECOND);
        assertThat(dialler.cause().orElseThrow()).hasMessageEndingWith(": connection reset by peer");
        assertThat(acceptor.cause().orElseThrow()).hasMessageEndingWith(": connection reset by peer");
        assertThat(acceptor.waitingPackets()).isZero();
        assertThat(network.links()).isEmpty();
    }

    @Test
    void showsTheIdentityThatATransportWasGiven() {
        PeerIdentity onlyC = new PeerIdentity() {
            @Override
            public Optional<String> refusal(NodeName name) {
                return name.alive().equals("c") ? Optional.empty() : Optional.of(name + ": I am c");
            }

            @Override
            public boolean isVerified() {
                return true;
            }

            @Override
            public Optional<ChannelSecurity> security() {
                return Optional.empty();
            }

            @Override
            public String description() {
                return "c";
            }
        };
        Function<InetSocketAddress, PeerIdentity> shown = address -> onlyC;
        Transport.Listener listener =
                network.transport(shown).listen(new InetSocketAddress(0), AcceptLimits.DEFAULT, () -> acceptor);
        network.transport().connect(B, listener.address(), SECOND, dialler);
        time.runReady();
        assertThat(dialler.cause().orElseThrow()).hasMessageEndingWith(": b@host: I am c");
        assertThat(dialler.wasOpened()).isFalse();

        var second = new RecordingHandler();
        network.transport().connect(NodeName.parse("c@host"), listener.address(), SECOND, second);
        time.runReady();
        assertThat(second.connection().peer().isVerified()).isTrue();
        assertThat(acceptor.connection().peer().isVerified()).isFalse();
    }
}
