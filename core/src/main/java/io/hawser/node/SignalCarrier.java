package io.hawser.node;

import io.hawser.dist.ControlMessage;
import io.hawser.peer.PeerAttempt;
import io.hawser.peer.PeerConnection;
import io.hawser.peer.Peers;
import io.hawser.term.Atom;
import io.hawser.term.Term;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What takes signals to other nodes: {@link Peers}, or two nodes joined in memory in tests. Each method is as the one of
 * {@link Peers}; any may call the {@link io.hawser.peer.PeerListener}
 * on the caller's thread. Thread-safe.
 */
interface SignalCarrier extends AutoCloseable {
    void start();

    InetSocketAddress address();

    long creation();

    long send(Atom node, ControlMessage signal, @Nullable Term payload, BooleanSupplier hasUnread);

    /** Sends as usual unless overridden: what joins two nodes in a test always has room. */
    default long sendAsync(Atom node, ControlMessage signal, @Nullable Term payload) {
        return send(node, signal, payload, () -> false);
    }

    long trySend(Atom node, ControlMessage signal, @Nullable Term payload);

    /** Sends as usual unless overridden: what joins two nodes in a test is always within reach. */
    default long sendWithinReach(
            Atom node, ControlMessage signal, @Nullable Term payload, Peers.Room room, BooleanSupplier hasUnread) {
        return room == Peers.Room.NEEDED ? trySend(node, signal, payload) : send(node, signal, payload, hasUnread);
    }

    boolean trySend(Atom node, long connection, ControlMessage signal, @Nullable Term payload);

    void answer(Atom node, long connection, ControlMessage signal, @Nullable Term payload);

    CompletionStage<@Nullable Void> connect(Atom node);

    /** Connects at once unless overridden: what joins two nodes in a test has no policy. */
    default CompletionStage<@Nullable Void> introduce(Atom introducer, Atom node) {
        return connect(node);
    }

    boolean disconnect(Atom node);

    List<PeerConnection> connections();

    /** None, where every node that is wanted is connected at once. */
    default List<PeerAttempt> attempts() {
        return List.of();
    }

    @Override
    void close();

    /** Carries signals over real connections. */
    static SignalCarrier over(Peers peers) {
        return new SignalCarrier() {
            @Override
            public void start() {
                peers.start();
            }

            @Override
            public InetSocketAddress address() {
                return peers.address();
            }

            @Override
            public long creation() {
                return peers.creation();
            }

            @Override
            public long send(Atom node, ControlMessage signal, @Nullable Term payload, BooleanSupplier hasUnread) {
                return peers.send(node, signal, payload, hasUnread);
            }

            @Override
            public long sendAsync(Atom node, ControlMessage signal, @Nullable Term payload) {
                return peers.sendAsync(node, signal, payload);
            }

            @Override
            public long trySend(Atom node, ControlMessage signal, @Nullable Term payload) {
                return peers.trySend(node, signal, payload);
            }

            @Override
            public long sendWithinReach(
                    Atom node,
                    ControlMessage signal,
                    @Nullable Term payload,
                    Peers.Room room,
                    BooleanSupplier hasUnread) {
                return peers.sendWithinReach(node, signal, payload, room, hasUnread);
            }

            @Override
            public boolean trySend(Atom node, long connection, ControlMessage signal, @Nullable Term payload) {
                return peers.trySend(node, connection, signal, payload);
            }

            @Override
            public void answer(Atom node, long connection, ControlMessage signal, @Nullable Term payload) {
                peers.answer(node, connection, signal, payload);
            }

            @Override
            public CompletionStage<@Nullable Void> connect(Atom node) {
                return peers.connect(node);
            }

            @Override
            public CompletionStage<@Nullable Void> introduce(Atom introducer, Atom node) {
                return peers.introduce(introducer, node);
            }

            @Override
            public boolean disconnect(Atom node) {
                return peers.disconnect(node);
            }

            @Override
            public List<PeerConnection> connections() {
                return peers.connections();
            }

            @Override
            public List<PeerAttempt> attempts() {
                return peers.attempts();
            }

            @Override
            public void close() {
                peers.close();
            }
        };
    }
}
