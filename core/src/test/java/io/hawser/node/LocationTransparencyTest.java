package io.hawser.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The signals that two processes see of each other: the same, whether they are on one node or on two. */
abstract class LocationTransparencyTest extends ProcessPair {
    LocationTransparencyTest(NodeStarter network, boolean sameNode) {
        super(network, sameNode);
    }

    // ---- messages

    @Test
    void deliversToAPidANameAndAnAlias() throws Exception {
        nodeB.register(Atom.of("server"), b);
        a.send(b.self(), Int.of(1));
        a.send(name("server", nodeB), Int.of(2));
        a.send(b.alias(), Int.of(3));
        assertThat(List.of(next(b), next(b), next(b)))
                .containsExactly(new Message.Sent(Int.of(1)), new Message.Sent(Int.of(2)), new Message.Sent(Int.of(3)));
    }

    @Test
    void dropsWhatIsSentToNobody() throws Exception {
        Reference gone = b.alias();
        b.unalias(gone);
        Mailbox dead = nodeB.mailbox();
        dead.close();
        a.send(gone, Int.of(1));
        a.send(name("nobody", nodeB), Int.of(2));
        a.send(dead.self(), Int.of(3));
        expectNothingMore(a, b);
    }

    @Test
    void deliversToAnotherIncarnationOfTheNodeToNobody() throws Exception {
        Pid self = b.self();
        a.send(new Pid(self.node(), self.id(), self.serial(), self.creation() + 1), Int.of(1));
        a.send(new Pid(self.node(), self.id(), self.serial(), 0), Int.of(2));
        assertThat(next(b)).isEqualTo(new Message.Sent(Int.of(2)));
    }

    @Test
    void keepsTheOrderOfMessages() throws Exception {
        for (int i = 0; i < 2000; i++) {
            a.send(b.self(), Int.of(i));
        }
        for (int i = 0; i < 2000; i++) {
            assertThat(next(b)).isEqualTo(new Message.Sent(Int.of(i)));
        }
    }

    @Test
    void sendsNothingOnceItHasEnded() {
        a.exit(BOOM);
        assertThatThrownBy(() -> a.send(b.self(), Int.of(1)))
                .isInstanceOfSatisfying(
                        MailboxExitException.class, e -> assertThat(e.reason()).isEqualTo(BOOM));
    }

    // ---- aliases

    @Test
    void endsAReplyAliasWithTheFirstMessage() throws Exception {
        Reference alias = b.replyAlias();
        a.send(alias, Int.of(1));
        a.send(alias, Int.of(2));
        assertThat(next(b)).isEqualTo(new Message.Sent(Int.of(1)));
        expectNothingMore(a, b);
    }

    @Test
    void endsAliasAndMonitorWithTheFirstReply() throws Exception {
        Reference ref = b.monitor(a.self(), AliasMode.REPLY_DEMONITOR);
        a.send(ref, Int.of(1));
        a.send(ref, Int.of(2));
        assertThat(next(b)).isEqualTo(new Message.Sent(Int.of(1)));
        expectNothingMore(a, b);
        a.exit(BOOM);
        Mailbox other = nodeA.mailbox();
        expectNothingMore(other, b);
    }

    @Test
    void endsAnAliasWithItsMonitor() throws Exception {
        Reference ref = b.monitor(a.self(), AliasMode.DEMONITOR);
        a.send(ref, Int.of(1));
        assertThat(next(b)).isEqualTo(new Message.Sent(Int.of(1)));
        assertThat(b.demonitor(ref)).isTrue();
        a.send(ref, Int.of(2));
        expectNothingMore(a, b);
    }

    @Test
    void endsAnAliasWithTheDown() throws Exception {
        Mailbox other = nodeA.mailbox();
        Reference ref = b.monitor(a.self(), AliasMode.DEMONITOR);
        Reference kept = b.monitor(a.self(), AliasMode.EXPLICIT_UNALIAS);
        expectNothingMore(b, a);
        a.exit(BOOM);
        assertThat(List.of(next(b), next(b)))
                .containsExactlyInAnyOrder(
                        new Message.Down(ref, a.self(), BOOM), new Message.Down(kept, a.self(), BOOM));
        other.send(ref, Int.of(1));
        other.send(kept, Int.of(2));
        assertThat(next(b)).isEqualTo(new Message.Sent(Int.of(2)));
        assertThat(b.unalias(kept)).isTrue();
        assertThat(b.unalias(kept)).isFalse();
    }

    // ---- links

    @Test
    void endsBothEndsOfALink() {
        a.link(b.self());
        a.exit(BOOM);
        awaitEnd(b, BOOM);
    }

    @Test
    void endsTheLinkerWithTheLinked() throws Exception {
        a.link(b.self());
        expectNothingMore(a, b);
        b.exit(BOOM);
        awaitEnd(a, BOOM);
    }

    @Test
    void ignoresANormalEndUnlessTrapped() throws Exception {
        Mailbox trapping = nodeB.mailbox(MailboxOptions.DEFAULT.withTrapExit(true));
        a.link(b.self());
        a.link(trapping.self());
        a.close();
        assertThat(next(trapping)).isEqualTo(new Message.Exit(a.self(), Atom.of("normal")));
        expectNothingMore(nodeA.mailbox(), b);
        assertThat(b.isAlive()).isTrue();
    }

    @Test
    void trapsEveryExitSignalOfALinkEvenKill() throws Exception {
        b.trapExit(true);
        a.link(b.self());
        a.exit(Atom.of("kill"));
        assertThat(next(b)).isEqualTo(new Message.Exit(a.self(), Atom.of("kill")));
    }

    @Test
    void linksOnceHoweverOftenItIsAsked() throws Exception {
        b.trapExit(true);
        a.link(b.self());
        b.link(a.self());
        a.link(b.self());
        expectNothingMore(a, b);
        a.exit(BOOM);
        assertThat(next(b)).isEqualTo(new Message.Exit(a.self(), BOOM));
        expectNothingMore(nodeA.mailbox(), b);
    }

    @Test
    void sendsNoExitSignalOnceUnlinked() throws Exception {
        a.trapExit(true);
        a.link(b.self());
        a.unlink(b.self());
        expectNothingMore(a, b);
        b.exit(BOOM);
        expectNothingMore(nodeB.mailbox(), a);
    }

    @Test
    void linksAgainAfterAnUnlink() throws Exception {
        b.trapExit(true);
        for (int i = 0; i < 10; i++) {
            a.link(b.self());
            a.unlink(b.self());
        }
        a.link(b.self());
        a.exit(BOOM);
        assertThat(next(b)).isEqualTo(new Message.Exit(a.self(), BOOM));
    }

    @Test
    void signalsNoprocWhenLinkedToNobody() throws Exception {
        b.close();
        a.trapExit(true);
        a.link(b.self());
        assertThat(next(a)).isEqualTo(new Message.Exit(b.self(), Atom.of("noproc")));
        a.trapExit(false);
        a.link(b.self());
        awaitEnd(a, Atom.of("noproc"));
    }

    @Test
    void passesAnExitAlongAChain() {
        Mailbox c = nodeA.mailbox();
        a.link(b.self());
        b.link(c.self());
        a.exit(BOOM);
        awaitEnd(b, BOOM);
        awaitEnd(c, BOOM);
    }

    // ---- exit/2

    @Test
    void endsTheTargetOfAnExitSignal() {
        a.exit(b.self(), BOOM);
        awaitEnd(b, BOOM);
    }

    @Test
    void ignoresANormalExitSignal() throws Exception {
        a.exit(b.self(), Atom.of("normal"));
        expectNothingMore(a, b);
        b.trapExit(true);
        a.exit(b.self(), Atom.of("normal"));
        assertThat(next(b)).isEqualTo(new Message.Exit(a.self(), Atom.of("normal")));
    }

    @Test
    void killsEvenWhatTraps() throws Exception {
        b.trapExit(true);
        Reference ref = a.monitor(b.self());
        a.exit(b.self(), Atom.of("kill"));
        assertThat(next(a)).isEqualTo(new Message.Down(ref, b.self(), Atom.of("killed")));
        awaitEnd(b, Atom.of("killed"));
    }

    @Test
    void wakesABlockedReceiveWhenItsMailboxEnds() {
        a.exit(b.self(), BOOM);
        assertThatThrownBy(() -> b.receive())
                .isInstanceOfSatisfying(
                        MailboxExitException.class, e -> assertThat(e.reason()).isEqualTo(BOOM));
    }

    // ---- monitors

    @Test
    void tellsWhenAMonitoredProcessEnds() throws Exception {
        nodeB.register(Atom.of("server"), b);
        Reference byPid = a.monitor(b.self());
        Reference byName = a.monitor(name("server", nodeB));
        expectNothingMore(a, b);
        b.exit(BOOM);
        assertThat(List.of(next(a), next(a)))
                .containsExactlyInAnyOrder(
                        new Message.Down(byPid, b.self(), BOOM), new Message.Down(byName, name("server", nodeB), BOOM));
    }

    @Test
    void tellsOfANormalEnd() throws Exception {
        Reference ref = a.monitor(b.self());
        b.close();
        Message down = next(a);
        assertThat(down)
                .isIn(
                        new Message.Down(ref, b.self(), Atom.of("normal")),
                        new Message.Down(ref, b.self(), Atom.of("noproc")));
    }

    @Test
    void tellsAtOnceThatThereIsNobody() throws Exception {
        b.close();
        Reference byPid = a.monitor(b.self());
        Reference byName = a.monitor(name("server", nodeB));
        assertThat(List.of(next(a), next(a)))
                .containsExactly(
                        new Message.Down(byPid, b.self(), Atom.of("noproc")),
                        new Message.Down(byName, name("server", nodeB), Atom.of("noproc")));
    }

    @Test
    void tellsNothingOnceDemonitored() throws Exception {
        Reference ref = a.monitor(b.self());
        assertThat(a.demonitor(ref)).isTrue();
        assertThat(a.demonitor(ref)).isFalse();
        expectNothingMore(a, b);
        b.exit(BOOM);
        expectNothingMore(nodeB.mailbox(), a);
    }

    @Test
    void takesTheDownOutWhenAskedTo() throws Exception {
        Reference flushed = a.monitor(b.self());
        Reference kept = a.monitor(b.self());
        expectNothingMore(a, b);
        b.exit(BOOM);
        assertThat(a.receive(m -> m.equals(new Message.Down(kept, b.self(), BOOM)), SOON))
                .isPresent();
        Reference gone = a.monitor(b.self());
        assertThat(a.receive(m -> m instanceof Message.Down d && d.ref().equals(gone), SOON))
                .isPresent();
        assertThat(a.demonitor(flushed, true)).isFalse();
        expectNothingMore(nodeB.mailbox(), a);
    }

    @Test
    void monitorsTheProcessThatHadTheNameThen() throws Exception {
        Atom server = Atom.of("server");
        nodeB.register(server, b);
        Reference ref = a.monitor(name("server", nodeB));
        expectNothingMore(a, b);
        assertThat(nodeB.unregister(server)).isTrue();
        Mailbox next = nodeB.register(server);
        a.demonitor(ref);
        Reference second = a.monitor(name("server", nodeB));
        expectNothingMore(a, next);
        b.exit(BOOM);
        next.exit(Atom.of("later"));
        assertThat(next(a)).isEqualTo(new Message.Down(second, name("server", nodeB), Atom.of("later")));
    }

    @Test
    void freesTheNameBeforeTheDownArrives() throws Exception {
        nodeB.register(Atom.of("server"), b);
        a.monitor(b.self());
        expectNothingMore(a, b);
        b.exit(BOOM);
        next(a);
        assertThat(nodeB.whereis(Atom.of("server"))).isEmpty();
    }

    // ---- order of signals of all kinds

    @Test
    void deliversMessagesBeforeTheEndOfTheirSender() throws Exception {
        b.trapExit(true);
        a.link(b.self());
        Reference ref = b.monitor(a.self());
        expectNothingMore(b, a);
        for (int i = 0; i < 100; i++) {
            a.send(b.self(), Int.of(i));
        }
        a.exit(BOOM);
        for (int i = 0; i < 100; i++) {
            assertThat(next(b)).isEqualTo(new Message.Sent(Int.of(i)));
        }
        assertThat(List.of(next(b), next(b)))
                .containsExactlyInAnyOrder(new Message.Exit(a.self(), BOOM), new Message.Down(ref, a.self(), BOOM));
    }

    @Test
    void deliversAnExitSignalBeforeALaterMessage() throws Exception {
        b.trapExit(true);
        a.send(b.self(), Int.of(1));
        a.exit(b.self(), BOOM);
        a.send(b.self(), Int.of(2));
        assertThat(List.of(next(b), next(b), next(b)))
                .containsExactly(
                        new Message.Sent(Int.of(1)), new Message.Exit(a.self(), BOOM), new Message.Sent(Int.of(2)));
    }

    @Test
    void endsEachMonitorAndLinkOnceWhenEverythingHappensAtOnce() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        var random = new Random(seed);
        for (int round = 0; round < 100; round++) {
            Mailbox watcher = nodeA.mailbox(MailboxOptions.DEFAULT.withTrapExit(true));
            Mailbox target = nodeB.mailbox(MailboxOptions.DEFAULT.withTrapExit(true));
            Thread end = new Thread(() -> target.exit(BOOM));
            boolean early = random.nextBoolean();
            if (early) {
                end.start();
            }
            Reference ref = watcher.monitor(target.self());
            watcher.link(target.self());
            if (!early) {
                end.start();
            }
            var messages = List.of(next(watcher), next(watcher));
            assertThat(messages).hasAtLeastOneElementOfType(Message.Down.class);
            assertThat(messages).hasAtLeastOneElementOfType(Message.Exit.class);
            assertThat(messages)
                    .anyMatch(m -> m instanceof Message.Down down && down.ref().equals(ref));
            end.join();
            expectNothingMore(nodeB.mailbox(), watcher);
            watcher.close();
        }
    }

    @Test
    void agreesOnALinkHoweverBothEndsLinkAndUnlink() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        for (int round = 0; round < 50; round++) {
            Mailbox left = nodeA.mailbox(MailboxOptions.DEFAULT.withTrapExit(true));
            Mailbox right = nodeB.mailbox(MailboxOptions.DEFAULT.withTrapExit(true));
            Thread other = new Thread(() -> churn(right, left.self(), new Random(seed + 1)));
            other.start();
            churn(left, right.self(), new Random(seed));
            other.join();
            settle(left, right);
            int links = linkCount(left, right.self());
            assertThat(linkCount(right, left.self())).isEqualTo(links);
            left.exit(BOOM);
            if (links == 1) {
                assertThat(next(right)).isEqualTo(new Message.Exit(left.self(), BOOM));
            }
            expectNothingMore(nodeA.mailbox(), right);
            right.close();
        }
    }

    private static void churn(Mailbox mailbox, Pid other, Random random) {
        for (int i = 0; i < 50; i++) {
            if (random.nextBoolean()) {
                mailbox.link(other);
            } else {
                mailbox.unlink(other);
            }
        }
    }

    private static void settle(Mailbox left, Mailbox right) throws InterruptedException {
        for (int i = 0; i < 2; i++) { // acknowledgements of acknowledgements there are none
            expectNothingMore(left, right);
            expectNothingMore(right, left);
        }
    }

    private static int linkCount(Mailbox mailbox, Pid other) {
        return mailbox.process().links().hasActive(other) ? 1 : 0;
    }
}
