package io.hawser.examples.pubsub;

import io.hawser.examples.launch.ExampleNode;
import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.MapTerm;
import io.hawser.term.Term;
import io.hawser.term.TermPattern;
import io.hawser.term.TermPrinter;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * Subscribes to the topic {@code news} of {@code {Phoenix.PubSub, name: Demo.PubSub}} in an Elixir cluster, and answers each
 * piece with one of its own, as {@code Phoenix.PubSub.broadcast(Demo.PubSub, "news", message)} does there.
 *
 * <pre>{@code
 * $ examples/bin/example pubsub.NewsDesk a@localhost
 * a@localhost listens to news
 * $ elixir --erl "-args_file certs/erl/vm.args" examples/src/main/elixir/news.exs
 * NewsDesk< news: #{title => <<"Elixir says hello">>}
 * elixir< news: %{title: "Java heard: Elixir says hello"}
 * NewsDesk< news: bye
 * }</pre>
 */
public final class NewsDesk {
    private static final String TOPIC = "news";
    private static final Atom BYE = Atom.of("bye");
    private static final Atom TITLE = Atom.of("title");
    private static final TermPattern PIECE = TermPattern.parse("#{title := Title}");

    private NewsDesk() {}

    /**
     * Listens until somebody says {@code bye}.
     *
     * @param arguments the node's name
     */
    public static void main(String[] arguments) {
        ExampleNode.run(NewsDesk.class, "NODE", arguments, (node, words) -> {
            var pubSub = new PubSub(node, "Demo.PubSub");
            var bye = new CountDownLatch(1);
            pubSub.subscribe(TOPIC, message -> {
                System.out.println("news: " + TermPrinter.pretty(message));
                PIECE.match(message)
                        .map(piece -> answer(piece.get("Title")))
                        .ifPresent(piece -> pubSub.broadcast(TOPIC, piece));
                if (message.equals(BYE)) {
                    bye.countDown();
                }
            });
            System.out.println(node.name() + " listens to " + TOPIC);
            bye.await();
        });
    }

    private static Term answer(Term title) {
        String text = title instanceof Binary binary ? binary.utf8() : title.toString();
        return new MapTerm(Map.of(TITLE, Binary.utf8("Java heard: " + text)));
    }
}
