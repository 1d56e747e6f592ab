package io.hawser.node;

import io.hawser.peer.Vitals;
import io.hawser.term.NodeName;
import io.hawser.transport.ChannelSecurity;
import io.hawser.transport.Connection;
import java.time.Duration;
import java.util.Optional;

/**
 * A connection that is up, at the moment it was asked for. Immutable.
 *
 * @param node the peer
 * @param hidden whether it is a hidden connection
 * @param transport the transport's name, such as {@code tls}
 * @param security what protects it; empty if nothing does
 * @param peer who the transport says is there, one line
 * @param proof which cookie proof was used, such as {@code otp} or {@code strong}
 * @param bytesIn bytes received
 * @param bytesOut bytes sent
 * @param messagesIn messages received from its processes; other signals are not counted
 * @param messagesOut messages sent to its processes, those that waited for the connection included
 * @param dialled whether this node made the connection; if not, the peer did
 * @param age how long it has been up
 * @param backlog what waits on it
 * @param liveness when bytes came and went last, and what to make of it
 */
public record ConnectionInfo(
        NodeName node,
        boolean hidden,
        String transport,
        Optional<ChannelSecurity> security,
        String peer,
        String proof,
        long bytesIn,
        long bytesOut,
        long messagesIn,
        long messagesOut,
        boolean dialled,
        Duration age,
        Backlog backlog,
        Liveness liveness) {
    /**
     * What waits on a connection. Immutable.
     *
     * @param outgoingBytes bytes that wait to leave
     * @param unreadBytes about how many bytes of heap its messages take that lie in mailboxes, against
     *     {@link NodeConfig.Builder#inboundBudgetBytes}
     * @param paused whether it is not read from, because of those
     */
    public record Backlog(long outgoingBytes, long unreadBytes, boolean paused) {}

    /**
     * How alive a peer seems. Immutable.
     *
     * @param silence how long ago bytes came last, ticks included; time in which this node did not look is not counted
     * @param sinceSent how long ago bytes were sent last, ticks included
     * @param phi how sure it is that the peer is gone: the negative decimal logarithm of how likely one that lives is silent
     *     for so long (phi accrual). Measured against what Erlang nodes promise, a tick after each quarter of the tick time
     *     in which they wrote nothing, and against when ticks came so far; below 1 nothing is amiss
     * @param suspected whether phi has reached 8: such a peer is {@linkplain NodeEvent.Suspected told of}, and stays
     *     connected until bytes come or {@code net_tick_timeout}
     */
    public record Liveness(Duration silence, Duration sinceSent, double phi, boolean suspected) {}

    static ConnectionInfo of(PeerState peer, String transport) {
        Connection connection = peer.connection.connection();
        Vitals vitals = peer.connection.vitals();
        return new ConnectionInfo(
                peer.asker.node(),
                peer.hidden,
                transport,
                connection.peer().security(),
                connection.peer().description(),
                peer.asker.proof(),
                connection.bytesIn(),
                connection.bytesOut(),
                peer.messagesIn(),
                peer.connection.messagesOut(),
                vitals.dialled(),
                Duration.ofNanos(vitals.ageNanos()),
                new Backlog(vitals.queuedBytes(), vitals.unreadBytes(), vitals.paused()),
                new Liveness(
                        Duration.ofNanos(vitals.sinceReceivedNanos()),
                        Duration.ofNanos(vitals.sinceSentNanos()),
                        vitals.phi(),
                        vitals.suspected()));
    }
}
