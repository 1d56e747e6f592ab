package io.hawser.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.handshake.ConnectionArbiter;
import io.hawser.handshake.ConnectionArbiter.Verdict;
import io.hawser.handshake.DistFlag;
import io.hawser.handshake.Handshake;
import io.hawser.handshake.HandshakeContext;
import io.hawser.handshake.HandshakeException;
import io.hawser.handshake.HandshakeException.Reason;
import io.hawser.handshake.Handshakes;
import io.hawser.handshake.Peer;
import io.hawser.handshake.Step;
import io.hawser.term.NodeName;
import io.hawser.transport.ChannelBinding;
import io.hawser.transport.ChannelSecurity;
import io.hawser.transport.PeerIdentity;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every way to admit peers must do: both halves run against each other in memory, over a transport that agrees on the
 * first protocol that both speak.
 */
public abstract class HandshakesContractTest {
    private static final NodeName A = NodeName.parse("a@x.test");
    private static final NodeName B = NodeName.parse("b@x.test");
    private static final long CREATION_A = 0xA000_0001L;
    private static final long CREATION_B = 0xB000_0002L;

    private Optional<String> refusalByA = Optional.empty();
    private Optional<String> refusalByB = Optional.empty();
    private Verdict verdict = Verdict.OK;
    private boolean stillWanted = true;

    /** Makes handshakes that admit each other. */
    protected abstract Handshakes handshakes();

    /** Makes handshakes that neither admit those of {@link #handshakes()} nor are admitted by them. */
    protected abstract Handshakes strangers();

    /** Returns what {@link Peer#proof()} says of them. */
    protected abstract String proof();

    @ParameterizedTest
    @EnumSource(
            value = Verdict.class,
            names = {"OK", "OK_SIMULTANEOUS", "ALIVE"})
    void bothAdmitEachOther(Verdict answer) {
        verdict = answer;
        var duel = new Duel(handshakes(), handshakes());
        assertThat(duel.a.admitted).contains(new Peer(B, CREATION_B, DistFlag.RECOMMENDED_HIDDEN, proof()));
        assertThat(duel.b.admitted).contains(new Peer(A, CREATION_A, DistFlag.RECOMMENDED_HIDDEN, proof()));
        assertThat(duel.a.lastSent && duel.a.lastReceived).isTrue();
        assertThat(duel.b.lastSent && duel.b.lastReceived).isTrue();
    }

    @Test
    void twoNodesCanShareOne() {
        Handshakes shared = handshakes();
        var duel = new Duel(shared, shared);
        assertThat(duel.a.admitted).isPresent();
        assertThat(duel.b.admitted).isPresent();
    }

    @Test
    void aStrangerIsNotAdmitted() {
        new Duel(handshakes(), strangers()).assertRefused(Reason.COOKIE, Reason.COOKIE);
        new Duel(strangers(), handshakes()).assertRefused(Reason.COOKIE, Reason.COOKIE);
    }

    @Test
    void bothGiveUpWhenAnotherConnectionGoesOn() {
        verdict = Verdict.NOK;
        new Duel(handshakes(), handshakes()).assertRefused(Reason.SUPERSEDED, Reason.SUPERSEDED);
        verdict = Verdict.ALIVE;
        stillWanted = false;
        new Duel(handshakes(), handshakes()).assertRefused(Reason.SUPERSEDED, Reason.SUPERSEDED);
    }

    @Test
    void bothSayThatTheInitiatorIsNotAllowed() {
        verdict = Verdict.NOT_ALLOWED;
        new Duel(handshakes(), handshakes()).assertRefused(Reason.NOT_ALLOWED, Reason.NOT_ALLOWED);
    }

    @Test
    void aNameThatTheTransportRefusesIsNotAdmitted() {
        refusalByB = Optional.of("certificate names c@x.test");
        new Duel(handshakes(), handshakes()).assertRefused(Reason.NOT_ALLOWED, Reason.NAME_MISMATCH);
        refusalByA = Optional.of("certificate names c@x.test");
        var duel = new Duel(handshakes(), handshakes());
        duel.assertRefused(Reason.NAME_MISMATCH, Reason.PROTOCOL);
        assertThat(duel.a.packetsSent).isZero();
    }

    private HandshakeContext contextOfA(Optional<String> agreed) {
        return new HandshakeContext(
                A,
                CREATION_A,
                DistFlag.RECOMMENDED_VISIBLE,
                Optional.of(B),
                new FakePeer(refusalByA, binding(agreed, A, B)),
                arbiter());
    }

    private HandshakeContext contextOfB(Optional<String> agreed) {
        return new HandshakeContext(
                B,
                CREATION_B,
                DistFlag.RECOMMENDED_HIDDEN,
                Optional.empty(),
                new FakePeer(refusalByB, binding(agreed, B, A)),
                arbiter());
    }

    /** Names stand for the certificates that a transport that can agree on protocols shows. */
    private static Optional<ChannelBinding> binding(Optional<String> agreed, NodeName self, NodeName peer) {
        return agreed.map(protocol -> ChannelBinding.of(protocol, bytes(self.toString()), bytes(peer.toString())));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private ConnectionArbiter arbiter() {
        return new ConnectionArbiter() {
            @Override
            public Verdict onClaim(NodeName peer, long flags) {
                return verdict;
            }

            @Override
            public boolean isStillWanted() {
                return stillWanted;
            }
        };
    }

    /** Runs until nothing is under way; a side that refuses sends its farewell and closes. */
    private final class Duel {
        final Side a;
        final Side b;

        Duel(Handshakes ofA, Handshakes ofB) {
            Optional<String> agreed =
                    ofA.protocols().stream().filter(ofB.protocols()::contains).findFirst();
            a = new Side(ofA.initiator(contextOfA(agreed)));
            b = new Side(ofB.acceptor(contextOfB(agreed)));
            b.start(a);
            a.start(b);
            while (!a.inbox.isEmpty() || !b.inbox.isEmpty()) {
                a.readNext(b);
                b.readNext(a);
            }
        }

        void assertRefused(Reason byA, Reason byB) {
            assertThat(a.refusal)
                    .hasValueSatisfying(it -> assertThat(it.reason()).isEqualTo(byA));
            assertThat(b.refusal)
                    .hasValueSatisfying(it -> assertThat(it.reason()).isEqualTo(byB));
            assertThat(a.admitted).isEmpty();
            assertThat(b.admitted).isEmpty();
        }
    }

    private static final class Side {
        private static final ByteBuffer CLOSED = ByteBuffer.allocate(0); // no message is empty

        final Handshake handshake;
        final Queue<ByteBuffer> inbox = new ArrayDeque<>();
        Optional<Peer> admitted = Optional.empty();
        Optional<HandshakeException> refusal = Optional.empty();
        boolean lastSent;
        boolean lastReceived;
        int packetsSent;

        Side(Handshake handshake) {
            this.handshake = handshake;
        }

        void start(Side other) {
            try {
                take(handshake.start(), other);
            } catch (HandshakeException e) {
                refuse(e, other);
            }
        }

        void readNext(Side other) {
            ByteBuffer packet = inbox.poll();
            if (packet == null || refusal.isPresent()) {
                return;
            }
            if (packet.equals(CLOSED)) {
                refusal = Optional.of(handshake.onClosed());
                return;
            }
            assertThat(lastReceived).as("packet after the last one").isFalse();
            try {
                take(handshake.onPacket(packet), other);
            } catch (HandshakeException e) {
                refuse(e, other);
            }
        }

        private void take(Step step, Side other) {
            assertThat(lastSent && !step.send().isEmpty())
                    .as("sends after its last packet")
                    .isFalse();
            other.inbox.addAll(step.send());
            packetsSent += step.send().size();
            lastSent |= step.lastSent();
            lastReceived |= step.lastReceived();
            admitted = step.admitted();
        }

        private void refuse(HandshakeException e, Side other) {
            refusal = Optional.of(e);
            other.inbox.addAll(e.farewell());
            other.inbox.add(CLOSED);
        }
    }

    private record FakePeer(Optional<String> refused, Optional<ChannelBinding> binding) implements PeerIdentity {
        @Override
        public Optional<String> refusal(NodeName name) {
            return refused;
        }

        @Override
        public boolean isVerified() {
            return false;
        }

        @Override
        public Optional<ChannelSecurity> security() {
            return Optional.empty();
        }

        @Override
        public String description() {
            return "127.0.0.1:40000";
        }
    }
}
