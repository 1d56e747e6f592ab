package io.hawser.examples.cache;

import io.hawser.cluster.Global;
import io.hawser.cluster.ProcessGroups;
import io.hawser.epmd.EpmdOptions;
import io.hawser.epmd.NodeResolver;
import io.hawser.examples.launch.ExampleNode;
import io.hawser.node.CallException;
import io.hawser.node.ConnectionInfo;
import io.hawser.node.GenServer;
import io.hawser.node.Node;
import io.hawser.node.NodeConfig;
import io.hawser.term.Atom;
import io.hawser.term.NodeName;
import io.hawser.term.Term;
import io.hawser.term.TermParser;
import io.hawser.term.TermPrinter;
import io.hawser.term.Tuple;
import io.hawser.transport.TransportException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A node with a copy of the cache, and a prompt: {@code put KEY VALUE}, {@code get KEY}, {@code ask NODE KEY} (the copy at
 * another node), {@code copies N} (waits for so many), {@code connect NODE}, {@code peers}, {@code crash}; end of input
 * leaves. Keys and values are Erlang terms.
 *
 * <p>A node knows one other, which introduces it to the rest: four nodes, each of which was told of one, are a cluster of
 * four. What was put into a node that crashes is in the others; calls of its copy fail; who comes back is told everything.
 * A node that is told of several others is content with those.
 *
 * <p>Every host name means this machine here, so that nodes have hosts of their own without DNS.
 *
 * <pre>{@code
 * $ examples/bin/example cache.CacheNode a@localhost
 * ready a@localhost on port
 * a> put colour blue
 * ok
 * $ examples/bin/example cache.CacheNode b@localhost a@localhost
 * ready b@localhost on port
 * $ examples/bin/example cache.CacheNode c@localhost b@localhost
 * ready c@localhost on port
 * $ examples/bin/example cache.CacheNode d@localhost a@localhost
 * ready d@localhost on port
 * d> copies 4
 * a@localhost b@localhost c@localhost d@localhost
 * d> get colour
 * {ok,blue}
 * d> put {answer,life} 42
 * ok
 * c> get {answer,life}
 * {ok,42}
 * c> crash
 * d> copies 3
 * a@localhost b@localhost d@localhost
 * d> ask c@localhost colour
 * error:
 * d> put colour green
 * ok
 * $ examples/bin/example cache.CacheNode c@localhost d@localhost
 * ready c@localhost on port
 * c> copies 4
 * a@localhost b@localhost c@localhost d@localhost
 * c> ask b@localhost colour
 * {ok,green}
 * c> get colour
 * {ok,green}
 * }</pre>
 */
public final class CacheNode {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int CRASHED = 137; // as of a process that is killed

    private CacheNode() {}

    /**
     * Runs the node until its standard input ends.
     *
     * @param arguments the node's name, and the nodes it knows
     */
    public static void main(String[] arguments) {
        ExampleNode.run(CacheNode.class, "NODE [KNOWN] [KNOWN] [KNOWN]", arguments, CacheNode::resolve, CacheNode::run);
    }

    private static void resolve(NodeConfig.Builder config) {
        config.resolver(NodeResolver.epmd(EpmdOptions.fromEnvironment()
                .hosts(host -> InetAddress.getLoopbackAddress())
                .build()));
    }

    private static void run(Node node, List<String> words) throws IOException, InterruptedException {
        var known = words.stream().skip(1).map(NodeName::parse).toList();
        if (known.size() < 2) {
            Global.start(node); // introduces all nodes to each other
        }
        ProcessGroups groups = ProcessGroups.start(node);
        CacheServer.start(node, groups);
        for (NodeName other : known) {
            greet(node, other);
        }
        System.out.println("ready " + node.name() + " on port " + node.address().getPort());
        prompt(node, groups);
    }

    /** Connects to a node that may not have started yet: then it is the one to connect. */
    private static void greet(Node node, NodeName other) throws InterruptedException {
        try {
            node.connect(other, TIMEOUT);
        } catch (TransportException e) {
            System.err.println("not connected yet: " + e.getMessage());
        }
    }

    private static void prompt(Node node, ProcessGroups groups) throws IOException, InterruptedException {
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            System.out.println(carryOut(node, groups, line.strip().split(" +", 3)));
        }
    }

    private static String carryOut(Node node, ProcessGroups groups, String[] words) throws InterruptedException {
        try {
            return answer(node, groups, words);
        } catch (TransportException e) {
            return "refused: " + e.getMessage();
        } catch (CallException | IllegalArgumentException e) {
            return "error: " + e.getMessage();
        }
    }

    private static String answer(Node node, ProcessGroups groups, String[] words) throws InterruptedException {
        return switch (words[0] + "/" + (words.length - 1)) {
            case "put/2" -> call(node, CacheServer.NAME, Atom.of("put"), term(words[1]), term(words[2]));
            case "get/1" -> call(node, CacheServer.NAME, Atom.of("get"), term(words[1]));
            case "ask/2" -> call(node, copyAt(words[1]), Atom.of("get"), term(words[2]));
            case "copies/1" -> copies(groups, Integer.parseInt(words[1]));
            case "crash/0" -> crash();
            case "connect/1" -> connect(node, NodeName.parse(words[1]));
            case "peers/0" ->
                node.connections().stream().map(CacheNode::describe).collect(Collectors.joining("; "));
            default -> "error: expected put KEY VALUE, get KEY, ask NODE KEY, copies N, connect NODE, peers or crash";
        };
    }

    /** One call: the same code whether the copy is in this JVM, in another one, or a process in an Erlang node. */
    private static String call(Node node, Term copy, Term... request) throws InterruptedException {
        return TermPrinter.pretty(GenServer.call(node, copy, Tuple.of(request), TIMEOUT));
    }

    private static Term copyAt(String node) {
        return Tuple.of(CacheServer.NAME, NodeName.parse(node).atom());
    }

    private static String connect(Node node, NodeName peer) throws InterruptedException {
        node.connect(peer, TIMEOUT);
        return "connected to " + peer;
    }

    /** Waits until there are so many copies, and says where. */
    private static String copies(ProcessGroups groups, int number) throws InterruptedException {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (groups.members(CacheServer.NAME).size() != number && System.nanoTime() - deadline < 0) {
            Thread.sleep(10);
        }
        return groups.members(CacheServer.NAME).stream()
                .map(copy -> copy.node().text())
                .sorted()
                .collect(Collectors.joining(" "));
    }

    private static String crash() {
        Runtime.getRuntime().halt(CRASHED);
        return "crashed";
    }

    private static Term term(String text) {
        return TermParser.parse(text);
    }

    private static String describe(ConnectionInfo connection) {
        String protection = connection
                .security()
                .map(security -> List.of(
                        security.protocol(),
                        security.cipherSuite() + " by " + security.engine(),
                        "certificate until " + security.peerExpires()))
                .map(parts -> String.join(", ", parts))
                .orElse("nothing protects it");
        return connection.peer() + ", " + protection + ", cookie proof " + connection.proof();
    }
}
