package io.hawser.examples.pingpong;

import io.hawser.examples.launch.ExampleNode;
import io.hawser.node.Mailbox;
import io.hawser.node.Message;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.NodeName;
import io.hawser.term.Pid;
import io.hawser.term.Tuple;
import io.hawser.transport.TransportException;
import java.time.Duration;

/**
 * Messages to and fro: a node that answers pings, and one that sends them. Neither cares whether the other is Java.
 *
 * <pre>{@code
 * $ examples/bin/example pingpong.PingPong a@localhost
 * a@localhost answers pings
 * $ examples/bin/example pingpong.PingPong b@localhost a@localhost
 * 1000 round trips to a@localhost
 * $ erl -args_file certs/erl/vm.args
 * 1> {pong, 'a@localhost'} ! {ping, self(), 7}, receive Pong -> Pong end.
 * {pong,7}
 * 2> register(pong, spawn(fun Answer() -> receive {ping, From, N} -> From ! {pong, N}, Answer() end end)).
 * true
 * $ examples/bin/example pingpong.PingPong b@localhost erl@localhost
 * 1000 round trips to erl@localhost
 * }</pre>
 */
public final class PingPong {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Atom PING = Atom.of("ping");
    private static final Atom PONG = Atom.of("pong");
    private static final int ROUND_TRIPS = 1000;

    private PingPong() {}

    /**
     * Answers pings until it is interrupted, or sends some.
     *
     * @param arguments the node's name, and whom to ping; without the second it answers
     */
    public static void main(String[] arguments) {
        ExampleNode.run(PingPong.class, "NODE [PEER]", arguments, (node, words) -> {
            if (words.size() == 1) {
                answer(node);
            } else {
                ping(node, NodeName.parse(words.get(1)));
            }
        });
    }

    private static void answer(Node node) throws InterruptedException {
        Mailbox pong = node.register("pong");
        System.out.println(node.name() + " answers pings");
        for (; ; ) {
            if (pong.receive().toTerm() instanceof Tuple ping
                    && ping.arity() == 3
                    && ping.element(0).equals(PING)
                    && ping.element(1) instanceof Pid from) {
                pong.send(from, Tuple.of(PONG, ping.element(2)));
            }
        }
    }

    private static void ping(Node node, NodeName peer) throws InterruptedException {
        node.connect(peer, TIMEOUT);
        Mailbox me = node.mailbox();
        Tuple pong = Tuple.of(PONG, peer.atom());
        me.monitor(pong); // or nobody would tell that there is none
        for (int i = 1; i <= ROUND_TRIPS; i++) {
            me.send(pong, Tuple.of(PING, me.self(), Int.of(i)));
            Message answer = me.receive(TIMEOUT).orElseThrow(() -> new TransportException(peer + ": no pong"));
            if (!answer.toTerm().equals(Tuple.of(PONG, Int.of(i)))) {
                throw new TransportException(peer + ": " + answer.toTerm() + " (expected: a pong)");
            }
        }
        System.out.println(ROUND_TRIPS + " round trips to " + peer);
    }
}
