package io.hawser.examples.genserver;

import io.hawser.examples.launch.ExampleNode;
import io.hawser.node.GenServer;
import io.hawser.node.Mailbox;
import io.hawser.term.Atom;
import io.hawser.term.IntegerTerm;
import io.hawser.term.Term;
import io.hawser.term.TermPattern;
import io.hawser.term.Tuple;
import java.math.BigInteger;
import java.util.Optional;

/**
 * A gen_server in Java: {@code {add, N}} is answered with the sum so far, the cast {@code reset} begins again. Erlang and
 * Elixir call it as any other, look at its state, and stop it.
 *
 * <pre>{@code
 * $ examples/bin/example genserver.CounterServer a@localhost
 * the counter runs at a@localhost
 * $ erl -args_file certs/erl/vm.args
 * 1> Counter = {counter, 'a@localhost'}.
 * {counter,a@localhost}
 * 2> gen_server:call(Counter, {add, 2}).
 * 2
 * 3> gen_server:cast(Counter, reset).
 * ok
 * 4> gen_server:call(Counter, {add, 40}).
 * 40
 * 5> gen_server:call(Counter, {add, two}).
 * {error,unknown_request}
 * 6> sys:get_state(Counter).
 * 40
 * $ iex --erl "-args_file certs/iex/vm.args"
 * iex(1)> GenServer.call({:counter, :a@localhost}, {:add, 2})
 * 42
 * iex(2)> GenServer.stop({:counter, :a@localhost})
 * :ok
 * CounterServer< the counter ended: normal
 * }</pre>
 */
public final class CounterServer implements GenServer.Callbacks {
    private static final TermPattern ADD = TermPattern.parse("{add, N}");

    private BigInteger sum = BigInteger.ZERO;

    private CounterServer() {}

    /**
     * Serves until somebody stops the server.
     *
     * @param arguments the node's name
     */
    public static void main(String[] arguments) {
        ExampleNode.run(CounterServer.class, "NODE", arguments, (node, words) -> {
            Mailbox counter = node.register("counter");
            System.out.println("the counter runs at " + node.name());
            Term reason = GenServer.run(counter, new CounterServer());
            System.out.println("the counter ended: " + reason);
        });
    }

    @Override
    public void onCall(Mailbox self, GenServer.Call call) {
        Optional<Term> number = ADD.match(call.request()).map(found -> found.get("N"));
        if (number.orElse(null) instanceof IntegerTerm n) {
            sum = sum.add(n.bigIntegerValue());
            call.reply(self, state());
        } else {
            call.reply(self, Tuple.of(Atom.ERROR, Atom.of("unknown_request")));
        }
    }

    @Override
    public void onCast(Mailbox self, Term request) {
        if (request.equals(Atom.of("reset"))) {
            sum = BigInteger.ZERO;
        }
    }

    @Override
    public Term state() {
        return IntegerTerm.of(sum);
    }
}
