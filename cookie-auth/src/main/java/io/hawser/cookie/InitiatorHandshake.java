package io.hawser.cookie;

import io.hawser.handshake.DistFlag;
import io.hawser.handshake.Handshake;
import io.hawser.handshake.HandshakeContext;
import io.hawser.handshake.HandshakeException;
import io.hawser.handshake.HandshakeException.Reason;
import io.hawser.handshake.Peer;
import io.hawser.handshake.Step;
import io.hawser.term.NodeName;
import io.hawser.term.Printable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The initiator's half of the handshake: send_name, status, challenge, challenge reply, challenge ack.
 *
 * <p>Confined to the connection's event loop.
 */
final class InitiatorHandshake implements Handshake {
    private enum State {
        NEW,
        AWAIT_STATUS,
        AWAIT_CHALLENGE,
        AWAIT_CHALLENGE_ACK,
        OVER
    }

    private final HandshakeContext context;
    private final NodeName dialled;
    private final ProofRules rules;
    private final Proof proof;
    private final Introduction self;

    private State state = State.NEW;
    private @Nullable Peer peer;

    InitiatorHandshake(HandshakeContext context, NodeName dialled, ProofRules rules, Proof proof) {
        this.context = context;
        this.dialled = dialled;
        this.rules = rules;
        this.proof = proof;
        this.self = new Introduction(context.self().toString(), context.creation(), context.flags());
    }

    @Override
    public Step start() {
        if (state != State.NEW) {
            throw new IllegalStateException(dialled + ": handshake started twice");
        }
        state = State.OVER; // unless what follows says otherwise
        if (dialled.equals(context.self())) {
            throw refuse(Reason.NAME_MISMATCH, "dialled by itself (expected: another node)");
        }
        Names.mismatch(context.self(), dialled).ifPresent(mismatch -> {
            throw refuse(Reason.NAME_MISMATCH, mismatch);
        });
        context.peer().refusal(dialled).ifPresent(refusal -> {
            throw refuse(Reason.NAME_MISMATCH, refusal);
        });
        rules.refusal(dialled, proof).ifPresent(refusal -> {
            throw refuse(Reason.NOT_ALLOWED, refusal);
        });
        state = State.AWAIT_STATUS;
        return Step.send(new SendName(false, self.flags(), self.creation(), self.name()).encode());
    }

    @Override
    public Step onPacket(ByteBuffer packet) {
        State was = state;
        state = State.OVER; // so that nothing can follow what is refused
        try {
            return switch (was) {
                case NEW -> throw new IllegalStateException(dialled + ": packet before the handshake was started");
                case AWAIT_STATUS -> onStatus(Status.decode(packet));
                case AWAIT_CHALLENGE -> onChallenge(proof.readChallenge(packet));
                case AWAIT_CHALLENGE_ACK -> onChallengeAck(packet);
                case OVER ->
                    throw refuse(
                            Reason.PROTOCOL,
                            "packet of " + packet.remaining() + " bytes after the handshake (expected: none)");
            };
        } finally {
            if (state == State.OVER) {
                proof.over();
            }
        }
    }

    private Step onStatus(Status status) {
        return switch (status.text()) {
            case Status.OK, Status.OK_SIMULTANEOUS -> {
                state = State.AWAIT_CHALLENGE;
                yield Step.WAIT;
            }
            case Status.ALIVE -> onAlive();
            case Status.NOK ->
                throw refuse(Reason.SUPERSEDED, "status nok (expected: ok): its own connection to us goes on");
            case Status.NOT_ALLOWED ->
                throw refuse(
                        Reason.NOT_ALLOWED, "status not_allowed (expected: ok): it does not allow " + context.self());
            default -> throw onUnknownStatus(status.text());
        };
    }

    private Step onAlive() {
        if (!context.arbiter().isStillWanted()) {
            throw refuse(
                    Reason.SUPERSEDED,
                    "status alive (expected: ok): the connection that is up goes on",
                    Status.encode(Status.FALSE));
        }
        state = State.AWAIT_CHALLENGE;
        return Step.send(Status.encode(Status.TRUE));
    }

    private HandshakeException onUnknownStatus(String text) {
        if (text.startsWith(Status.NAMED)) {
            return refuse(Reason.PROTOCOL, "status named: (expected: ok): we did not ask for a name");
        }
        return refuse(Reason.PROTOCOL, "status '" + Printable.of(text) + "' (expected: ok)");
    }

    private Step onChallenge(Introduction theirs) {
        if (!theirs.name().equals(dialled.toString())) {
            throw refuse(
                    Reason.NAME_MISMATCH,
                    "challenge of '" + Printable.of(theirs.name()) + "' (expected: the node that was dialled)");
        }
        long flags = DistFlag.expand(theirs.flags());
        Set<DistFlag> missing = DistFlag.setOf(DistFlag.MANDATORY & ~flags);
        if (!missing.isEmpty()) {
            throw refuse(Reason.FLAGS, "lacks " + missing + " (expected: every mandatory flag)");
        }
        CookieRing ring = rules.cookies(dialled)
                .orElseThrow(() -> refuse(Reason.COOKIE, "no cookie for this node (expected: one)"));
        ByteBuffer reply = proof.reply(self, theirs, ring);
        long agreed = DistFlag.expand(context.flags()) & flags;
        peer = new Peer(dialled, theirs.creation(), agreed, proof.name());
        state = State.AWAIT_CHALLENGE_ACK;
        return new Step(List.of(reply), true, false, Optional.empty());
    }

    private Step onChallengeAck(ByteBuffer packet) {
        proof.judge(packet);
        return new Step(List.of(), false, true, Optional.ofNullable(peer));
    }

    @Override
    public HandshakeException onClosed() {
        proof.over();
        return switch (state) {
            case NEW -> refuse(Reason.PROTOCOL, "closed before the handshake");
            case AWAIT_STATUS ->
                refuse(
                        Reason.PROTOCOL,
                        "closed after our name (expected: a status): it cannot read the name, expects TLS, is replacing"
                                + " an older connection to us, or is no node");
            case AWAIT_CHALLENGE ->
                refuse(
                        Reason.SUPERSEDED,
                        "closed after its status (expected: its challenge): another connection goes on, most likely");
            case AWAIT_CHALLENGE_ACK ->
                refuse(
                        Reason.COOKIE,
                        "closed after our challenge reply (expected: its ack): the cookies differ, most likely");
            case OVER -> refuse(Reason.PROTOCOL, "closed after the handshake");
        };
    }

    private HandshakeException refuse(Reason reason, String message, ByteBuffer... farewell) {
        return new HandshakeException(reason, dialled + ": " + message, farewell);
    }
}
