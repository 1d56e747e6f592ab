package io.hawser.cookie;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.cookie.Fixture.FakeArbiter;
import io.hawser.handshake.ConnectionArbiter.Verdict;
import io.hawser.handshake.Handshake;
import io.hawser.handshake.HandshakeException;
import io.hawser.handshake.Step;
import io.hawser.testing.FuzzInputs;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A handshake in which the peer sends legal packets, forged ones, or legal ones that were changed, in any order: it goes on,
 * refuses with a sentence, or admits the peer that proved the cookie, and then takes no more. Input: one byte for the side
 * and the verdict on it, then packets, each one byte that chooses it and one for the length of what follows: nothing for a
 * legal packet as it is, else what it is overwritten with from the front.
 */
class HandshakeFuzzTest {
    private static final List<Verdict> VERDICTS = List.of(Verdict.values());

    private static final List<ByteBuffer> LEGAL = List.of(
            Fixture.sendName(),
            Fixture.oldSendName(),
            Fixture.complement(),
            Fixture.status("ok"),
            Fixture.status("ok_simultaneous"),
            Fixture.status("nok"),
            Fixture.status("not_allowed"),
            Fixture.status("alive"),
            Fixture.status("true"),
            Fixture.status("false"),
            Fixture.challenge(),
            Fixture.reply(),
            Fixture.ack());

    /** What Jazzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        new HandshakeFuzzTest().shakesHands(input);
    }

    @FuzzInputs
    void shakesHands(byte[] input) {
        ByteBuffer in = ByteBuffer.wrap(input);
        if (!in.hasRemaining()) {
            return;
        }
        int choice = in.get();
        var arbiter = new FakeArbiter();
        arbiter.verdict = VERDICTS.get((choice >> 1 & 7) % VERDICTS.size());
        arbiter.stillWanted = (choice & 0x10) == 0;
        boolean initiates = (choice & 1) == 0;
        Handshake handshake = initiates ? Fixture.initiator(arbiter) : Fixture.acceptor(arbiter);
        boolean proved = false;
        while (in.remaining() >= 2) {
            ByteBuffer packet = packet(in);
            proved |= isProof(packet, initiates);
            if (!goesOn(handshake, packet, proved)) {
                assertTakesNothingMore(handshake);
                return;
            }
        }
        assertThat(handshake.onClosed()).hasMessageMatching("[ -~]{1,600}");
    }

    private static ByteBuffer packet(ByteBuffer in) {
        int kind = in.get() & 0xF;
        int length = Math.min(in.get() & 0xFF, in.remaining());
        byte[] legal = kind >= LEGAL.size() ? new byte[0] : Fixture.bytes(LEGAL.get(kind));
        byte[] packet = new byte[Math.max(legal.length, length)];
        System.arraycopy(legal, 0, packet, 0, legal.length);
        in.get(packet, 0, length);
        return ByteBuffer.wrap(packet);
    }

    private static boolean isProof(ByteBuffer packet, boolean toInitiator) {
        byte[] bytes = Fixture.bytes(packet);
        byte[] digest = Digest.of(Fixture.COOKIE.bytes(), toInitiator ? Fixture.CHALLENGE_A : Fixture.CHALLENGE_B);
        int from = bytes.length - digest.length;
        return from >= 0 && ByteBuffer.wrap(bytes, from, digest.length).equals(ByteBuffer.wrap(digest));
    }

    /** Gives a packet; returns whether the handshake goes on. */
    private static boolean goesOn(Handshake handshake, ByteBuffer packet, boolean proved) {
        try {
            Step step = handshake.onPacket(packet);
            assertThat(step.admitted().isPresent()).isEqualTo(step.lastReceived());
            assertThat(step.admitted().isEmpty() || proved)
                    .as("admitted without a proof of the cookie")
                    .isTrue();
            return step.admitted().isEmpty();
        } catch (HandshakeException refused) {
            assertThat(refused).hasMessageMatching("[ -~]{1,600}");
            return false;
        }
    }

    private static void assertTakesNothingMore(Handshake handshake) {
        for (ByteBuffer legal : LEGAL) {
            Optional<Step> step = stepOf(handshake, legal.duplicate());
            assertThat(step).as("a packet after the end").isEmpty();
        }
    }

    private static Optional<Step> stepOf(Handshake handshake, ByteBuffer packet) {
        try {
            return Optional.of(handshake.onPacket(packet));
        } catch (HandshakeException refused) {
            return Optional.empty();
        }
    }
}
