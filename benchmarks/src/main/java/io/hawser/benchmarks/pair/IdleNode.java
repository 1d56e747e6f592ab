package io.hawser.benchmarks.pair;

import io.hawser.node.Node;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What {@link IdleCost} looks at. Each line of standard input asks for something, and is answered with one line: {@code heap} with
 * the bytes in use after a collection, {@code node ALIVE} starts a node over TLS. It ends with its input.
 */
final class IdleNode {
    private IdleNode() {}

    /** Runs; what else it takes is in the environment, as for {@link BenchNode}. */
    public static void main(String[] words) throws IOException {
        @Nullable Node node = null;
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            if (line.equals("heap")) {
                System.out.println(heap());
            } else {
                node = BenchNode.start(line.substring("node ".length()), BenchNode.transport("tls", "b"));
                System.out.println(node.name());
            }
        }
        if (node != null) {
            node.close();
        }
    }

    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc(); // what is asked for is what lives
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
