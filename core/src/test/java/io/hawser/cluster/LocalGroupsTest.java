package io.hawser.cluster;

import static io.hawser.cluster.MemoryCluster.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.node.GenServer;
import io.hawser.node.Mailbox;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.ListTerm;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a scope process keeps of its own node, and that it goes on when something in it fails. */
class LocalGroupsTest {
    private static final Term GROUP = Atom.of("group");

    private final MemoryCluster cluster = new MemoryCluster();
    private final Node node = cluster.start("m@host");
    private final LocalGroups groups = new LocalGroups(node.mailbox());
    private final Pid member = node.mailbox().self();

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void whatPeersAreToldIsMadeOnceAfterEachChange() {
        groups.join(GROUP, member);
        Term told = groups.toTerm();
        assertThat(told).hasToString("[{group,[" + member + "]}]");
        assertThat(groups.toTerm()).isSameAs(told);
        groups.join(GROUP, member);
        assertThat(groups.toTerm()).hasToString("[{group,[" + member + "," + member + "]}]");
        assertThat(groups.leave(GROUP, member)).as("the first of two").isTrue();
        assertThat(groups.leave(GROUP, member)).as("the second").isTrue();
        assertThat(groups.toTerm()).hasToString("[]");
        assertThat(groups.leave(GROUP, member)).isFalse();
    }

    @Test
    void whoEndsLeavesAllItsGroups() {
        groups.join(GROUP, member);
        assertThat(groups.ended(member, node.makeReference())).isEmpty();
        assertThat(groups.toTerm()).isNotEqualTo(ListTerm.EMPTY);
    }

    @Test
    void aTaskThatFailsCostsItselfOnly() throws InterruptedException {
        Mailbox scope = node.register(ProcessGroups.DEFAULT_SCOPE);
        var key = node.makeReference();
        var table = new GroupTable();
        var server = new GroupServer(scope, ProcessGroups.DEFAULT_SCOPE, key, table);
        GenServer.start(scope, server);
        server.post(() -> {
            throw new IllegalStateException("as the test wants it");
        });
        Tuple join = GroupServer.join(key, GROUP, member);
        assertThat(GenServer.call(node, scope.self(), join, SOON)).isEqualTo(Atom.TRUE);
        assertThat(table.members(GROUP)).containsExactly(member);
    }
}
