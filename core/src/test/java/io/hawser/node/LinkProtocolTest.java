package io.hawser.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.dist.ControlMessage;
import io.hawser.node.MemoryNetwork.Received;
import io.hawser.node.MemoryNetwork.ScriptedPeer;
import io.hawser.term.Atom;
import io.hawser.term.Pid;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The table of the link protocol, event by event, against a peer whose every signal is written here. */
class LinkProtocolTest {
    private static final Atom BOOM = Atom.of("boom");

    private final MemoryNetwork network = new MemoryNetwork();
    private final Node node = network.start("a@host");
    private final ScriptedPeer peer = network.script("p@host");
    private final Mailbox mailbox = node.mailbox(MailboxOptions.DEFAULT.withTrapExit(true));
    private final Pid here = mailbox.self();
    private final Pid there = peer.pid(7);

    @AfterEach
    void stop() {
        network.close();
    }

    private long unlinked() throws InterruptedException {
        mailbox.link(there);
        mailbox.unlink(there);
        assertThat(peer.next().signal()).isEqualTo(new ControlMessage.Link(here, there));
        return ((ControlMessage.UnlinkId) peer.next().signal()).id();
    }

    private void expectNoExit() throws InterruptedException {
        peer.expectNothing(node);
        assertThat(mailbox.receive(Duration.ZERO)).isEmpty();
    }

    @Test
    void sendsOneLinkForTwoCalls() throws Exception {
        mailbox.link(there);
        mailbox.link(there);
        assertThat(peer.next().signal()).isEqualTo(new ControlMessage.Link(here, there));
        peer.expectNothing(node);
    }

    @Test
    void endsWhatBeganOnTheConnectionThatIsGoneAndKeepsWhatBeganOnTheNext() throws Exception {
        mailbox.link(there);
        var ref = mailbox.monitor(there);
        network.endpoint(node).settle();
        var report = new CountDownLatch(1);
        network.endpoint(node).hold(report);
        network.cut("a@host", "p@host");
        mailbox.link(peer.pid(8)); // connects again, before the report
        var next = mailbox.monitor(there);
        report.countDown();
        assertThat(List.of(receive(), receive()))
                .containsExactlyInAnyOrder(
                        new Message.Down(ref, there, Atoms.NOCONNECTION), new Message.Exit(there, Atoms.NOCONNECTION));
        network.endpoint(node).settle();
        assertThat(mailbox.receive(Duration.ZERO)).isEmpty();
        network.cut("a@host", "p@host");
        assertThat(List.of(receive(), receive()))
                .containsExactlyInAnyOrder(
                        new Message.Down(next, there, Atoms.NOCONNECTION),
                        new Message.Exit(peer.pid(8), Atoms.NOCONNECTION));
    }

    @Test
    void keepsWhatBeganSinceANodeCouldNotBeReached() throws Exception {
        Pid late = new Pid(Atom.of("late@host"), 7, 0, 103);
        var report = new CountDownLatch(1);
        network.endpoint(node).hold(report);
        mailbox.link(late);
        var ref = mailbox.monitor(late);
        ScriptedPeer lately = network.script("late@host");
        mailbox.link(lately.pid(8));
        var next = mailbox.monitor(late);
        report.countDown();
        assertThat(List.of(receive(), receive()))
                .containsExactlyInAnyOrder(
                        new Message.Exit(late, Atoms.NOCONNECTION), new Message.Down(ref, late, Atoms.NOCONNECTION));
        lately.endpoint().settle();
        assertThat(lately.next().signal()).isEqualTo(new ControlMessage.Link(here, lately.pid(8)));
        assertThat(lately.next().signal()).isEqualTo(new ControlMessage.Monitor(here, late, next));
        lately.say(node, new ControlMessage.Exit(lately.pid(8), here), BOOM);
        assertThat(receive()).isEqualTo(new Message.Exit(lately.pid(8), BOOM));
    }

    @Test
    void endsALinkOfALostConnectionBeforeItTakesTheOneThatPeerSetsAnew() throws Exception {
        mailbox.link(there);
        network.endpoint(node).settle();
        var report = new CountDownLatch(1);
        network.endpoint(node).hold(report);
        network.cut("a@host", "p@host");
        peer.say(node, new ControlMessage.Link(there, here));
        peer.say(node, new ControlMessage.Exit(there, here), BOOM);
        report.countDown();
        assertThat(List.of(receive(), receive()))
                .containsExactly(new Message.Exit(there, Atoms.NOCONNECTION), new Message.Exit(there, BOOM));
    }

    @Test
    void doesNotConnectAgainToEndWhatIsGone() throws Exception {
        mailbox.link(there);
        var ref = mailbox.monitor(there);
        Mailbox ending = node.mailbox();
        ending.link(there);
        ending.monitor(there);
        network.endpoint(node).settle();
        var report = new CountDownLatch(1);
        network.endpoint(node).hold(report);
        network.cut("a@host", "p@host");
        mailbox.unlink(there);
        assertThat(mailbox.demonitor(ref)).isTrue();
        ending.close();
        assertThat(network.endpoint(node).connections()).isEmpty();
        report.countDown();
        network.endpoint(node).settle();
        assertThat(mailbox.receive(Duration.ZERO)).isEmpty();
        assertThat(network.endpoint(node).connections()).isEmpty();
    }

    private Message receive() throws InterruptedException {
        return mailbox.receive(MemoryNetwork.SOON).orElseThrow();
    }

    @Test
    void acknowledgesAnUnlinkWhateverTheState() throws Exception {
        peer.say(node, new ControlMessage.UnlinkId(5, there, here));
        assertThat(peer.next().signal()).isEqualTo(new ControlMessage.UnlinkIdAck(5, here, there));
        unlinked();
        peer.say(node, new ControlMessage.UnlinkId(6, there, here));
        assertThat(peer.next().signal()).isEqualTo(new ControlMessage.UnlinkIdAck(6, here, there));
        mailbox.link(there);
        peer.next();
        peer.say(node, new ControlMessage.UnlinkId(-1, there, here));
        assertThat(peer.next().signal()).isEqualTo(new ControlMessage.UnlinkIdAck(-1, here, there));
        peer.say(node, new ControlMessage.Exit(there, here), BOOM);
        expectNoExit();
    }

    @Test
    void acknowledgesAnUnlinkFromAProcessThatHasEnded() throws Exception {
        mailbox.close();
        peer.say(node, new ControlMessage.UnlinkId(5, there, here));
        assertThat(peer.next().signal()).isEqualTo(new ControlMessage.UnlinkIdAck(5, here, there));
    }

    @Test
    void ignoresAnExitThatCrossesAnUnlink() throws Exception {
        unlinked();
        peer.say(node, new ControlMessage.Exit(there, here), BOOM);
        expectNoExit();
    }

    @Test
    void staysUnlinkedWhenALinkCrossesTheUnlink() throws Exception {
        long id = unlinked();
        peer.say(node, new ControlMessage.Link(there, here));
        peer.say(node, new ControlMessage.UnlinkIdAck(id, there, here));
        peer.say(node, new ControlMessage.Exit(there, here), BOOM);
        expectNoExit();
    }

    @Test
    void takesALinkOnceTheUnlinkIsAcknowledged() throws Exception {
        long id = unlinked();
        peer.say(node, new ControlMessage.UnlinkIdAck(id, there, here));
        peer.say(node, new ControlMessage.Link(there, here));
        peer.say(node, new ControlMessage.Exit(there, here), BOOM);
        assertThat(mailbox.receive(MemoryNetwork.SOON)).contains(new Message.Exit(there, BOOM));
    }

    @Test
    void ignoresAnAcknowledgementOfAnotherUnlink() throws Exception {
        long id = unlinked();
        peer.say(node, new ControlMessage.UnlinkIdAck(id + 1, there, here));
        peer.say(node, new ControlMessage.Link(there, here)); // still inactive: ignored
        peer.say(node, new ControlMessage.Exit(there, here), BOOM);
        expectNoExit();
    }

    @Test
    void forgetsTheUnlinkWhenItLinksAgain() throws Exception {
        long id = unlinked();
        mailbox.link(there);
        assertThat(peer.next().signal()).isEqualTo(new ControlMessage.Link(here, there));
        peer.say(node, new ControlMessage.UnlinkIdAck(id, there, here));
        peer.say(node, new ControlMessage.Exit(there, here), BOOM);
        assertThat(mailbox.receive(MemoryNetwork.SOON)).contains(new Message.Exit(there, BOOM));
    }

    @Test
    void sendsNoExitForALinkThatIsBeingUndone() throws Exception {
        unlinked();
        mailbox.exit(BOOM);
        peer.expectNothing(node);
    }

    @Test
    void takesTheObsoleteUnlinkWithoutAnAnswer() throws Exception {
        peer.say(node, new ControlMessage.Link(there, here));
        peer.say(node, new ControlMessage.Unlink(there, here));
        peer.say(node, new ControlMessage.Exit(there, here), BOOM);
        expectNoExit();
    }

    @Test
    void answersALinkToNobody() throws Exception {
        mailbox.close();
        Pid stale = new Pid(here.node(), here.id(), here.serial(), here.creation() + 1);
        for (Pid target : new Pid[] {here, stale}) {
            peer.say(node, new ControlMessage.Link(there, target));
            assertThat(peer.next()).isEqualTo(new Received(new ControlMessage.Exit(target, there), Atom.of("noproc")));
        }
    }

    @Test
    void exitsALinkOnceTheConnectionIsGone() throws Exception {
        mailbox.link(there);
        Pid other = peer.pid(8);
        peer.say(node, new ControlMessage.Link(other, here));
        peer.next();
        peer.expectNothing(node);
        network.cut("a@host", "p@host");
        assertThat(java.util.List.of(
                        mailbox.receive(MemoryNetwork.SOON).orElseThrow(),
                        mailbox.receive(MemoryNetwork.SOON).orElseThrow()))
                .containsExactlyInAnyOrder(
                        new Message.Exit(there, Atom.of("noconnection")),
                        new Message.Exit(other, Atom.of("noconnection")));
        peer.say(node, new ControlMessage.Exit(there, here), BOOM); // on a new connection: of no link
        expectNoExit();
    }

    @Test
    void waitsForRoomWithoutHoldingUpOthers() throws Exception {
        node.connect(io.hawser.term.NodeName.parse("p@host"), MemoryNetwork.SOON);
        network.endpoint(node).full(true);
        Thread linking = new Thread(() -> mailbox.link(there));
        linking.start();
        Mailbox other = node.mailbox();
        other.send(here, BOOM);
        assertThat(mailbox.receive(MemoryNetwork.SOON)).contains(new Message.Sent(BOOM));
        assertThat(other.trySend(there, BOOM)).isFalse();
        network.endpoint(node).full(false);
        linking.join();
        assertThat(peer.next().signal()).isEqualTo(new ControlMessage.Link(here, there));
    }
}
