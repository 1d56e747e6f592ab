package io.hawser.peer;

import io.hawser.handshake.ConnectionArbiter.Verdict;
import io.hawser.handshake.Handshake;
import io.hawser.handshake.HandshakeContext;
import io.hawser.handshake.HandshakeException;
import io.hawser.handshake.HandshakeException.Reason;
import io.hawser.handshake.Handshakes;
import io.hawser.handshake.Peer;
import io.hawser.handshake.Step;
import io.hawser.term.NodeName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The handshake's order of packets with trivial contents: {@code n name flags}, {@code s status}, after alive {@code s
 * true}, {@code r cookie}, {@code a flags}.
 */
public record FakeHandshakes(String cookie) implements Handshakes {
    @Override
    public Handshake initiator(HandshakeContext context) {
        return new Initiator(context);
    }

    @Override
    public Handshake acceptor(HandshakeContext context) {
        return new Acceptor(context);
    }

    static ByteBuffer packet(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String[] words(ByteBuffer packet) {
        return StandardCharsets.US_ASCII.decode(packet).toString().split(" ", -1);
    }

    private static HandshakeException unexpected(String[] words) {
        return new HandshakeException(Reason.PROTOCOL, "handshake: unexpected packet " + words[0]);
    }

    private final class Initiator implements Handshake {
        private final HandshakeContext context;
        private final NodeName dialled;
        private boolean replied;

        Initiator(HandshakeContext context) {
            this.context = context;
            this.dialled = context.dialled().orElseThrow();
        }

        @Override
        public Step start() {
            return Step.send(packet("n " + context.self() + " " + context.flags() + " " + context.creation()));
        }

        @Override
        public Step onPacket(ByteBuffer packet) {
            String[] words = words(packet);
            if (words[0].equals("s")) {
                return onStatus(words[1]);
            } else if (words[0].equals("a")) {
                long flags = Long.parseLong(words[1]) & context.flags();
                var peer = new Peer(dialled, Long.parseLong(words[2]), flags, "fake");
                return new Step(List.of(), false, true, Optional.of(peer));
            }
            throw unexpected(words);
        }

        private Step onStatus(String status) {
            return switch (status) {
                case "ok", "ok_simultaneous" -> reply();
                case "alive" -> replyIfWanted();
                case "nok" -> throw new HandshakeException(Reason.SUPERSEDED, dialled + ": nok");
                default -> throw new HandshakeException(Reason.NOT_ALLOWED, dialled + ": answered " + status);
            };
        }

        private Step replyIfWanted() {
            if (!context.arbiter().isStillWanted()) {
                throw new HandshakeException(Reason.SUPERSEDED, dialled + ": alive", packet("s false"));
            }
            return new Step(List.of(packet("s true"), reply().send().get(0)), true, false, Optional.empty());
        }

        private Step reply() {
            replied = true;
            return new Step(List.of(packet("r " + cookie)), true, false, Optional.empty());
        }

        @Override
        public HandshakeException onClosed() {
            return replied
                    ? new HandshakeException(
                            Reason.COOKIE, dialled + ": closed after our reply (is its cookie another?)")
                    : new HandshakeException(Reason.PROTOCOL, dialled + ": closed before its status");
        }
    }

    private final class Acceptor implements Handshake {
        private final HandshakeContext context;
        private @Nullable NodeName claimed;
        private long flags;
        private long creation;

        Acceptor(HandshakeContext context) {
            this.context = context;
        }

        @Override
        public Step start() {
            return Step.WAIT;
        }

        @Override
        public Step onPacket(ByteBuffer packet) {
            String[] words = words(packet);
            NodeName peer = claimed;
            if (words[0].equals("n") && peer == null) {
                return onName(words);
            } else if (words[0].equals("s") && words[1].equals("true")) {
                return Step.WAIT;
            } else if (words[0].equals("s")) {
                throw new HandshakeException(Reason.SUPERSEDED, peer + ": not its current try");
            } else if (words[0].equals("r") && peer != null) {
                if (!words[1].equals(cookie)) {
                    throw new HandshakeException(Reason.COOKIE, peer + ": another cookie");
                }
                var admitted = new Peer(peer, creation, flags, "fake");
                return new Step(
                        List.of(packet("a " + context.flags() + " " + context.creation())),
                        true,
                        true,
                        Optional.of(admitted));
            }
            throw unexpected(words);
        }

        private Step onName(String[] words) {
            NodeName peer = NodeName.parse(words[1]);
            claimed = peer;
            flags = Long.parseLong(words[2]) & context.flags();
            creation = Long.parseLong(words[3]);
            Verdict verdict = context.arbiter().onClaim(peer, flags);
            ByteBuffer status = packet("s " + verdict.name().toLowerCase(Locale.ROOT));
            return switch (verdict) {
                case OK, OK_SIMULTANEOUS, ALIVE -> Step.send(status);
                case NOK -> throw new HandshakeException(Reason.SUPERSEDED, peer + ": our own try goes on", status);
                case NOT_ALLOWED -> throw new HandshakeException(Reason.NOT_ALLOWED, peer + ": not allowed", status);
            };
        }

        @Override
        public HandshakeException onClosed() {
            return new HandshakeException(Reason.PROTOCOL, "handshake: closed");
        }
    }
}
