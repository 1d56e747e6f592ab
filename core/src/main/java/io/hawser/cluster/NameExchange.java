package io.hawser.cluster;

import io.hawser.cluster.GlobalMembers.Member;
import io.hawser.cluster.NameConflicts.Outcome;
import io.hawser.node.GenServer;
import io.hawser.node.Mailbox;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.ListTerm;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What two nodes that meet tell each other once both hold the lock: their names, then what the other has to change, then to
 * the nodes they knew before what changed. Not thread-safe; used by the name server alone.
 */
final class NameExchange {
    /** What others may have said in attempts that are not over: several times what there is room for in the table. */
    private static final int MOST_MIB = 256;

    private static final int PART_OF_HEAP = 8;

    private static final Logger logger = LoggerFactory.getLogger(NameExchange.class);

    private final Atom here;
    private final Mailbox lockerMailbox;
    private final NameServers servers;
    private final GlobalMembers members;
    private final GlobalNames names;
    private final GlobalLocks locks;
    private final GlobalMeetings meetings;
    private final Quota heard;
    private final LimitedLog log = new LimitedLog(logger);

    NameExchange(
            Mailbox self,
            Mailbox lockerMailbox,
            GlobalMembers members,
            GlobalNames names,
            GlobalLocks locks,
            GlobalMeetings meetings) {
        this.here = self.node().name().atom();
        this.lockerMailbox = lockerMailbox;
        this.servers = new NameServers(self);
        this.members = members;
        this.names = names;
        this.locks = locks;
        this.meetings = meetings;
        long all = Quota.ofHeap(PART_OF_HEAP, MOST_MIB);
        this.heard = new Quota(here, all, all / 2);
    }

    /** Both have the lock. */
    void begin(GlobalSession session, Term requester) {
        session.lockedBy = requester;
        servers.cast(session.node, Tuple.of(Atoms.EXCHANGE, here, names.toTerm(), ListTerm.EMPTY, session.hisTag()));
        compare(session);
    }

    // {exchange, Node, [{Name, Pid, Method}], _, MyTag}
    void onExchange(GlobalSession session, Fields message) {
        List<GlobalName> hisNames =
                message.list(2).stream().map(GlobalName::parse).toList();
        if (session.hisNames == null && hears(session, message)) {
            session.hisNames = hisNames;
            compare(session);
        }
    }

    /** Whether there is room for what the other side says of its names; without, the attempt ends. */
    private boolean hears(GlobalSession session, Fields message) {
        long bytes = Weight.of(message.tuple());
        if (heard.take(session.node, bytes)) {
            session.heardBytes += bytes;
            return true;
        }
        log.atWarn()
                .addKeyValue("peer", session.node.text())
                .log("global names not exchanged: {} bytes of them, on top of {}", bytes, heard.taken());
        meetings.end(session, () -> {});
        return false;
    }

    /** The attempt is over. */
    void forget(GlobalSession session) {
        heard.giveBack(session.node, session.heardBytes);
        session.heardBytes = 0;
    }

    private void compare(GlobalSession session) {
        if (session.lockedBy != null && session.hisNames != null && !session.isResolving) {
            session.isResolving = true;
            meetings.locker().tell(new GlobalLocker.Compare(session.node, session.tag, session.hisNames));
        }
    }

    void onCompared(GlobalSession session, Outcome outcome) {
        session.operations = outcome.ours();
        servers.cast(
                session.node,
                Tuple.of(
                        Atoms.RESOLVED,
                        here,
                        NameOperation.toTerm(outcome.his()),
                        members.knownTerm(),
                        Atoms.UNUSED,
                        ListTerm.EMPTY,
                        session.hisTag()));
        finish(session);
    }

    // {resolved, Node, Operations, HisKnown, _, _, MyTag}
    void onResolved(GlobalSession session, Fields message) {
        var operations = NameOperation.parse(message.list(2));
        var hisKnown = Member.parse(message.list(3));
        if (session.resolved == null && hears(session, message)) {
            session.resolved = new GlobalSession.Resolved(operations, hisKnown);
            finish(session);
        }
    }

    /** Both sides have compared: the other node, and those it knows, are known from here on. */
    private void finish(GlobalSession session) {
        if (session.operations == null || session.resolved == null) {
            return;
        }
        var operations = new ArrayList<>(session.operations);
        operations.addAll(session.resolved.operations());
        var newNodes = new ArrayList<Member>();
        newNodes.add(new Member(session.node, session.version));
        newNodes.addAll(session.resolved.known());
        var before = members.known();
        meetings.exchangedWith(session.node);
        meetings.meet(newNodes, session.node);
        names.apply(
                operations,
                session.node,
                locks.isRequestedBy(session.lockedBy),
                owner -> meetings.reaches(owner.node(), session.node));
        session.resolved.known().forEach(each -> meetings.endWith(each.node()));
        Term lock = session.lockedBy == null ? Atom.UNDEFINED : GlobalLocks.global(session.lockedBy);
        Term extra = ListTerm.of(Tuple.of(Atoms.VSN, Int.of(session.version)), Tuple.of(Atoms.LOCK, lock));
        Term news = Tuple.of(
                Atoms.NEW_NODES,
                here,
                NameOperation.toTerm(operations),
                ListTerm.EMPTY,
                GlobalMembers.toTerm(newNodes),
                extra);
        // told before the lock is released, so that they change their names under it
        meetings.over(
                session,
                () -> members.withinReach(before).stream()
                        .filter(each -> !each.equals(session.node)) // which was told of before, and not of this node
                        .forEach(each -> GenServer.cast(lockerMailbox, NameServers.at(each), news)));
    }
}
