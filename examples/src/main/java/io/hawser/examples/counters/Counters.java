package io.hawser.examples.counters;

import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieHandshakes;
import io.hawser.epmd.NodeResolver;
import io.hawser.mapping.TermMapper;
import io.hawser.mapping.TermMappingException;
import io.hawser.node.Mailbox;
import io.hawser.node.Node;
import io.hawser.node.NodeConfig;
import io.hawser.term.Pid;
import io.hawser.tls.TlsIdentity;
import io.hawser.tls.TlsTransport;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A process registered as {@code counters} whose messages are records. Cookie and certificates are those of the README.
 *
 * <pre>{@code
 * $ examples/bin/example counters.Counters
 * $ erl -args_file certs/erl/vm.args
 * 1> C = {counters, java@localhost}.
 * 2> C ! {put, <<"visits">>, 7}, C ! {get, <<"visits">>, self()}.
 * 3> flush().
 * Shell got {value,<<"visits">>,7}
 * 4> C ! {put, <<"visits">>, many}.
 * refused: $.value: many is no long (expected: an integer -9223372036854775808..9223372036854775807)
 * }</pre>
 */
public final class Counters {
    private static final TermMapper MAPPER = TermMapper.of(Request.class, Value.class);

    private Counters() {}

    /** What others ask. */
    sealed interface Request permits Put, Get {}

    record Put(String key, long value) implements Request {} // {put, <<"key">>, 1}

    record Get(String key, Pid from) implements Request {} // {get, <<"key">>, Pid}

    record Value(String key, Optional<Long> value) {} // {value, <<"key">>, 1} or {value, <<"key">>, undefined}

    /**
     * Serves until it is stopped.
     *
     * @param arguments none
     * @throws Exception if the cookie or the certificates cannot be read
     */
    public static void main(String[] arguments) throws Exception {
        var config = NodeConfig.builder("java@localhost")
                .transport(TlsTransport.mutual(TlsIdentity.load(Path.of("certs/java"))))
                .handshake(
                        CookieHandshakes.auto(Cookie.read(Path.of(System.getProperty("user.home"), ".erlang.cookie"))))
                .resolver(NodeResolver.epmd())
                .build();
        try (Node node = Node.start(config);
                Mailbox counters = node.register("counters")) {
            serve(counters);
        }
    }

    /**
     * Serves until the mailbox ends.
     *
     * @param counters gets the requests
     * @throws InterruptedException if the thread is interrupted
     */
    public static void serve(Mailbox counters) throws InterruptedException {
        Map<String, Long> values = new HashMap<>();
        for (; ; ) {
            try {
                Request request = MAPPER.fromTerm(counters.receive().toTerm(), Request.class);
                if (request instanceof Put put) {
                    values.put(put.key(), put.value());
                } else if (request instanceof Get get) {
                    var value = new Value(get.key(), Optional.ofNullable(values.get(get.key())));
                    counters.send(get.from(), MAPPER.toTerm(value));
                }
            } catch (TermMappingException e) {
                System.err.println("refused: " + e.getMessage());
            }
        }
    }
}
