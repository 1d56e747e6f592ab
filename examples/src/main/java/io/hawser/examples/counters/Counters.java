package io.hawser.examples.counters;

import io.hawser.examples.launch.ExampleNode;
import io.hawser.mapping.TermMapper;
import io.hawser.mapping.TermMappingException;
import io.hawser.node.Mailbox;
import io.hawser.term.Pid;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A process registered as {@code counters} whose messages are records.
 *
 * <pre>{@code
 * $ examples/bin/example counters.Counters a@localhost
 * the counters are at a@localhost
 * $ erl -args_file certs/erl/vm.args
 * 1> C = {counters, a@localhost}, C ! {put, <<"visits">>, 7}, C ! {get, <<"visits">>, self()}, ok.
 * ok
 * 2> receive Value -> Value end.
 * {value,<<"visits">>,7}
 * 3> C ! {put, <<"visits">>, many}.
 * {put,<<"visits">>,many}
 * Counters< refused: $.value: many is no long (expected: an integer -9223372036854775808..9223372036854775807)
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
     * @param arguments the node's name
     */
    public static void main(String[] arguments) {
        ExampleNode.run(Counters.class, "NODE", arguments, (node, words) -> {
            Mailbox counters = node.register("counters");
            System.out.println("the counters are at " + node.name());
            serve(counters);
        });
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
