package io.hawser.cluster;

import static io.hawser.cluster.MemoryCluster.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.node.GenServer;
import io.hawser.node.Mailbox;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.Term;
import io.hawser.term.TermParser;
import io.hawser.testing.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is left of the name server and its locker when something in them fails. */
class GlobalFailuresTest {
    private static final Term LOCK = TermParser.parse("{set_lock, {global, me}}");

    private final MemoryCluster cluster = new MemoryCluster();
    private final Node node = cluster.start("m@host");
    private GlobalServer server;
    private FakeMember peer;

    @BeforeEach
    void start() throws InterruptedException {
        Mailbox mailbox = node.register(Atoms.GLOBAL_NAME_SERVER);
        server = new GlobalServer(mailbox, node.mailbox());
        mailbox.monitorNodes(true);
        GenServer.start(mailbox, server);
        node.surroundings().start("locker", server.locker());
        peer = new FakeMember(cluster.start("peer@host"), node);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private static void fail() {
        throw new IllegalStateException("as the test wants it");
    }

    @Test
    void aTaskThatFailsCostsItselfOnly() throws InterruptedException {
        server.post(GlobalFailuresTest::fail);
        peer.awaitTaken();
        peer.meetAndLock();
    }

    @Test
    void anAttemptThatFailsReleasesItsLockAndIsMadeAnew() throws InterruptedException {
        FakeMember.Meeting meeting = peer.meetAndLock();
        assertThat(peer.ask(LOCK)).isEqualTo(Atom.FALSE);
        long tag = ((Int) meeting.tag()).value();
        server.locker().tell(new GlobalLocker.Over(peer.name(), tag, GlobalFailuresTest::fail));
        peer.next(Atoms.CANCEL_CONNECT);
        Await.until(SOON, "the lock is free", () -> peer.ask(LOCK).equals(Atom.TRUE));
        peer.ask(TermParser.parse("{del_lock, {global, me}}"));
        peer.meetAndLock();
    }

    @Test
    void whatWasNeverBegunIsNotToldToALockerThatIsBusy() throws InterruptedException {
        peer.meetAndLock();
        Node other = cluster.start("other@host");
        for (int i = 0; i < 20; i++) {
            MemoryCluster.connect(other, node);
            Await.until(SOON, "it is up here", () -> node.nodes().contains(other.name()));
            other.disconnect(node.name());
            Await.until(SOON, "it is gone", () -> !node.nodes().contains(other.name()));
        }
        peer.awaitTaken();
        assertThat(server.locker().waiting()).isZero();
    }

    /** As OTP's locker does, which has heard of this node from others and has no attempt with it any more. */
    @Test
    void whoKnowsOfNoAttemptIsMetAnew() throws InterruptedException {
        var first = peer.meet();
        peer.mouth.send(first.locker(), GlobalLocker.unknown(peer.mouth.self())); // said to nobody who asked
        peer.allowsLocks(true);
        peer.next(Atoms.LOCK_SET);
        peer.mouth.send(first.locker(), GlobalLocker.unknown(peer.mouth.self()));
        peer.next(Atoms.CANCEL_CONNECT);
        peer.allowsLocks(false);
        peer.meetAndLock();
    }
}
