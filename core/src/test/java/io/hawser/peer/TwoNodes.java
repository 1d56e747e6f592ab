package io.hawser.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.testing.ManualScheduler;
import io.hawser.transport.InMemoryNetwork;
import io.hawser.transport.InMemoryTransport;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** What tests of connections need: virtual time, a network in memory, two nodes, a and b, that know each other. */
abstract class TwoNodes {
    final ManualScheduler time = new ManualScheduler();
    final InMemoryNetwork network = InMemoryNetwork.on(time);
    final TestNode.Directory directory = new TestNode.Directory();
    final InMemoryTransport stranger = network.transport();
    private final List<TestNode> nodes = new ArrayList<>();

    TestNode.Builder node(String name) {
        return new TestNode.Builder(name, network.transport(), time, directory) {
            @Override
            TestNode make() {
                TestNode made = super.make();
                nodes.add(made);
                return made;
            }
        };
    }

    /** Dials a node as a stranger. */
    RawPeer dial(TestNode node) {
        RawPeer peer = RawPeer.dial(stranger, node.peers.address());
        time.runReady();
        return peer;
    }

    /** Dials a node as one that has the cookie, up to the connected phase. */
    RawPeer connect(TestNode node, String name) {
        RawPeer peer = dial(node);
        peer.sayName(name);
        time.runReady();
        peer.sayReply("secret");
        time.runReady();
        return peer;
    }

    @AfterEach
    void closeAll() {
        nodes.forEach(TestNode::close);
        time.runReady();
        nodes.forEach(node -> assertThat(node.violations).isEmpty());
        nodes.forEach(node -> assertThat(node.peers.connections()).isEmpty());
    }
}
