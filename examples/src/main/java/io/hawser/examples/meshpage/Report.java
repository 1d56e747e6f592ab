package io.hawser.examples.meshpage;

import io.hawser.node.AbsentPeer;
import io.hawser.node.ConnectionInfo;
import io.hawser.node.Node;
import io.hawser.node.NodeSnapshot;
import io.hawser.transport.ChannelSecurity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a node tells of itself, to be sent as a term. Immutable.
 *
 * @param node its name
 * @param hidden whether it is a hidden node
 * @param mailboxes how many mailboxes it has
 * @param links its connections
 * @param absent whom it could not reach
 */
record Report(String node, boolean hidden, long mailboxes, List<Link> links, List<Absent> absent) {
    /** More are not told: the page is for people. */
    static final int MAX_LINKS = 500;

    /**
     * A connection.
     *
     * @param peer the other node
     * @param protocol how it is protected, such as {@code TLSv1.3}; else the transport's name
     * @param cipher the cipher suite; empty if there is none
     * @param proof the cookie proof
     * @param dialled whether the node made it
     * @param upSeconds how long it has been up
     * @param bytesIn bytes received
     * @param bytesOut bytes sent
     * @param queued bytes that wait to leave
     * @param silenceMillis how long ago bytes came last
     * @param phi how sure it is that the peer is gone, in hundredths
     * @param suspected whether it is suspected
     * @param peerDays for how many days the peer's certificates hold yet
     * @param ownDays the same of the node's own
     */
    record Link(
            String peer,
            String protocol,
            String cipher,
            String proof,
            boolean dialled,
            long upSeconds,
            long bytesIn,
            long bytesOut,
            long queued,
            long silenceMillis,
            long phi,
            boolean suspected,
            Optional<Long> peerDays,
            Optional<Long> ownDays) {}

    /**
     * A node that is not connected, though this one tried.
     *
     * @param peer that node
     * @param stage how it stands
     * @param reason why it could not be reached
     */
    record Absent(String peer, String stage, String reason) {}

    static Report of(Node node) {
        NodeSnapshot snapshot = node.snapshot();
        return new Report(
                snapshot.node().toString(),
                snapshot.hidden(),
                snapshot.stats().mailboxes(),
                snapshot.connections().stream()
                        .limit(MAX_LINKS)
                        .map(Report::link)
                        .toList(),
                snapshot.absent().stream().limit(MAX_LINKS).map(Report::absent).toList());
    }

    private static Link link(ConnectionInfo info) {
        Optional<ChannelSecurity> security = info.security();
        return new Link(
                info.node().toString(),
                security.map(ChannelSecurity::protocol).orElse(info.transport()),
                security.map(ChannelSecurity::cipherSuite).orElse(""),
                info.proof(),
                info.dialled(),
                info.age().toSeconds(),
                info.bytesIn(),
                info.bytesOut(),
                info.backlog().outgoingBytes(),
                info.liveness().silence().toMillis(),
                Math.round(100 * info.liveness().phi()),
                info.liveness().suspected(),
                security.map(found -> days(found.peerExpires())),
                security.map(found -> days(found.ownExpires())));
    }

    private static long days(Instant end) {
        return Duration.between(Instant.now(), end).toDays();
    }

    private static Absent absent(AbsentPeer peer) {
        String reason = peer.lastFailure().map(AbsentPeer.Failure::reason).orElse("being connected for the first time");
        return new Absent(peer.node().toString(), peer.stage().name(), reason);
    }
}
