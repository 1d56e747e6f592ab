package io.hawser.benchmarks;

import io.hawser.node.Mailbox;
import io.hawser.node.Message;
import io.hawser.node.Node;
import io.hawser.term.Binary;
import io.hawser.term.Int;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.function.BiConsumer;

/**
 * The other end of {@link LargeMessage}: {@code echo} returns what it gets, {@code sink} answers with the size of a binary,
 * {@code source} sends a binary of the size it is told. Ends with its standard input.
 */
public final class BulkPeer {
    private BulkPeer() {}

    /**
     * Runs the peer.
     *
     * @param words the directory of a {@link TlsLab}, and the port of its EPMD
     * @throws IOException if standard input cannot be read
     */
    public static void main(String[] words) throws IOException {
        TlsLab lab = TlsLab.at(Path.of(words[0]), Integer.parseInt(words[1]));
        try (Node node = lab.start(TlsLab.PEER)) {
            Mailbox echo = node.register("echo");
            serve(echo, echo::send);
            Mailbox sink = node.register("sink");
            serve(sink, (from, large) -> sink.send(from, Int.of(((Binary) large).size())));
            var payloads = new HashMap<Term, Binary>();
            serve(
                    node.register("source"),
                    (from, bytes) -> inBackground(
                            node,
                            from,
                            payloads.computeIfAbsent(bytes, n -> LargeMessage.payload((int) ((Int) n).value()))));
            System.out.println("READY");
            while (System.in.read() >= 0) {}
        }
    }

    private static void serve(Mailbox mailbox, BiConsumer<Term, Term> action) {
        mailbox.onMessage(message -> {
            if (message instanceof Message.Sent sent && sent.term() instanceof Tuple request) {
                action.accept(request.element(0), request.element(1));
            }
        });
    }

    /** Sends a message from a process of its own. */
    static void inBackground(Node node, Term to, Term message) {
        var thread = new Thread(() -> {
            try (Mailbox sender = node.mailbox()) {
                sender.send(to, message);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
