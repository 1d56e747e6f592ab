package io.hawser.benchmarks.pair;

import io.hawser.node.Mailbox;
import io.hawser.node.Message;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.IntegerTerm;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The mailbox {@code bench}, the far end of every measurement. It takes
 *
 * <pre>{@code
 * {sink, From, Count} -> {pid, Sink}   Sink counts Count messages of any shape, then sends {done, Sink} to From
 * {echo, From}        -> {pid, Echo}   Echo answers each {Pid, X} with X to Pid, from a thread that waits in receive
 * {handler, From}     -> {pid, Echo}   the same from a handler
 * }</pre>
 */
final class BenchServer {
    private static final Atom PID = Atom.of("pid");
    private static final Atom DONE = Atom.of("done");

    private final Node node;
    private final Mailbox bench;

    /** Registers the mailbox. */
    BenchServer(Node node) {
        this.node = node;
        this.bench = node.register("bench");
    }

    /** Serves until the node is closed. */
    void serve() throws InterruptedException {
        while (true) {
            Tuple request = (Tuple) bench.receive().toTerm();
            Pid from = (Pid) request.element(1);
            Mailbox box = node.mailbox();
            switch (((Atom) request.element(0)).text()) {
                case "sink" -> {
                    long count =
                            ((IntegerTerm) request.element(2)).bigIntegerValue().longValueExact();
                    start("sink", () -> sink(box, from, count));
                }
                case "echo" -> start("echo", () -> echo(box));
                case "handler" -> box.onMessage(message -> answer(box, message));
                default -> throw new IllegalArgumentException(request + " (expected: sink, echo or handler)");
            }
            bench.send(from, Tuple.of(PID, box.self()));
        }
    }

    private static void sink(Mailbox box, Pid from, long count) throws InterruptedException {
        for (long i = 0; i < count; i++) {
            box.receive();
        }
        box.send(from, Tuple.of(DONE, box.self()));
        box.close();
    }

    private static void echo(Mailbox box) throws InterruptedException {
        while (true) {
            answer(box, box.receive());
        }
    }

    private static void answer(Mailbox box, Message message) {
        Tuple ping = (Tuple) message.toTerm();
        Term pong = ping.element(1);
        box.send(ping.element(0), pong);
    }

    /** Something that waits. */
    interface Body {
        void run() throws InterruptedException, IOException;
    }

    static void start(String name, Body body) {
        var thread = new Thread(
                () -> {
                    try {
                        body.run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }
}
