package io.hawser.benchmarks;

import io.hawser.node.Mailbox;
import io.hawser.node.Node;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;

/** How much heap mailboxes take that nobody has sent anything to: all their parts, and their places in the node's tables. */
public final class MailboxMemory {
    private MailboxMemory() {}

    /**
     * Measures with a million mailboxes, or with as many as are given.
     *
     * @param arguments numbers of mailboxes
     */
    public static void main(String[] arguments) {
        List<String> counts = arguments.length == 0 ? List.of("1000000") : List.of(arguments);
        for (String count : counts) {
            run(System.out, Integer.parseInt(count));
        }
    }

    static void run(PrintStream out, int count) {
        try (Node node = LocalNode.start()) {
            var mailboxes = new Mailbox[count];
            long empty = heapBytes();
            for (int i = 0; i < count; i++) {
                mailboxes[i] = node.mailbox();
            }
            long idle = heapBytes();
            for (Mailbox mailbox : mailboxes) {
                mailbox.onMessage(message -> {});
            }
            long withHandlers = heapBytes();
            out.printf(
                    Locale.ROOT,
                    "mailboxes=%d bytes-per-mailbox=%d with-handler=%d%n",
                    mailboxes.length,
                    (idle - empty) / count,
                    (withHandlers - empty) / count);
        }
    }

    private static long heapBytes() {
        for (int i = 0; i < 3; i++) {
            System.gc(); // what is asked for is what lives
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
