package io.hawser.examples.elixir;

import io.hawser.examples.launch.ExampleNode;
import io.hawser.node.CallException;
import io.hawser.node.GenServer;
import io.hawser.node.Mailbox;
import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.Int;
import io.hawser.term.Term;
import io.hawser.term.TermPattern;
import io.hawser.term.Tuple;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A server that Elixir calls for a price, and that calls an Elixir server at the same node for the tax before it answers.
 * It goes on with other calls meanwhile: the reply is sent by whichever thread gets the answer.
 *
 * <pre>{@code
 * $ examples/bin/example elixir.PriceServer a@localhost
 * prices are served at a@localhost
 * $ elixir --erl "-args_file certs/erl/vm.args" examples/src/main/elixir/tax.exs
 * an apple: {:ok, 119}
 * the moon: {:error, :not_for_sale}
 * PriceServer< closed: normal
 * }</pre>
 */
public final class PriceServer implements GenServer.Callbacks {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final TermPattern PRICE = TermPattern.parse("{price, Item}");
    private static final Map<Term, Term> PRICES = Map.of(Binary.utf8("apple"), Int.of(100));

    private PriceServer() {}

    /**
     * Serves until somebody stops the server.
     *
     * @param arguments the node's name
     */
    public static void main(String[] arguments) {
        ExampleNode.run(PriceServer.class, "NODE", arguments, (node, words) -> {
            Mailbox prices = node.register("prices");
            System.out.println("prices are served at " + node.name());
            System.out.println("closed: " + GenServer.run(prices, new PriceServer()));
        });
    }

    @Override
    public void onCall(Mailbox self, GenServer.Call call) {
        Optional<Term> price =
                PRICE.match(call.request()).flatMap(found -> Optional.ofNullable(PRICES.get(found.get("Item"))));
        if (price.isEmpty()) {
            call.reply(self, Tuple.of(Atom.ERROR, Atom.of("not_for_sale")));
            return;
        }
        Term tax = Tuple.of(Atom.of("Elixir.Tax"), call.from().node());
        Term question = Tuple.of(Atom.of("with_tax"), price.get());
        var unused = GenServer.callAsync(self.node(), tax, question, TIMEOUT)
                .handle((total, failure) -> failure == null ? Tuple.of(Atom.OK, total) : sorry(failure))
                .thenAccept(answer -> call.reply(self.node(), answer));
    }

    private static Term sorry(Throwable failure) {
        return Tuple.of(Atom.ERROR, failure instanceof CallException e ? e.reason() : Atom.of("closed"));
    }
}
