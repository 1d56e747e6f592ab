package io.hawser.cookie;

import io.hawser.handshake.Handshake;
import io.hawser.handshake.HandshakeException;
import io.hawser.handshake.Peer;
import io.hawser.handshake.Step;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Two handshakes, and whoever stands between them: every packet passes a hook on its way. */
final class Conversation {
    /** One end of it. */
    static final class End {
        final Handshake handshake;
        final List<byte[]> sent = new ArrayList<>();
        private final Queue<byte[]> inbox = new ArrayDeque<>();
        private final UnaryOperator<byte[]> onItsWay;
        Optional<Peer> admitted = Optional.empty();
        Optional<HandshakeException> refusal = Optional.empty();

        private End(Handshake handshake, UnaryOperator<byte[]> onItsWay) {
            this.handshake = handshake;
            this.onItsWay = onItsWay;
        }

        private void take(Step step, End other) {
            admitted = step.admitted();
            for (ByteBuffer packet : step.send()) {
                byte[] bytes = Fixture.bytes(packet);
                sent.add(bytes);
                other.inbox.add(onItsWay.apply(bytes.clone()));
            }
        }

        String refusalText() {
            return refusal.map(Throwable::getMessage).orElse("");
        }
    }

    final End initiator;
    final End acceptor;

    Conversation(Handshake initiator, Handshake acceptor) {
        this(initiator, acceptor, UnaryOperator.identity(), UnaryOperator.identity());
    }

    /**
     * Runs until nothing is under way.
     *
     * @param toAcceptor what becomes of each packet of the initiator
     * @param toInitiator what becomes of each packet of the acceptor
     */
    Conversation(
            Handshake initiator,
            Handshake acceptor,
            UnaryOperator<byte[]> toAcceptor,
            UnaryOperator<byte[]> toInitiator) {
        this.initiator = new End(initiator, toAcceptor);
        this.acceptor = new End(acceptor, toInitiator);
        run(this.acceptor, this.initiator, () -> acceptor.start());
        run(this.initiator, this.acceptor, () -> initiator.start());
        boolean underWay = true;
        while (underWay) {
            underWay = deliver(this.acceptor, this.initiator);
            underWay |= deliver(this.initiator, this.acceptor);
        }
    }

    boolean bothAdmit() {
        return initiator.admitted.isPresent() && acceptor.admitted.isPresent();
    }

    private static boolean deliver(End to, End from) {
        byte[] packet = to.inbox.poll();
        if (packet == null || to.refusal.isPresent()) {
            return false;
        }
        run(to, from, () -> to.handshake.onPacket(ByteBuffer.wrap(packet)));
        return true;
    }

    private static void run(End end, End other, Supplier<Step> step) {
        try {
            end.take(step.get(), other);
        } catch (HandshakeException e) {
            end.refusal = Optional.of(e);
        }
    }
}
