package io.hawser.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.dist.ControlMessage;
import io.hawser.epmd.DialPolicy;
import io.hawser.epmd.DialRefusal;
import io.hawser.term.Atom;
import io.hawser.term.NodeName;
import io.hawser.transport.AcceptLimits;
import io.hawser.transport.TransportException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Nodes that peers name, of which some do not exist and others are not to be dialled; on virtual time. */
final class IntroductionsTest extends TwoNodes {
    private static final Atom INTRODUCER = Atom.of("introducer@host");
    private static final InetSocketAddress HANGING = new InetSocketAddress(InetAddress.getLoopbackAddress(), 7);
    private static final Duration TRIED = Duration.ofSeconds(10);

    /** Writes down who is looked up. */
    private final class Watched extends TestNode.Directory {
        final List<String> lookUps = new ArrayList<>();

        @Override
        public Optional<InetSocketAddress> resolve(NodeName name, Duration timeout) {
            lookUps.add(name.toString());
            return directory.resolve(name, timeout);
        }
    }

    private final Watched lookUps = new Watched();

    private TestNode start(String name, DialPolicy policy) {
        TestNode made = node(name).resolver(lookUps).dialPolicy(policy).make();
        made.peers.start();
        directory.addresses.put(NodeName.parse(name), made.peers.address());
        return made;
    }

    private TestNode start(String name) {
        return start(name, DialPolicy.DEFAULT);
    }

    private static CompletableFuture<@Nullable Void> introduce(TestNode to, String node) {
        return introduce(to, INTRODUCER, node);
    }

    private static CompletableFuture<@Nullable Void> introduce(TestNode to, Atom introducer, String node) {
        return to.peers.introduce(introducer, Atom.of(node)).toCompletableFuture();
    }

    private static @Nullable DialRefusal refusalOf(CompletableFuture<@Nullable Void> introduced) {
        assertThat(introduced).isCompletedExceptionally();
        try {
            introduced.join();
            throw new AssertionError("connected");
        } catch (CompletionException e) {
            return ((TransportException) Objects.requireNonNull(e.getCause()))
                    .code()
                    .map(DialRefusal.class::cast)
                    .orElse(null);
        }
    }

    @Test
    void theLesserNameDialsAtOnce() {
        TestNode a = start("a@host");
        TestNode b = start("b@host");
        var introduced = introduce(a, "b@host");
        time.runReady();
        assertThat(introduced).isCompleted();
        assertThat(a.isUp(b)).isTrue();
    }

    @Test
    void theGreaterNameLeavesItTheFirstMoveAndDialsThen() {
        TestNode a = start("a@host");
        TestNode b = start("b@host");
        var introduced = introduce(b, "a@host");
        time.advance(Introductions.YIELD.minusMillis(1));
        assertThat(lookUps.lookUps).isEmpty();
        assertThat(b.peers.attempts()).containsExactly(new PeerAttempt(NodeName.parse("a@host"), false));
        time.advance(Introductions.YIELD.plusMillis(1));
        assertThat(introduced).isCompleted();
        assertThat(b.peers.attempts()).isEmpty();
        assertThat(b.isUp(a)).isTrue();
    }

    @Test
    void bothEndUpWithOneConnectionWhichTheLesserMade() {
        TestNode a = start("a@host");
        TestNode b = start("b@host");
        var atB = introduce(b, "a@host");
        var atA = introduce(a, "b@host");
        time.advance(TRIED);
        assertThat(atA).isCompleted();
        assertThat(atB).isCompleted();
        assertThat(lookUps.lookUps).containsExactly("b@host");
        assertThat(a.events).containsExactly("up b@host");
    }

    @Test
    void whatIsSentMeanwhileWaitsAndMakesNobodyDial() {
        TestNode a = start("a@host");
        TestNode b = start("b@host");
        var unused = introduce(b, "a@host");
        b.send(a, 1);
        time.advance(Introductions.YIELD.minusMillis(1));
        assertThat(lookUps.lookUps).isEmpty();
        time.advance(TRIED);
        assertThat(a.numbers()).containsExactly(1L);
        assertThat(b.events).containsExactly("up a@host");
    }

    @Test
    void theProgramsOwnWishIsNotHeldUp() {
        TestNode a = start("a@host");
        TestNode b = start("b@host", DialPolicy.builder().networks().build());
        var introduced = introduce(b, "a@host");
        var connected = b.peers.connect(a.atom).toCompletableFuture();
        time.runReady();
        assertThat(connected).isCompleted();
        assertThat(introduced).isCompleted();
    }

    @Test
    void aNodeThatFailsIsTriedAgainAfterTimesDrawnByLotAndThenGivenUp() {
        TestNode a = start("a@host");
        var introduced = introduce(a, "gone@host");
        a.peers.send(Atom.of("gone@host"), new ControlMessage.Send(a.pid(1), a.pid(2)), Atom.OK);
        time.runReady();
        assertThat(lookUps.lookUps).hasSize(1);
        assertThat(a.events).isEmpty();
        time.advance(TRIED);
        assertThat(lookUps.lookUps).hasSize(Introductions.MAX_DIALS);
        assertThat(refusalOf(introduced)).isNull();
        assertThat(a.events)
                .containsExactly(
                        "unreachable gone@host: gone@host: no node of that name is known (expected: that it runs"
                                + " and is registered)");
        time.advance(TRIED);
        assertThat(a.peers.routeCount()).isZero();
    }

    @Test
    void theEndOfOneIntroductionLeavesTheNextItsHold() {
        var tasks = new ArrayDeque<Runnable>();
        TestNode a = node("a@host")
                .resolver(lookUps)
                .executor(tasks::add)
                .dialPolicy(DialPolicy.DEFAULT)
                .make();
        a.peers.start();
        var first = introduce(a, "gone@host");
        while (lookUps.lookUps.size() < Introductions.MAX_DIALS) {
            time.advance(Duration.ofSeconds(1));
            runOne(tasks);
        }
        assertThat(first).isNotDone(); // it is over, and those who wait are about to be told
        var second = introduce(a, "gone@host");
        a.peers.send(Atom.of("gone@host"), new ControlMessage.Send(a.pid(1), a.pid(2)), Atom.OK);
        runAll(tasks);
        assertThat(first).isCompletedExceptionally();
        assertThat(a.events).isEmpty();
        for (int i = 0; i < TRIED.toSeconds(); i++) {
            time.advance(Duration.ofSeconds(1));
            runAll(tasks);
        }
        assertThat(second).isCompletedExceptionally();
        assertThat(lookUps.lookUps).hasSize(2 * Introductions.MAX_DIALS);
        assertThat(a.events).hasSize(1);
    }

    @Test
    void aConnectionThatComesAndGoesWhileAnIntroductionBeginsLeavesNothingHeld() {
        TestNode a = start("a@host");
        TestNode b = start("b@host");
        var retired = new Route(a.peers.context, NodeName.parse("b@host"), idle -> {});
        retired.giveUpHold(0, new TransportException("so that it goes"));
        var routes = new ArrayDeque<Supplier<Route>>(List.of(() -> retired, () -> {
            var unused = b.peers.connect(a.atom);
            time.runReady();
            a.peers.disconnect(b.atom);
            time.runReady();
            return a.peers.routeTo(b.atom);
        }));
        var introduced = a.peers
                .context
                .introductions()
                .begin(INTRODUCER, b.atom, () -> routes.remove().get());
        assertThat(introduced.toCompletableFuture()).isCompleted();
        assertThat(routes).isEmpty();
        a.send(b, 1);
        time.advance(TRIED);
        assertThat(b.numbers()).containsExactly(1L);
    }

    private static void runOne(Queue<Runnable> tasks) {
        Runnable task = tasks.poll();
        if (task != null) {
            task.run();
        }
    }

    private static void runAll(Queue<Runnable> tasks) {
        while (!tasks.isEmpty()) {
            runOne(tasks);
        }
    }

    @Test
    void aNodeThatComesUpMeanwhileIsFound() {
        TestNode a = start("a@host");
        var introduced = introduce(a, "late@host");
        time.runReady();
        start("late@host");
        time.advance(TRIED);
        assertThat(introduced).isCompleted();
    }

    @Test
    void ofThousandsOfMadeUpNamesNoMoreAreDialledThanTheBudgetAllows() {
        TestNode a = start("a@host");
        var introduced = IntStream.range(0, 5000)
                .mapToObj(i -> introduce(a, "x" + i + "@made.up.test".replace(".", "-")))
                .toList();
        time.advance(Duration.ofMinutes(1));
        assertThat(introduced).allMatch(CompletableFuture::isCompletedExceptionally);
        int forgotten = 6;
        assertThat(lookUps.lookUps).hasSizeBetween(100, 100 + forgotten);
        assertThat(refusalOf(introduced.get(4999))).isEqualTo(DialRefusal.TOO_MANY);
        assertThat(refusalOf(introduced.get(4000))).isEqualTo(DialRefusal.BUDGET_SPENT);
        assertThat(a.peers.routeCount()).isZero();
        assertThat(time.pending()).isLessThan(10);
    }

    @Test
    void namesWithoutEndAreDialledOneInTenSeconds() {
        TestNode a = start("a@host");
        for (int i = 0; i < 100_000; i++) {
            var unused = introduce(a, "x" + i + "@host");
            time.advance(Duration.ofMillis(10));
        }
        assertThat(lookUps.lookUps).hasSizeBetween(150, 100 + 100 + 1);
        assertThat(a.peers.routeCount()).isLessThan(20);
    }

    @Test
    void whoWasNamedInVainCountsForItsIntroducerAlone() {
        TestNode a = start("a@host", DialPolicy.builder().maxFailures(5).build());
        TestNode b = start("b@host");
        for (int i = 0; i < 20; i++) {
            var unused = introduce(a, "x" + i + "@host");
        }
        time.advance(TRIED);
        assertThat(refusalOf(introduce(a, "b@host"))).isEqualTo(DialRefusal.BUDGET_SPENT);
        var introduced = introduce(a, Atom.of("honest@host"), "b@host");
        time.runReady();
        assertThat(introduced).isCompleted();
        assertThat(a.isUp(b)).isTrue();
    }

    @Test
    void nodesThatAreThereCostTheirIntroducerNothing() {
        TestNode a = start(
                "a@host", DialPolicy.builder().maxFailures(2).dialsAtOnce(2).build());
        var introduced = new ArrayList<CompletableFuture<@Nullable Void>>();
        for (int i = 0; i < 30; i++) {
            start("n" + i + "@host");
            introduced.add(introduce(a, "n" + i + "@host"));
        }
        time.advance(TRIED);
        assertThat(introduced).allMatch(each -> each.isDone() && !each.isCompletedExceptionally());
    }

    @Test
    void aNodeThatAnHonestPeerNamesTooIsDialledWhenTheFirstHasNoBudgetLeft() {
        TestNode a = start("a@host", DialPolicy.builder().maxFailures(5).build());
        TestNode z = start("z@host");
        for (int i = 0; i < 20; i++) {
            var unused = introduce(a, Atom.of("rogue@host"), "x" + i + "@host");
        }
        var byRogue = introduce(a, Atom.of("rogue@host"), "z@host");
        var byHonest = introduce(a, Atom.of("honest@host"), "z@host");
        var late = introduce(a, Atom.of("rogue@host"), "y@host");
        time.advance(TRIED);
        assertThat(byHonest).isCompleted();
        assertThat(byRogue).isCompleted();
        assertThat(a.isUp(z)).isTrue();
        assertThat(refusalOf(late)).isEqualTo(DialRefusal.BUDGET_SPENT);
        assertThat(lookUps.lookUps).hasSize(5 + 1);
    }

    @Test
    void eachDialIsTheTurnOfAnotherIntroducer() {
        listenAsOneThatHangs();
        TestNode a = start("a@host", DialPolicy.builder().dialsAtOnce(1).build());
        for (int i = 0; i < 50; i++) {
            var unused = introduce(a, Atom.of("rogue@host"), hanging("x" + i + "@host"));
        }
        time.runReady();
        start("z@host");
        var introduced = introduce(a, Atom.of("honest@host"), "z@host");
        time.advance(Duration.ofSeconds(16)); // the one that hangs is given up, and the one after it
        assertThat(introduced).isCompleted();
    }

    private void listenAsOneThatHangs() {
        stranger.listen(HANGING, AcceptLimits.DEFAULT, RawPeer::new);
    }

    private String hanging(String name) {
        directory.addresses.put(NodeName.parse(name), HANGING);
        return name;
    }

    @Test
    void fewAreDialledAtOnceAndIntroducersTakeTurns() {
        listenAsOneThatHangs();
        TestNode a = start("a@host", DialPolicy.builder().dialsAtOnce(4).build());
        for (int i = 0; i < 50; i++) {
            var unused = introduce(a, Atom.of("rogue@host"), hanging("x" + i + "@host"));
        }
        time.runReady();
        assertThat(lookUps.lookUps).hasSize(4);
        start("z@host");
        var introduced = introduce(a, Atom.of("honest@host"), "z@host");
        time.advance(Duration.ofSeconds(8)); // the four that hang are given up
        assertThat(introduced).isCompleted();
        assertThat(network.links()).hasSizeLessThanOrEqualTo(5);
    }

    @Test
    void aNameThatIsNotAllowedIsNotLookedUpButMayConnectByItself() {
        TestNode a = start("a@host", DialPolicy.builder().names("*@other").build());
        TestNode b = start("b@host");
        var introduced = introduce(a, "b@host");
        var never = introduce(a, "c@host");
        time.runReady();
        assertThat(refusalOf(introduced)).isEqualTo(DialRefusal.NAME_NOT_ALLOWED);
        b.send(a, 1);
        time.runReady();
        assertThat(a.isUp(b)).isTrue();
        assertThat(a.numbers()).containsExactly(1L);
        assertThat(refusalOf(never)).isEqualTo(DialRefusal.NAME_NOT_ALLOWED);
        assertThat(lookUps.lookUps).containsExactly("a@host");
    }

    @Test
    void aNameThatLeadsElsewhereIsNotDialledWhateverLedThere() {
        TestNode a = start("a@host", DialPolicy.builder().networks("10.0.0.0/8").build());
        directory.addresses.put(NodeName.parse("b@host"), InetSocketAddress.createUnresolved("127.0.0.1", 4000));
        directory.addresses.put(
                NodeName.parse("c@host"), new InetSocketAddress(InetAddress.getLoopbackAddress(), 4000));
        var names = introduce(a, "b@host");
        var addresses = introduce(a, "c@host");
        time.advance(Duration.ofMinutes(1));
        assertThat(refusalOf(names)).isEqualTo(DialRefusal.ADDRESS_NOT_ALLOWED);
        assertThat(refusalOf(addresses)).isEqualTo(DialRefusal.ADDRESS_NOT_ALLOWED);
        assertThat(lookUps.lookUps).hasSize(2);
        var own = a.peers.connect(Atom.of("c@host")).toCompletableFuture();
        time.runReady();
        assertThatThrownBy(own::join).hasMessageEndingWith("c@host: 127.0.0.1:4000: connection refused");
    }

    @Test
    void whatTheProgramWantsIsBoundTooIfThePolicySaysSo() {
        TestNode a = start(
                "a@host",
                DialPolicy.builder()
                        .names("b@host")
                        .networks("10.0.0.0/8")
                        .everyDial()
                        .build());
        directory.addresses.put(
                NodeName.parse("b@host"), new InetSocketAddress(InetAddress.getLoopbackAddress(), 4000));
        assertThatThrownBy(a.peers.connect(Atom.of("b@host")).toCompletableFuture()::join)
                .hasMessageEndingWith(
                        "b@host: leads to 127.0.0.1, which is not dialled (expected: an address that the dial"
                                + " policy allows)");
        assertThatThrownBy(a.peers.connect(Atom.of("c@host")).toCompletableFuture()::join)
                .hasMessageEndingWith(
                        "c@host: its name is none that is dialled (expected: one that the dial policy names)");
    }

    @Test
    void namesThatNoPeerCanHaveCostTheirIntroducerItsBudget() {
        TestNode a = start("a@host", DialPolicy.builder().maxFailures(3).build());
        start("b@host");
        for (String name : List.of("a@host", "nonsense", "b@long.host.test")) {
            assertThat(refusalOf(introduce(a, name))).isEqualTo(DialRefusal.NO_PEER);
        }
        assertThat(refusalOf(introduce(a, "c@long.host.test"))).isEqualTo(DialRefusal.BUDGET_SPENT);
        assertThat(refusalOf(introduce(a, "b@host"))).isEqualTo(DialRefusal.BUDGET_SPENT);
        time.advance(DialPolicy.DEFAULT.failureMemory());
        var introduced = introduce(a, "b@host");
        time.runReady();
        assertThat(introduced).isCompleted();
    }

    @Test
    void whatIsNoNodeOrThisOneIsRefused() {
        TestNode a = start("a@host");
        for (String name : List.of("a@host", "nonsense", "b@long.host.test")) {
            assertThat(introduce(a, name)).isCompletedExceptionally();
        }
        assertThat(a.peers.routeCount()).isZero();
    }
}
