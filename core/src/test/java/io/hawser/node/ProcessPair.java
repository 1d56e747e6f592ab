package io.hawser.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import io.hawser.testing.Await;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** Two processes, on one node or on two. */
abstract class ProcessPair {
    static final Duration SOON = MemoryNetwork.SOON;
    static final Atom BOOM = Atom.of("boom");

    private final NodeStarter network;
    final Node nodeA;
    final Node nodeB;
    final Mailbox a;
    final Mailbox b;

    ProcessPair(NodeStarter network, boolean sameNode) {
        this.network = network;
        nodeA = network.start("a@host", ProcessPair::functions);
        nodeB = sameNode ? nodeA : network.start("b@host", ProcessPair::functions);
        a = nodeA.mailbox();
        b = nodeB.mailbox();
    }

    static void functions(NodeConfig.Builder builder) {
        builder.function("calc", "add", 2, args -> Int.of(((Int) args.get(0)).value() + ((Int) args.get(1)).value()))
                .function("calc", "fail", 1, args -> {
                    throw ErlangException.error(args.get(0));
                })
                .function("calc", "exit", 1, args -> {
                    throw ErlangException.exit(args.get(0));
                })
                .function("calc", "throw", 1, args -> {
                    throw ErlangException.thrown(args.get(0));
                })
                .function("calc", "npe", 0, args -> {
                    throw new NullPointerException("secret");
                })
                .function("calc", "nothing", 0, ProcessPair::nothing)
                .function("calc", "error", 0, args -> {
                    throw new NoClassDefFoundError("secret");
                })
                .function("calc", "hang", 0, args -> {
                    Thread.sleep(Long.MAX_VALUE);
                    return Atom.OK;
                })
                .process("calc", "tell", 1, (self, args) -> {
                    self.onMessage(message -> {});
                    self.send(args.get(0), Tuple.of(Atom.of("hello"), self.self()));
                })
                .process("calc", "quick", 1, (self, args) -> self.exit(args.get(0)));
    }

    @SuppressWarnings("NullAway") // as a user's function might that no tool checks
    private static Term nothing(List<Term> arguments) {
        return null;
    }

    @AfterEach
    void stop() {
        network.close();
    }

    static Message next(Mailbox mailbox) throws InterruptedException {
        return mailbox.receive(SOON).orElseThrow(() -> new AssertionError("nothing came"));
    }

    /** Says that all that was sent from one mailbox to the other until now has arrived, and nothing else did. */
    static void expectNothingMore(Mailbox from, Mailbox to) throws InterruptedException {
        Reference marker = from.node().makeReference();
        from.send(to.self(), marker);
        assertThat(next(to)).isEqualTo(new Message.Sent(marker));
    }

    static Tuple name(String name, Node node) {
        return Tuple.of(Atom.of(name), node.name().atom());
    }

    void awaitEnd(Mailbox mailbox, Term reason) {
        Await.until(SOON, "the end of " + mailbox, () -> !mailbox.isAlive());
        assertThat(mailbox.exitReason()).contains(reason);
    }
}
