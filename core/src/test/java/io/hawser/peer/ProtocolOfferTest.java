package io.hawser.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hawser.epmd.DialPolicy;
import io.hawser.handshake.DistFlag;
import io.hawser.handshake.Handshake;
import io.hawser.handshake.HandshakeContext;
import io.hawser.handshake.Handshakes;
import io.hawser.term.NodeName;
import io.hawser.transport.AcceptLimits;
import io.hawser.transport.ConnectionHandler;
import io.hawser.transport.InMemoryTransport;
import io.hawser.transport.Surroundings;
import io.hawser.transport.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What a node tells its transport of its handshake. */
final class ProtocolOfferTest extends TwoNodes {
    private static final NodeName C = NodeName.parse("c@host");

    private final InMemoryTransport memory = network.transport();
    private final List<String> offered = new ArrayList<>();

    @Test
    void offersTheProtocolsOfItsHandshakeBeforeItListens() {
        try (Peers peers = peers(new Speaking(List.of("x", "y"), true), true)) {
            peers.start();
            assertThat(offered).containsExactly("x", "y", "listen");
        }
    }

    @Test
    void startsWithoutThemWhenTheyAreNotRequired() {
        try (Peers peers = peers(new Speaking(List.of("x"), false), false)) {
            peers.start();
            assertThat(offered).containsExactly("x", "listen");
        }
    }

    @Test
    void doesNotStartWhenTheTransportCannotAgreeOnWhatIsRequired() {
        try (Peers peers = peers(new Speaking(List.of("x"), true), false)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(peers::start)
                    .withMessage("handshake: requires one of [x], on which transport plain cannot agree with a peer"
                            + " (expected: a TLS transport, or a handshake that also admits peers by OTP's proof)");
        }
        assertThat(offered).containsExactly("x", "closed");
    }

    private Peers peers(Handshakes handshakes, boolean agrees) {
        return new Peers(
                new PeerSettings(
                        C,
                        DistFlag.RECOMMENDED_VISIBLE,
                        new Noting(agrees),
                        handshakes,
                        new TestNode.Directory(),
                        DialPolicy.DEFAULT,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        AcceptLimits.DEFAULT,
                        Duration.ofSeconds(60),
                        1 << 20,
                        1 << 20,
                        1L << 24,
                        1 << 20,
                        1 << 20,
                        1 << 21,
                        time,
                        Runnable::run,
                        Runnable::run,
                        Surroundings.system()),
                node(C.toString()).make());
    }

    private record Speaking(List<String> protocols, boolean requiresProtocol) implements Handshakes {
        @Override
        public Handshake initiator(HandshakeContext context) {
            throw new AssertionError("nobody is dialled");
        }

        @Override
        public Handshake acceptor(HandshakeContext context) {
            throw new AssertionError("nobody dials");
        }
    }

    private final class Noting implements Transport {
        private final boolean agrees;

        Noting(boolean agrees) {
            this.agrees = agrees;
        }

        @Override
        public String name() {
            return "plain";
        }

        @Override
        public boolean offerProtocols(List<String> protocols) {
            offered.addAll(protocols);
            return agrees;
        }

        @Override
        public Listener listen(InetSocketAddress address, AcceptLimits limits, Supplier<ConnectionHandler> handlers) {
            offered.add("listen");
            return memory.listen(address, limits, handlers);
        }

        @Override
        public void connect(NodeName peer, InetSocketAddress address, Duration deadline, ConnectionHandler handler) {
            memory.connect(peer, address, deadline, handler);
        }

        @Override
        public void close() {
            offered.add("closed");
            memory.close();
        }
    }
}
