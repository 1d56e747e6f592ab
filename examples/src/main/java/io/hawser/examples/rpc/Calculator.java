package io.hawser.examples.rpc;

import io.hawser.examples.launch.ExampleNode;
import io.hawser.node.ErlangException;
import io.hawser.node.Erpc;
import io.hawser.node.Mailbox;
import io.hawser.node.NodeConfig;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.NodeName;
import io.hawser.term.Term;
import java.time.Duration;
import java.util.List;

/**
 * Two functions that other nodes may call by {@code rpc} and {@code erpc}, and nothing else; and what Java does to call
 * theirs. The first node waits to be called, the second calls the others.
 *
 * <pre>{@code
 * $ examples/bin/example rpc.Calculator a@localhost
 * a@localhost calculates
 * $ erl -args_file certs/erl/vm.args
 * 1> erpc:call('a@localhost', calculator, add, [40, 2]).
 * 42
 * 2> rpc:call('a@localhost', calculator, divide, [1, 0]).
 * {badrpc,{'EXIT',{badarith,[{calculator,divide,2,[]}]}}}
 * 3> rpc:call('a@localhost', os, cmd, ["id"]).
 * {badrpc,{'EXIT',{undef,[{os,cmd,["id"],[]}]}}}
 * $ examples/bin/example rpc.Calculator b@localhost a@localhost erl@localhost
 * call to erlang:'-'/2 at a@localhost: error: {exception,undef,[{erlang,'-',[1,3],[]}]}
 * erl@localhost: -2
 * }</pre>
 */
public final class Calculator {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private Calculator() {}

    /**
     * Waits to be called, or calls {@code erlang:'-'(1, 3)} on other nodes.
     *
     * @param arguments the node's name, and two nodes to call; without these it waits
     */
    public static void main(String[] arguments) {
        ExampleNode.run(Calculator.class, "NODE [PEER] [PEER]", arguments, Calculator::configure, (node, words) -> {
            if (words.size() == 1) {
                Mailbox idle = node.mailbox();
                System.out.println(node.name() + " calculates");
                idle.receive();
            }
            List<Atom> peers = words.stream()
                    .skip(1)
                    .map(peer -> NodeName.parse(peer).atom())
                    .toList();
            List<Term> numbers = List.of(Int.of(1), Int.of(3));
            for (Erpc.Result result : Erpc.multicall(node, peers, Atom.of("erlang"), Atom.of("-"), numbers, TIMEOUT)) {
                System.out.println(show(result));
            }
        });
    }

    private static void configure(NodeConfig.Builder config) {
        config.function("calculator", "add", 2, a -> Int.of(number(a, 0) + number(a, 1)))
                .function("calculator", "divide", 2, Calculator::divide);
    }

    private static Term divide(List<Term> arguments) {
        if (number(arguments, 1) == 0) {
            throw ErlangException.error(Atom.of("badarith"));
        }
        return Int.of(number(arguments, 0) / number(arguments, 1));
    }

    private static long number(List<Term> arguments, int index) {
        return ((Int) arguments.get(index)).value();
    }

    private static String show(Erpc.Result result) {
        return result instanceof Erpc.Raised raised
                ? String.valueOf(raised.exception().getMessage())
                : result.node().text() + ": " + result.get();
    }
}
