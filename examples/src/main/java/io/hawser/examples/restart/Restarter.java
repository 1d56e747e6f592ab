package io.hawser.examples.restart;

import io.hawser.examples.launch.ExampleNode;
import io.hawser.node.GenServer;
import io.hawser.node.Mailbox;
import io.hawser.node.MailboxOptions;
import io.hawser.node.Message;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.Tuple;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a supervisor does: a process that traps exits is linked to a worker, and starts it again when it ends, unless it ends
 * too often, or in order. The worker divides; dividing by zero ends it.
 *
 * <pre>{@code
 * $ examples/bin/example restart.Restarter a@localhost
 * the divider runs at a@localhost
 * $ erl -args_file certs/erl/vm.args
 * 1> Divider = {divider, 'a@localhost'}.
 * {divider,a@localhost}
 * 2> gen_server:call(Divider, {6, 3}).
 * 2
 * 3> try gen_server:call(Divider, {1, 0}) catch exit:{Reason, _} -> Reason end.
 * {{java_exception,'ArithmeticException'},[]}
 * Restarter< the divider ended: {{java_exception,'ArithmeticException'},[]}
 * Restarter< the divider runs at a@localhost
 * 4> gen_server:call(Divider, {6, 2}).
 * 3
 * 5> gen_server:stop(Divider, shutdown, 5000).
 * ok
 * Restarter< the divider ended: shutdown
 * }</pre>
 */
public final class Restarter {
    private static final int MAX_ENDS = 3;
    private static final Duration WITHIN = Duration.ofSeconds(5);

    private Restarter() {}

    /**
     * Keeps the worker running.
     *
     * @param arguments the node's name
     */
    public static void main(String[] arguments) {
        ExampleNode.run(Restarter.class, "NODE", arguments, (node, words) -> {
            Mailbox supervisor = node.mailbox(MailboxOptions.DEFAULT.withTrapExit(true));
            Deque<Long> ends = new ArrayDeque<>();
            while (ends.size() < MAX_ENDS) {
                startDivider(node, supervisor);
                var exit = (Message.Exit) supervisor.receive(message -> message instanceof Message.Exit);
                System.out.println("the divider ended: " + exit.reason());
                if (exit.reason().equals(Atom.of("normal")) || exit.reason().equals(Atom.of("shutdown"))) {
                    return;
                }
                long now = System.nanoTime();
                ends.add(now);
                ends.removeIf(end -> now - end > WITHIN.toNanos());
            }
            System.out.println("the divider ended " + MAX_ENDS + " times within " + WITHIN.toSeconds() + " seconds");
        });
    }

    private static void startDivider(Node node, Mailbox supervisor) {
        Mailbox divider = node.register("divider");
        supervisor.link(divider.self());
        GenServer.start(divider, (self, call) -> {
            var numbers = (Tuple) call.request(); // a request of another form ends it, too
            call.reply(self, Int.of(number(numbers, 0) / number(numbers, 1)));
        });
        System.out.println("the divider runs at " + node.name());
    }

    private static long number(Tuple numbers, int index) {
        return ((Int) numbers.element(index)).value();
    }
}
