package io.hawser.examples.meshpage;

import io.hawser.cluster.Global;
import io.hawser.examples.launch.ExampleNode;
import io.hawser.node.NodeEvent;
import io.hawser.term.NodeName;
import java.time.Duration;
import java.util.Locale;

/**
 * Nodes that show their mesh: each has a page, on the loopback address, with all nodes and connections, what goes over them,
 * who is suspected, and which certificates end. Whom a node is told of it is introduced to, so one peer is enough.
 *
 * <pre>{@code
 * $ examples/bin/example meshpage.MeshPage a@localhost 0
 * a@localhost: the mesh is at http://localhost:
 * $ examples/bin/example meshpage.MeshPage java@localhost 0 a@localhost
 * java@localhost: the mesh is at http://localhost:
 * java@localhost: a@localhost is up
 * java> ^D
 * }</pre>
 */
public final class MeshPage {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private MeshPage() {}

    /**
     * Shows the mesh until its input ends.
     *
     * @param arguments the node's name, the port of the page (0 for any), and a node of the mesh, if there is one already
     */
    public static void main(String[] arguments) {
        ExampleNode.run(MeshPage.class, "NODE HTTP-PORT [PEER]", arguments, (node, words) -> {
            Reporter.start(node);
            node.watch(event -> tell(node.name(), event));
            Global.start(node); // ends with the node
            try (PageServer page = PageServer.start(node, Integer.parseInt(words.get(1)))) {
                System.out.println(node.name() + ": the mesh is at " + page.url());
                if (words.size() > 2) {
                    node.connect(NodeName.parse(words.get(2)), TIMEOUT);
                }
                while (System.in.read() >= 0) {} // until its end
            }
        });
    }

    private static void tell(NodeName self, NodeEvent event) {
        if (event instanceof NodeEvent.NodeUp up) {
            System.out.println(self + ": " + up.connection().node() + " is up");
        } else if (event instanceof NodeEvent.NodeDown down) {
            System.out.println(self + ": " + down.connection().node() + " is down, "
                    + down.reason().text());
        } else if (event instanceof NodeEvent.Suspected suspected) {
            System.out.println(String.format(
                    Locale.ROOT, "%s: %s is suspected, phi %.1f", self, suspected.node(), suspected.phi()));
        }
    }
}
