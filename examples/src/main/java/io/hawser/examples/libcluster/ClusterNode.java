package io.hawser.examples.libcluster;

import io.hawser.cluster.Global;
import io.hawser.epmd.ResolverException;
import io.hawser.examples.launch.ExampleNode;
import io.hawser.node.Mailbox;
import io.hawser.node.Node;
import io.hawser.term.NodeName;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Finds a cluster as {@code libcluster} does, by one of its strategies, and connects to every node that it finds; nodes that
 * these know, whatever the strategy, introduce themselves. Tells who comes and goes; end of input leaves.
 *
 * <pre>{@code
 * $ iex --erl "-args_file certs/erl/vm.args"
 * iex(1)> :net_kernel.monitor_nodes(true)
 * :ok
 * $ examples/bin/example libcluster.ClusterNode a@localhost hosts erl@localhost b@localhost
 * {nodeup,erl@localhost}
 * iex(2)> Node.list()
 * [:a@localhost]
 * $ examples/bin/example libcluster.ClusterNode b@localhost local-epmd
 * iex(3)> receive do {:nodeup, :b@localhost} -> :two_java_nodes end
 * :two_java_nodes
 * b> ^D
 * hosts< {nodedown,b@localhost}
 * }</pre>
 */
public final class ClusterNode {
    private static final long POLL_SECONDS = 5; // as libcluster's polling_interval

    private final Node node;
    private final Strategy strategy;
    private final Set<NodeName> told = ConcurrentHashMap.newKeySet();

    private ClusterNode(Node node, Strategy strategy) {
        this.node = node;
        this.strategy = strategy;
    }

    /**
     * Runs the node until its standard input ends.
     *
     * @param arguments the node's name, and a strategy: {@code hosts NODE...}, {@code local-epmd} or
     *     {@code dns-poll QUERY BASENAME}
     */
    @SuppressWarnings("FutureReturnValueIgnored") // until the input ends
    public static void main(String[] arguments) {
        ExampleNode.run(ClusterNode.class, "NODE STRATEGY [WORD] [WORD] [WORD]", arguments, (node, words) -> {
            var cluster = new ClusterNode(node, strategy(node, words.get(1), words.subList(2, words.size())));
            Mailbox watcher = node.mailbox();
            watcher.onMessage(message -> System.out.println(message.toTerm()));
            watcher.monitorNodes(true);
            Global.start(node); // takes part in the mesh; without it the node would only be found by who polls
            var timer = Executors.newSingleThreadScheduledExecutor();
            try {
                timer.scheduleWithFixedDelay(cluster::poll, 0, POLL_SECONDS, TimeUnit.SECONDS);
                while (System.in.read() >= 0) {
                    // until the input ends
                }
            } finally {
                timer.shutdownNow();
            }
        });
    }

    private static Strategy strategy(Node node, String name, List<String> words) {
        int epmd = Integer.parseInt(System.getenv().getOrDefault("ERL_EPMD_PORT", "4369"));
        return switch (name + "/" + words.size()) {
            case "hosts/1", "hosts/2", "hosts/3" -> Strategy.hosts(words);
            case "local-epmd/0" -> Strategy.localEpmd(node.name().host(), epmd);
            case "dns-poll/2" -> Strategy.dnsPoll(words.get(0), words.get(1));
            default ->
                throw new IllegalArgumentException("strategy: " + name + " " + String.join(" ", words)
                        + " (expected: hosts NODE..., local-epmd, or dns-poll QUERY BASENAME)");
        };
    }

    /** Connects to nodes that are new, and to those that were not there or have gone. */
    private void poll() {
        try {
            for (NodeName other : strategy.nodes()) {
                if (!other.equals(node.name())) {
                    var unused = node.connect(other).whenComplete((connected, failure) -> {
                        if (failure != null && told.add(other)) {
                            System.err.println("not yet: " + failure.getMessage());
                        }
                    });
                }
            }
        } catch (IOException | ResolverException e) {
            System.err.println("no nodes found: " + e.getMessage()); // asked again soon
        }
    }
}
