package io.hawser.examples.patterns;

import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieHandshakes;
import io.hawser.epmd.NodeResolver;
import io.hawser.node.Mailbox;
import io.hawser.node.MailboxOptions;
import io.hawser.node.Message;
import io.hawser.node.Node;
import io.hawser.node.NodeConfig;
import io.hawser.node.Overflow;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.TermPattern;
import io.hawser.term.Tuple;
import io.hawser.tls.TcpTransport;
import java.util.HashMap;
import java.util.Map;

/**
 * A process that counts items: {@code {add, Item, N}} adds, <code>{count, Item, From, Ref}</code> is answered with
 * {@code {Ref, N}}. It holds at most a thousand messages. Needs no other node, no certificate and no cookie.
 *
 * <pre>{@code
 * $ examples/bin/example patterns.Stock
 * 7 apples
 * }</pre>
 */
public final class Stock {
    private static final TermPattern ADD = TermPattern.parse("{add, Item, N}");
    private static final TermPattern COUNT = TermPattern.parse("{count, Item, From, Ref}");
    private static final TermPattern REPLY = TermPattern.parse("{Ref, N}");

    private final Map<Term, Long> counts = new HashMap<>();

    private Stock() {}

    /**
     * Counts some apples.
     *
     * @param arguments none
     * @throws InterruptedException if interrupted while waiting
     */
    public static void main(String[] arguments) throws InterruptedException {
        var config = NodeConfig.builder("stock@localhost")
                .transport(TcpTransport.plain())
                .handshake(CookieHandshakes.auto(Cookie.generate()))
                .resolver(NodeResolver.fixed(Map.of()))
                .build();
        try (Node node = Node.start(config);
                Mailbox stock = start(node);
                Mailbox me = node.mailbox()) {
            Atom apples = Atom.of("apples");
            me.send(stock.self(), Tuple.of(Atom.of("add"), apples, Int.of(3)));
            me.send(stock.self(), Tuple.of(Atom.of("add"), apples, Int.of(4)));
            System.out.println(count(me, stock.self(), apples) + " apples");
        }
    }

    /** Starts the process on a node. */
    static Mailbox start(Node node) {
        Mailbox mailbox = node.mailbox(MailboxOptions.DEFAULT.withCapacity(1000, Overflow.DROP_NEWEST));
        var stock = new Stock();
        mailbox.onMessage(message -> stock.handle(mailbox, message));
        return mailbox;
    }

    /** An {@code N} that is no integer ends the process, as a badarith would in Erlang. */
    private void handle(Mailbox self, Message message) {
        Term term = message.toTerm();
        ADD.match(term).ifPresent(add -> counts.merge(add.get("Item"), add.longValue("N"), Long::sum));
        COUNT.match(term).ifPresent(ask -> {
            long count = counts.getOrDefault(ask.get("Item"), 0L);
            self.send(ask.pid("From"), Tuple.of(ask.get("Ref"), Int.of(count)));
        });
    }

    /** Asks a stock, and waits for that one answer: whatever else comes meanwhile stays in the mailbox. */
    static long count(Mailbox me, Term stock, Term item) throws InterruptedException {
        Reference ref = me.node().makeReference();
        me.send(stock, Tuple.of(Atom.of("count"), item, me.self(), ref));
        return me.receive(REPLY.bind("Ref", ref)).longValue("N");
    }
}
