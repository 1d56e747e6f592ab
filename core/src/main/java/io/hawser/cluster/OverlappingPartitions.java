package io.hawser.cluster;

import io.hawser.node.Mailbox;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.NodeName;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rule that no two members of the cluster may not see each other ({@code prevent_overlapping_partitions}): who loses a
 * member reports it to all, each passes that on, and all ask the lost one to leave.
 *
 * <p>A report counts if a member told it, who need not be the one that lost a connection. So a member can have others leave
 * that are well, as in OTP; no other node can, and none reports in this node's name.
 *
 * <p>It is asked at once, also if it is about to close and lost by one member after the other: whoever waits to see may have two
 * that meet again meanwhile, and parts them for good.
 *
 * <p>Confined to the handler of the name server's mailbox.
 */
final class OverlappingPartitions {
    private static final Logger logger = LoggerFactory.getLogger(OverlappingPartitions.class);

    private final Mailbox self;
    private final Node node;
    private final Atom here;
    private final NameServers servers;
    private final GlobalMeetings meetings;
    private final GlobalMeetings.Listener server;
    private final LostConnections lostConnections;
    private final Term incarnation;
    private final Set<Atom> leaving = new HashSet<>(); // their loss is no news
    private final LimitedLog log = new LimitedLog(logger);
    private long lastLoss;

    OverlappingPartitions(Mailbox self, GlobalMeetings meetings, GlobalMeetings.Listener server) {
        this.self = self;
        this.node = self.node();
        this.here = node.name().atom();
        this.servers = new NameServers(self);
        this.meetings = meetings;
        this.server = server;
        this.lostConnections = new LostConnections(node.surroundings()::nanoTime, here);
        this.incarnation = Int.of(node.surroundings().random().nextLong(1L << 58));
    }

    /** A node is gone, or cannot be connected to: the others are told, unless it was asked to leave. */
    void onLost(Atom other) {
        if (!leaving.remove(other)) {
            tell(Tuple.of(Atoms.LOST_CONNECTION, here, incarnation, Int.of(++lastLoss), other), other);
        }
    }

    private void tell(Term report, Atom except) {
        for (Atom other : meetings.reachable()) {
            if (!other.equals(except)) {
                servers.send(other, report);
            }
        }
    }

    // {lost_connection, A, Creation, Id, B}
    void onLostConnection(Fields message) {
        Atom teller = self.origin().orElse(here);
        Atom reporter = message.node(1);
        Atom lost = message.node(4);
        long creation = message.integer(2);
        long id = message.integer(3);
        if (!isHeard(teller) || reporter.equals(here)) {
            throw new Fields.MalformedException();
        }
        var verdict = lostConnections.take(teller, reporter, lost, creation, id);
        if (verdict == LostConnections.Verdict.OLD) {
            return;
        }
        if (verdict == LostConnections.Verdict.PASS_ON) {
            tell(message.tuple(), reporter);
        }
        Atom leaver = lost.equals(here) ? reporter : lost;
        if (!meetings.isMember(leaver)) {
            return;
        }
        if (!isSeen(leaver)) {
            server.onRemoved(leaver); // its news is on its way, or it was only heard of
        } else {
            askToLeave(leaver);
        }
    }

    /** Members are heard, and those that were until they were asked to leave: two that lost each other both are. */
    private boolean isHeard(Atom teller) {
        return meetings.isUp(teller) && (meetings.isMember(teller) || leaving.contains(teller));
    }

    /** Whether a node is connected, the news of whose end may still wait. */
    private boolean isSeen(Atom other) {
        return meetings.isUp(other)
                && node.nodes().stream().anyMatch(peer -> peer.atom().equals(other));
    }

    private void askToLeave(Atom leaver) {
        log.atWarn()
                .addKeyValue("peer", leaver.text())
                .log("asked to disconnect: a member cannot see it (prevent_overlapping_partitions)");
        servers.send(leaver, Tuple.of(Atoms.REMOVE_CONNECTION, here));
        remove(leaver);
    }

    // {remove_connection, Node}
    void onRemoveConnection(Atom other) {
        // a member, or was one: it waits for this node to leave
        if (self.origin().filter(other::equals).isPresent() && meetings.isUp(other)) {
            log.atWarn()
                    .addKeyValue("peer", other.text())
                    .log("disconnects as it asked (prevent_overlapping_partitions)");
            remove(other);
            node.disconnect(NodeName.parse(other.text()));
        }
    }

    private void remove(Atom other) {
        leaving.add(other);
        server.onRemoved(other);
    }
}
