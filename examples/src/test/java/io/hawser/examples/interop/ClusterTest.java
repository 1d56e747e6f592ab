package io.hawser.examples.interop;

import static io.hawser.examples.interop.Pair.SOON;
import static io.hawser.examples.interop.Pair.term;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.cluster.Global;
import io.hawser.cluster.ProcessGroups;
import io.hawser.node.Mailbox;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.Term;
import io.hawser.testing.Await;
import io.hawser.testing.Interop;
import io.hawser.testing.OtpNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two Erlang nodes and a Hawser node keep global names and process groups together. */
@Interop
class ClusterTest {
    private static final String JAVA = "java@java.orga.test";
    private static final Atom NAME = Atom.of("service");
    private static final Atom GROUP = Atom.of("workers");
    private static final String HOLD = "spawn(fun() -> receive stop -> ok end end)";

    @TempDir
    private static Path directory;

    private Network network;
    private Node java;
    private Global global;
    private ProcessGroups groups;
    private OtpNode first;
    private OtpNode second;

    @BeforeEach
    void start() {
        network = new Network(Carrier.TCP, directory);
        java = network.java(JAVA);
        global = Global.start(java);
        groups = ProcessGroups.start(java);
        first = network.otp("otp@otp.orga.test");
        second = network.otp("other@other.orga.test");
        for (OtpNode node : List.of(first, second)) {
            node.eval("{ok, _} = pg:start(pg)");
        }
    }

    @AfterEach
    void stop() {
        network.close();
    }

    /** Connects one node to the Hawser node, and lets global bring in the other. */
    private void join() throws InterruptedException {
        assertThat(first.eval("net_kernel:connect_node('" + JAVA + "')")).isEqualTo("true");
        assertThat(first.eval("global:sync()")).isEqualTo("ok");
        assertThat(second.eval("net_kernel:connect_node('" + first.name() + "')"))
                .isEqualTo("true");
        Await.until(SOON, "all are connected", () -> java.nodes().size() == 2);
        second.awaitEval(SOON, "2", "length(nodes())");
        for (OtpNode node : List.of(first, second)) {
            assertThat(node.eval("global:sync()")).isEqualTo("ok");
        }
        assertThat(global.sync(SOON)).isTrue();
    }

    private String whereis(OtpNode node) {
        return node.eval("case global:whereis_name(service) of undefined -> undefined; P -> node(P) end");
    }

    private void awaitOwner(String node) {
        Term name = Atom.of(node);
        Await.until(
                SOON,
                "the name is at " + node,
                () -> global.whereisName(NAME)
                        .filter(pid -> pid.node().equals(name))
                        .isPresent());
        for (OtpNode each : List.of(first, second)) {
            Await.until(
                    SOON, each.name() + " finds " + node, () -> whereis(each).equals("'" + node + "'"));
        }
    }

    @Test
    void namesOfEachSideAreKnownToAll() throws InterruptedException {
        join();
        Mailbox owner = java.mailbox();
        assertThat(global.registerName(NAME, owner.self())).isTrue();
        awaitOwner(JAVA);
        assertThat(second.eval("global:register_name(service, " + HOLD + ")")).isEqualTo("no");
        second.eval("global:send(service, {hello, 1})");
        assertThat(Pair.next(owner)).isEqualTo("{hello,1}");
        global.unregisterName(NAME);
        assertThat(whereis(first)).isEqualTo("undefined");
        assertThat(second.eval("global:register_name(service, " + HOLD + ")")).isEqualTo("yes");
        awaitOwner(second.name());
        assertThat(global.registerName(NAME, owner.self())).isFalse();
        assertThat(first.eval("global:unregister_name(service)")).isEqualTo("ok");
        assertThat(global.whereisName(NAME)).isEmpty();
    }

    @Test
    void namesGivenBeforeTheNodesMeetAreExchanged() throws InterruptedException {
        second.eval("yes = global:register_name(service, " + HOLD + ")");
        global.registerName(term("{java, 1}"), java.mailbox().self());
        join();
        awaitOwner(second.name());
        assertThat(second.eval("node(global:whereis_name({java, 1}))")).isEqualTo("'" + JAVA + "'");
    }

    @Test
    void ofTwoProcessesOfOneNameOneStays() throws InterruptedException {
        Mailbox owner = java.mailbox();
        global.registerName(NAME, owner.self());
        first.eval("yes = global:register_name(service, P = " + HOLD + "), register(loser, P)");
        join();
        awaitOwner(JAVA); // the smaller node name
        first.awaitEval(SOON, "undefined", "whereis(loser)");
        assertThat(owner.isAlive()).isTrue();
    }

    @Test
    void aNameEndsWithItsProcessAndWithItsNode() throws InterruptedException {
        join();
        Mailbox owner = java.mailbox();
        global.registerName(NAME, owner.self());
        owner.close();
        first.awaitEval(SOON, "undefined", "global:whereis_name(service)");
        second.eval("yes = global:register_name(service, " + HOLD + ")");
        awaitOwner(second.name());
        second.kill();
        Await.until(SOON, "gone", () -> global.whereisName(NAME).isEmpty());
        assertThat(first.eval("global:sync(), nodes()")).isEqualTo("['" + JAVA + "']");
        assertThat(global.sync(SOON)).isTrue();
    }

    @Test
    void aNodeThatAMemberCannotSeeLeaves() throws InterruptedException {
        join();
        first.eval(
                "erlang:set_cookie('" + second.name() + "', another), erlang:disconnect_node('" + second.name() + "')");
        Await.until(
                SOON,
                "no node sees two that do not see each other",
                () -> java.nodes().size() < 2);
        assertThat(global.sync(SOON)).isTrue();
    }

    @Test
    void groupsHaveTheMembersOfAllNodes() throws InterruptedException {
        join();
        Mailbox member = java.mailbox();
        groups.join(GROUP, member.self());
        first.eval("pg:join(workers, " + HOLD + ")");
        second.eval("P = " + HOLD + ", pg:join(workers, [P, P])");
        Await.until(SOON, "four members", () -> groups.members(GROUP).size() == 4);
        for (OtpNode node : List.of(first, second)) {
            node.awaitEval(SOON, "4", "length(pg:get_members(workers))");
        }
        second.kill();
        Await.until(SOON, "two members", () -> groups.members(GROUP).size() == 2);
        groups.leave(GROUP, member.self());
        first.awaitEval(SOON, "1", "length(pg:get_members(workers))");
        groups.join(GROUP, member.self());
        member.close();
        first.awaitEval(SOON, "1", "length(pg:get_members(workers))");
        assertThat(first.eval("is_pid(whereis(pg))")).isEqualTo("true");
    }
}
