package io.hawser.node;

import io.hawser.dist.ControlMessage;
import io.hawser.peer.PeerConnection;
import io.hawser.peer.PeerListener;
import io.hawser.term.Atom;
import io.hawser.term.Term;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What simulated nodes are told of their connections, and whether what began on one may have been lost. */
final class SimulatedConnections {
    /** What was told and should not have been. */
    final List<String> violations = new ArrayList<>();

    private final Map<String, Route> routes = new HashMap<>();
    private final Consumer<String> notes;

    SimulatedConnections(Consumer<String> notes) {
        this.notes = notes;
    }

    /** The connections of one node to another, by their numbers. */
    private static final class Route {
        private final List<Long> lost = new ArrayList<>();
        private long latest;

        void told(long number, boolean isLost) {
            latest = Math.max(latest, number);
            if (isLost) {
                lost.add(number);
            }
        }
    }

    /** The connection that something began on: the one that was up, or else one that comes after the latest. */
    static final class Beginning {
        private final Route route;
        private final long number;
        private final long latest;

        private Beginning(Route route, long number) {
            this.route = route;
            this.number = number;
            this.latest = route.latest;
        }

        /** Whether the connection was still to be made. */
        boolean waits() {
            return number == 0;
        }

        boolean isLost() {
            return waits() ? route.lost.stream().anyMatch(gone -> gone > latest) : route.lost.contains(number);
        }
    }

    private Route route(String incarnation, Atom peer) {
        return routes.computeIfAbsent(incarnation + " " + peer.text(), key -> new Route());
    }

    boolean isAnyLost(String incarnation, Atom peer) {
        return !route(incarnation, peer).lost.isEmpty();
    }

    /** Something begins now. */
    Beginning beginning(String incarnation, Node node, Atom peer) {
        long number = node.kernel().carrier.connections().stream()
                .filter(up -> up.node().equals(peer))
                .mapToLong(PeerConnection::id)
                .findFirst()
                .orElse(0);
        return new Beginning(route(incarnation, peer), number);
    }

    /** Listens in for a node. */
    PeerListener spy(String incarnation, PeerListener listener) {
        return new Spy(incarnation, listener);
    }

    /** Writes down what a node is told, and checks that it is told in order. */
    private final class Spy implements PeerListener {
        private final String node;
        private final PeerListener listener;
        private final Map<Atom, PeerConnection> up = new HashMap<>();

        Spy(String node, PeerListener listener) {
            this.node = node;
            this.listener = listener;
        }

        private void check(boolean holds, String what, PeerConnection peer) {
            if (!holds) { // not thrown: the caller would log it and go on
                violations.add(node + " was told of " + peer.node().text() + ": " + what);
            }
        }

        private void event(String what, Atom peer, long number) {
            notes.accept(node + ": " + what + " " + peer.text() + " " + number);
            route(node, peer).told(number, !what.equals("up"));
        }

        @Override
        public void onUp(PeerConnection peer) {
            check(up.put(peer.node(), peer) == null, "up twice", peer);
            event("up", peer.node(), peer.id());
            listener.onUp(peer);
        }

        @Override
        public void onSignal(PeerConnection peer, ControlMessage signal, @Nullable Term payload, int heapBytes) {
            check(up.get(peer.node()) == peer, "a signal without a connection", peer);
            listener.onSignal(peer, signal, payload, heapBytes);
        }

        @Override
        public void onDown(PeerConnection peer, String reason) {
            check(up.remove(peer.node(), peer), "down and not up", peer);
            event("down", peer.node(), peer.id());
            listener.onDown(peer, reason);
        }

        @Override
        public void onUnreachable(Atom peer, long connection, String reason) {
            event("unreachable", peer, connection);
            listener.onUnreachable(peer, connection, reason);
        }
    }
}
