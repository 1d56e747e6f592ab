package io.hawser.cookie;

import io.hawser.handshake.Handshake;
import io.hawser.handshake.HandshakeContext;
import io.hawser.handshake.HandshakeException;
import io.hawser.handshake.HandshakeException.Reason;
import io.hawser.handshake.Step;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * A handshake whose end is remembered: wrong proofs count against the peer, which is not answered while it has to wait, and
 * a peer that was admitted by the strong proof is known from then on.
 *
 * <p>Confined to the connection's event loop.
 */
final class WatchedHandshake implements Handshake {
    private final Handshake handshake;
    private final HandshakeContext context;
    private final Failures failures;
    private final Failures.Source source;
    private final StrongPeers strong;

    WatchedHandshake(Handshake handshake, HandshakeContext context, Failures failures, StrongPeers strong) {
        this.handshake = handshake;
        this.context = context;
        this.failures = failures;
        this.source = Failures.Source.of(context.peer(), context.dialled().isPresent());
        this.strong = strong;
    }

    @Override
    public Step start() {
        refuseWhileItWaits();
        return handshake.start();
    }

    /** Asks before each packet, so that guesses made on many connections at once are not all judged. */
    @Override
    public Step onPacket(ByteBuffer packet) {
        refuseWhileItWaits();
        Step step;
        try {
            step = handshake.onPacket(packet);
        } catch (HandshakeException e) {
            if (e.reason() == Reason.COOKIE) {
                failures.failed(source);
            }
            throw e;
        }
        step.admitted().ifPresent(peer -> {
            failures.succeeded(source);
            if (peer.proof().equals(StrongProof.NAME)) {
                strong.add(context.self(), peer.name());
            }
        });
        return step;
    }

    private void refuseWhileItWaits() {
        long wait = failures.waitNanos(source);
        if (wait > 0) {
            handshake.onClosed(); // it is over
            throw new HandshakeException(
                    Reason.NOT_ALLOWED,
                    context.peer().description() + ": too many wrong cookie proofs from there (expected: a right one):"
                            + " not answered for another " + (TimeUnit.NANOSECONDS.toMillis(wait) + 1) + " ms");
        }
    }

    @Override
    public HandshakeException onClosed() {
        return handshake.onClosed();
    }
}
