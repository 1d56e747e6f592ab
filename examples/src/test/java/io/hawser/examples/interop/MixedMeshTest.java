package io.hawser.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.cluster.Global;
import io.hawser.cluster.ProcessGroups;
import io.hawser.node.Mailbox;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.NodeName;
import io.hawser.term.Pid;
import io.hawser.testing.Await;
import io.hawser.testing.Interop;
import io.hawser.testing.OtpNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three Erlang and three Hawser nodes over TLS: a mesh that forms from two halves, and what it survives. */
@Interop
class MixedMeshTest {
    /** As long as OTP may take to sync six nodes on a machine that does other things. */
    private static final Duration SOON = Duration.ofSeconds(20);

    private static final Atom GROUP = Atom.of("workers");
    private static final String HOLD = "spawn(fun() -> receive stop -> ok end end)";

    private static final String JAVA_1 = "b@left1.orga.test";
    private static final String OTP_1 = "m@left2.orga.test";
    private static final String JAVA_2 = "y@left3.orga.test";
    private static final String OTP_2 = "a@right1.orga.test";
    private static final String JAVA_3 = "n@right2.orga.test";
    private static final String OTP_3 = "z@right3.orga.test";

    @TempDir
    private Path directory;

    private @Nullable Halves made;
    private final Map<String, Member> members = new LinkedHashMap<>();

    private Halves network() {
        return Objects.requireNonNull(made, "network");
    }

    private Member member(String name) {
        return Objects.requireNonNull(members.get(name), name);
    }

    /** A node, of whatever runtime. */
    private interface Member {
        int peers();

        boolean sync() throws InterruptedException;

        /** Registers a process of its own. */
        boolean register(String name) throws InterruptedException;

        /** The node that a name is at; empty if nobody has it. */
        String whereis(String name);

        int workers();
    }

    private record Java(Node node, Global global, ProcessGroups groups) implements Member {
        static Java start(Node node) throws InterruptedException {
            var java = new Java(node, Global.start(node), ProcessGroups.start(node));
            java.groups.join(GROUP, node.mailbox().self());
            return java;
        }

        @Override
        public int peers() {
            return node.nodes().size();
        }

        @Override
        public boolean sync() throws InterruptedException {
            return global.sync(SOON);
        }

        @Override
        public boolean register(String name) throws InterruptedException {
            Mailbox owner = node.mailbox();
            return global.registerName(Atom.of(name), owner.self());
        }

        @Override
        public String whereis(String name) {
            return global.whereisName(Atom.of(name))
                    .map(Pid::node)
                    .map(Atom::text)
                    .orElse("");
        }

        @Override
        public int workers() {
            return groups.members(GROUP).size();
        }
    }

    private record Otp(OtpNode node) implements Member {
        static Otp start(OtpNode node) {
            node.eval("{ok, _} = pg:start(pg), pg:join(workers, " + HOLD + ")");
            return new Otp(node);
        }

        @Override
        public int peers() {
            return Integer.parseInt(node.eval("length(nodes())"));
        }

        @Override
        public boolean sync() {
            return node.eval("global:sync()").equals("ok");
        }

        @Override
        public boolean register(String name) {
            return node.eval("global:register_name(" + name + ", " + HOLD + ")").equals("yes");
        }

        @Override
        public String whereis(String name) {
            return node.eval("case global:whereis_name(" + name + ") of undefined -> ''; P -> node(P) end")
                    .replace("'", "");
        }

        @Override
        public int workers() {
            return Integer.parseInt(node.eval("length(pg:get_members(workers))"));
        }
    }

    @AfterEach
    void stop() {
        if (made != null) {
            made.close();
        }
    }

    private Java java(String name) {
        return (Java) Objects.requireNonNull(members.get(name));
    }

    private OtpNode otp(String name) {
        return ((Otp) Objects.requireNonNull(members.get(name))).node;
    }

    private void start() throws InterruptedException {
        made = new Halves(directory, JAVA_1, OTP_1, JAVA_2, OTP_2, JAVA_3, OTP_3);
        var starting = Stream.of(OTP_1, OTP_2, OTP_3)
                .map(name -> CompletableFuture.supplyAsync(() -> network().otp(name)))
                .toList();
        for (String name : List.of(JAVA_1, JAVA_2, JAVA_3)) {
            members.put(name, Java.start(network().java(name)));
        }
        starting.forEach(each -> members.put(each.join().name(), Otp.start(each.join())));
    }

    private void connect(String from, String to) throws InterruptedException {
        if (members.get(from) instanceof Java java) {
            java.node.connect(NodeName.parse(to), SOON);
        } else {
            assertThat(otp(from).eval("net_kernel:connect_node('" + to + "')")).isEqualTo("true");
        }
    }

    private void await(String what, Predicate<Member> each) {
        members.forEach((name, member) -> Await.until(SOON, name + ": " + what, () -> each.test(member)));
    }

    /** All of so many nodes see each other, and say so. */
    private void awaitMesh(int size) throws InterruptedException {
        await("connected to " + (size - 1), member -> member.peers() == size - 1);
        for (Member member : members.values()) {
            assertThat(member.sync()).isTrue();
        }
        await("a worker of each", member -> member.workers() == size);
    }

    private void awaitName(String name, String node) {
        try {
            await(name + " is at '" + node + "'", member -> member.whereis(name).equals(node));
        } catch (AssertionError e) {
            throw new AssertionError(
                    members.entrySet().stream()
                            .map(each -> each.getKey() + " finds it at '"
                                    + each.getValue().whereis(name) + "'")
                            .collect(Collectors.joining("; ")),
                    e);
        }
    }

    @Test
    void formsFromTwoHalvesAndSurvivesAKillACloseAndAPartition() throws InterruptedException {
        start();

        connect(JAVA_2, JAVA_1);
        connect(OTP_1, JAVA_2);
        connect(OTP_2, OTP_3);
        connect(JAVA_3, OTP_3);
        assertThat(java(JAVA_1).register("of_java")).isTrue();
        assertThat(member(OTP_2).register("of_otp")).isTrue();
        connect(OTP_1, JAVA_3); // the only one between the halves: the rest are introduced
        awaitMesh(6);
        awaitName("of_java", JAVA_1);
        awaitName("of_otp", OTP_2);
        assertThat(java(JAVA_3).register("of_otp")).isFalse();

        // a node is killed, and comes back
        Member killed = Objects.requireNonNull(members.remove(OTP_2));
        ((Otp) killed).node.kill();
        awaitMesh(5);
        awaitName("of_otp", "");
        members.put(OTP_2, Otp.start(network().otp(OTP_2)));
        connect(OTP_2, JAVA_2);
        awaitMesh(6);

        // a node ends, and comes back as another incarnation
        Java ended = (Java) Objects.requireNonNull(members.remove(JAVA_1));
        ended.node.close();
        awaitMesh(5);
        awaitName("of_java", "");
        members.put(JAVA_1, Java.start(network().java(JAVA_1)));
        assertThat(java(JAVA_1).node.creation()).isNotEqualTo(ended.node.creation());
        connect(JAVA_1, OTP_3);
        awaitMesh(6);

        // the halves are parted, and meet again
        network().cut();
        await("three are left", member -> member.peers() == 2 && member.workers() == 3);
        for (Member member : members.values()) {
            assertThat(member.sync()).isTrue();
        }
        assertThat(java(JAVA_2).register("one")).isTrue();
        assertThat(member(OTP_3).register("one")).isTrue();
        network().heal();
        connect(JAVA_3, OTP_1);
        awaitMesh(6);
        awaitName("one", JAVA_2); // the lesser name's stays
    }
}
