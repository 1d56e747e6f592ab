package io.hawser.cookie;

import io.hawser.handshake.ConnectionArbiter;
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
 * The acceptor's half of the handshake: send_name, status, challenge, complement after an old send_name, challenge
 * reply, challenge ack.
 *
 * <p>Confined to the connection's event loop.
 */
final class AcceptorHandshake implements Handshake {
    private enum State {
        NEW,
        AWAIT_SEND_NAME,
        AWAIT_ALIVE_ANSWER,
        AWAIT_COMPLEMENT,
        AWAIT_CHALLENGE_REPLY,
        OVER
    }

    /** What the peer has said of itself, checked as far as it goes. */
    private record Claim(boolean old, NodeName name, Introduction said, CookieRing ring) {
        long flags() {
            return DistFlag.expand(said.flags());
        }

        Claim with(Complement complement) {
            long flags = said.flags() | complement.flagsHigh() << 32;
            return new Claim(old, name, new Introduction(said.name(), complement.creation(), flags), ring);
        }
    }

    private static final long LOW_32_BITS = 0xFFFF_FFFFL;

    private final HandshakeContext context;
    private final ProofRules rules;
    private final Proof proof;
    private final Introduction self;

    private State state = State.NEW;
    private @Nullable Claim claim;

    AcceptorHandshake(HandshakeContext context, ProofRules rules, Proof proof) {
        this.context = context;
        this.rules = rules;
        this.proof = proof;
        this.self = new Introduction(context.self().toString(), context.creation(), context.flags());
    }

    @Override
    public Step start() {
        if (state != State.NEW) {
            throw new IllegalStateException(where() + ": handshake started twice");
        }
        state = State.AWAIT_SEND_NAME;
        return Step.WAIT;
    }

    @Override
    public Step onPacket(ByteBuffer packet) {
        State was = state;
        state = State.OVER; // so that nothing can follow what is refused
        try {
            return switch (was) {
                case NEW -> throw new IllegalStateException(where() + ": packet before the handshake was started");
                case AWAIT_SEND_NAME -> onSendName(SendName.decode(packet));
                case AWAIT_ALIVE_ANSWER -> onAliveAnswer(claimed(), Status.decode(packet));
                case AWAIT_COMPLEMENT -> onComplement(claimed(), Complement.decode(packet));
                case AWAIT_CHALLENGE_REPLY -> onChallengeReply(claimed(), packet);
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

    private Step onSendName(SendName message) {
        long flags = DistFlag.expand(message.flags());
        if (DistFlag.DFLAG_NAME_ME.in(flags)) {
            throw notAllowed(Reason.NAME_MISMATCH, "asks for a name (expected: a name of its own): we give none");
        }
        if (message.old() && !proof.takesOldNames()) {
            throw refuse(Reason.PROTOCOL, "old send_name (expected: the new form, with the proof agreed on)");
        }
        NodeName name = Names.parse(where(), message.name());
        long required = message.old() ? DistFlag.MANDATORY & LOW_32_BITS : DistFlag.MANDATORY;
        lack(flags, required).ifPresent(lack -> {
            throw notAllowed(Reason.FLAGS, name + ": " + lack);
        });
        context.peer().refusal(name).ifPresent(refusal -> {
            // where() is what the certificate says, which the refusal says too: only the claim is missing
            throw new HandshakeException(
                    Reason.NAME_MISMATCH, name + ": " + refusal, Status.encode(Status.NOT_ALLOWED));
        });
        if (name.equals(context.self())) {
            throw refuse(
                    Reason.NAME_MISMATCH, name + ": has our own name (expected: another)", Status.encode(Status.NOK));
        }
        Names.mismatch(name, context.self()).ifPresent(mismatch -> {
            throw notAllowed(Reason.NAME_MISMATCH, mismatch);
        });
        rules.refusal(name, proof).ifPresent(refusal -> {
            throw notAllowed(Reason.NOT_ALLOWED, name + ": " + refusal);
        });
        CookieRing ring = rules.cookies(name)
                .orElseThrow(() -> notAllowed(Reason.COOKIE, name + ": no cookie for this node (expected: one)"));
        var said = new Introduction(message.name(), message.creation(), message.flags());
        claim = new Claim(message.old(), name, said, ring);
        return onVerdict(claim, context.arbiter().onClaim(name, flags));
    }

    private Step onVerdict(Claim peer, ConnectionArbiter.Verdict verdict) {
        return switch (verdict) {
            case OK -> Step.send(Status.encode(Status.OK), challenge(peer));
            case OK_SIMULTANEOUS -> Step.send(Status.encode(Status.OK_SIMULTANEOUS), challenge(peer));
            case NOK ->
                throw refuse(
                        Reason.SUPERSEDED,
                        "our own connection to it goes on, this one is answered nok",
                        Status.encode(Status.NOK));
            case NOT_ALLOWED -> throw notAllowed(Reason.NOT_ALLOWED, "not allowed here");
            case ALIVE -> {
                state = State.AWAIT_ALIVE_ANSWER;
                yield Step.send(Status.encode(Status.ALIVE));
            }
        };
    }

    private Step onAliveAnswer(Claim peer, Status answer) {
        return switch (answer.text()) {
            case Status.TRUE -> Step.send(challenge(peer));
            case Status.FALSE ->
                throw refuse(Reason.SUPERSEDED, "answers alive with false: the connection that is up goes on");
            default ->
                throw refuse(
                        Reason.PROTOCOL,
                        "answers alive with '" + Printable.of(answer.text()) + "' (expected: true or false)");
        };
    }

    private ByteBuffer challenge(Claim peer) {
        ByteBuffer challenge = proof.challenge(self);
        state = peer.old() ? State.AWAIT_COMPLEMENT : State.AWAIT_CHALLENGE_REPLY;
        return challenge;
    }

    // the status was sent when only the low flags were known, so a refusal is a plain close
    private Step onComplement(Claim peer, Complement complement) {
        Claim whole = peer.with(complement);
        if (DistFlag.DFLAG_NAME_ME.in(whole.flags())) {
            throw refuse(Reason.NAME_MISMATCH, "asks for a name after it gave one (expected: flags without NAME_ME)");
        }
        lack(whole.flags(), DistFlag.MANDATORY).ifPresent(lack -> {
            throw refuse(Reason.FLAGS, lack);
        });
        claim = whole;
        state = State.AWAIT_CHALLENGE_REPLY;
        return Step.WAIT;
    }

    private Step onChallengeReply(Claim peer, ByteBuffer reply) {
        ByteBuffer ack = proof.acknowledge(peer.said(), self, peer.ring(), reply);
        long agreed = DistFlag.expand(context.flags()) & peer.flags();
        var admitted = new Peer(peer.name(), peer.said().creation(), agreed, proof.name());
        return new Step(List.of(ack), true, true, Optional.of(admitted));
    }

    @Override
    public HandshakeException onClosed() {
        proof.over();
        return switch (state) {
            case NEW -> refuse(Reason.PROTOCOL, "closed before the handshake");
            case AWAIT_SEND_NAME ->
                context.peer().isVerified() // whoever is no node has no certificate
                        ? refuse(
                                Reason.SUPERSEDED,
                                "closed before its name (expected: send_name): it gave up this connection for another"
                                        + " one, most likely")
                        : refuse(
                                Reason.PROTOCOL,
                                "closed before its name (expected: send_name): it is no node, most likely");
            case AWAIT_ALIVE_ANSWER ->
                refuse(
                        Reason.SUPERSEDED,
                        "closed after our status alive (expected: true or false): the connection that is up goes on");
            case AWAIT_COMPLEMENT, AWAIT_CHALLENGE_REPLY ->
                refuse(
                        Reason.SUPERSEDED,
                        "closed after our challenge (expected: its reply): it gave up this connection for another one,"
                                + " most likely");
            case OVER -> refuse(Reason.PROTOCOL, "closed after the handshake");
        };
    }

    private static Optional<String> lack(long flags, long required) {
        Set<DistFlag> missing = DistFlag.setOf(required & ~flags);
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of("lacks " + missing + " (expected: every mandatory flag)");
    }

    private Claim claimed() {
        if (claim == null) {
            throw new IllegalStateException(where() + ": no name yet");
        }
        return claim;
    }

    private String where() {
        return claim == null ? context.peer().description() : claim.name().toString();
    }

    private HandshakeException notAllowed(Reason reason, String message) {
        return refuse(reason, message, Status.encode(Status.NOT_ALLOWED));
    }

    private HandshakeException refuse(Reason reason, String message, ByteBuffer... farewell) {
        return new HandshakeException(reason, where() + ": " + message, farewell);
    }
}
