package io.hawser.examples.conformance;

import io.hawser.cluster.Global;
import io.hawser.cluster.ProcessGroups;
import io.hawser.node.GenServer;
import io.hawser.node.Node;
import io.hawser.node.NodeConfig;
import io.hawser.node.NodeKind;
import io.hawser.term.NodeName;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * Runs a node that any peer can drive: mailboxes {@code echo}, {@code sink}, {@code source} and {@code driver}. Prints
 * {@code ready NAME PORT}, and runs until its standard input ends or it gets SIGTERM.
 *
 * <pre>{@code
 * examples/bin/conformance-node --name java@localhost --transport tcp --cookie secret
 * erl -sname me@localhost -setcookie secret -eval "gen_server:call({driver, 'java@localhost'}, stats)."
 * }</pre>
 */
@Command(
        name = "conformance-node",
        description = "A node that any peer can drive over the distribution protocol alone.",
        sortOptions = false)
public final class ConformanceNode implements Callable<Integer> {
    private static final int EXIT_CONFIGURATION = 2;

    @Option(names = "--name", required = true, paramLabel = "NAME", description = "full node name, alive@host")
    private NodeName name = new NodeName("conformance", "localhost");

    @SuppressWarnings("UnusedVariable") // picocli reads it
    @Option(names = "--help", usageHelp = true, description = "show this help and exit")
    private boolean help;

    @Option(names = "--hidden", description = "connect as a hidden node")
    private boolean hidden;

    @Option(names = "--tick", paramLabel = "SECONDS", defaultValue = "60", description = "net tick time (60)")
    private int tickSeconds;

    @Mixin
    private CarrierOptions carrier = new CarrierOptions();

    @Mixin
    private CookieOptions cookie = new CookieOptions();

    @Mixin
    private AddressOptions addresses = new AddressOptions();

    private final PrintStream out;

    private ConformanceNode(PrintStream out) {
        this.out = out;
    }

    /**
     * Runs the node.
     *
     * @param arguments the options; {@code --help} lists them
     */
    public static void main(String[] arguments) {
        // standard output holds one line and nothing else, whatever a library prints
        PrintStream out = System.out;
        System.setOut(System.err);
        var command = new CommandLine(new ConformanceNode(out))
                .registerConverter(NodeName.class, ConformanceNode::nodeName)
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler((e, given) -> refuse(e))
                .setExecutionExceptionHandler((e, line, parsed) -> refuse(e));
        System.exit(command.execute(arguments));
    }

    private static NodeName nodeName(String text) {
        try {
            return NodeName.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }

    private static int refuse(Exception e) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        System.err.println("conformance-node: " + message.replace('\n', ' '));
        return EXIT_CONFIGURATION;
    }

    @Override
    public Integer call() throws IOException {
        var puppets = new Puppets();
        NodeConfig.Builder config = NodeConfig.builder(name)
                .transport(carrier.transport())
                .handshake(cookie.handshakes())
                .resolver(addresses.resolver())
                .listen(addresses.listen())
                .hidden(hidden)
                .tickTime(Duration.ofSeconds(tickSeconds));
        Functions.register(config, name.atom(), puppets);
        Node node = Node.start(config.build());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            node.close();
            Runtime.getRuntime().halt(0); // SIGTERM is how this ends, not an error
        }));
        Traffic.start(node);
        var groups = ProcessGroups.start(node, ProcessGroups.DEFAULT_SCOPE, hidden ? NodeKind.ALL : NodeKind.VISIBLE);
        Global global = hidden ? null : Global.start(node); // ends with the node
        GenServer.start(node.register("driver"), new Driver(node, puppets, groups, global));
        out.println("ready " + name + " " + node.address().getPort());
        waitForEndOfInput();
        return 0;
    }

    private static void waitForEndOfInput() throws IOException {
        byte[] ignored = new byte[1024];
        while (System.in.read(ignored) >= 0) {
            // whatever it says
        }
    }
}
