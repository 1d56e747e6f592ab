package io.hawser.examples.cache;

import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieHandshakes;
import io.hawser.epmd.EpmdOptions;
import io.hawser.epmd.NodeResolver;
import io.hawser.node.CallException;
import io.hawser.node.ConnectionInfo;
import io.hawser.node.GenServer;
import io.hawser.node.Mailbox;
import io.hawser.node.Node;
import io.hawser.node.NodeConfig;
import io.hawser.term.Atom;
import io.hawser.term.NodeName;
import io.hawser.term.Term;
import io.hawser.term.TermParser;
import io.hawser.term.TermPrinter;
import io.hawser.term.Tuple;
import io.hawser.tls.TlsCredentials;
import io.hawser.tls.TlsTransport;
import io.hawser.transport.TransportException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A node with a copy of the cache, and a prompt: {@code put KEY VALUE}, {@code get KEY}, {@code ask NODE KEY} (the copy at
 * another node), {@code connect NODE}, {@code peers}; end of input leaves. Keys and values are Erlang terms.
 *
 * <p>Every host name means this machine here, so that nodes have hosts of their own without DNS.
 *
 * <pre>{@code
 * examples/bin/example cache.CacheNode a@a.demo.test certs/a cookie 4370 b@b.demo.test
 * examples/bin/example cache.CacheNode b@b.demo.test certs/b cookie 4370 a@a.demo.test
 * }</pre>
 */
public final class CacheNode {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private CacheNode() {}

    /**
     * Runs the node until its standard input ends.
     *
     * @param arguments the node's name, its certificates as {@code certs-tool export java} wrote them, the cookie's file,
     *     EPMD's port, and the names of the other nodes with a copy
     * @throws Exception if the terminal fails
     */
    public static void main(String[] arguments) throws Exception {
        var others = Arrays.stream(arguments).skip(4).map(NodeName::parse).toList();
        var config = NodeConfig.builder(arguments[0])
                .transport(TlsTransport.mutual(TlsCredentials.watch(Path.of(arguments[1]))))
                .handshake(CookieHandshakes.auto(Cookie.read(Path.of(arguments[2]))))
                .resolver(NodeResolver.epmd(EpmdOptions.builder()
                        .port(Integer.parseInt(arguments[3]))
                        .hosts(host -> InetAddress.getLoopbackAddress())
                        .build()))
                .build();
        try (Node node = Node.start(config);
                Mailbox cache = node.register(CacheServer.NAME)) {
            GenServer.start(cache, new CacheServer(others));
            System.out.println(
                    "ready " + node.name() + " on port " + node.address().getPort());
            prompt(node);
        }
    }

    private static void prompt(Node node) throws IOException, InterruptedException {
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            System.out.println(carryOut(node, line.strip().split(" +", 3)));
        }
    }

    private static String carryOut(Node node, String[] words) throws InterruptedException {
        try {
            return answer(node, words);
        } catch (TransportException e) {
            return "refused: " + e.getMessage();
        } catch (CallException | IllegalArgumentException e) {
            return "error: " + e.getMessage();
        }
    }

    private static String answer(Node node, String[] words) throws InterruptedException {
        return switch (words[0] + "/" + (words.length - 1)) {
            case "put/2" -> call(node, CacheServer.NAME, Atom.of("put"), term(words[1]), term(words[2]));
            case "get/1" -> call(node, CacheServer.NAME, Atom.of("get"), term(words[1]));
            case "ask/2" -> call(node, copyAt(words[1]), Atom.of("get"), term(words[2]));
            case "connect/1" -> connect(node, NodeName.parse(words[1]));
            case "peers/0" ->
                node.connections().stream().map(CacheNode::describe).collect(Collectors.joining("; "));
            default -> "error: expected put KEY VALUE, get KEY, ask NODE KEY, connect NODE or peers";
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
