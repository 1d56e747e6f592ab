package io.hawser.examples.mesh;

import io.hawser.examples.launch.ExampleNode;
import io.hawser.term.NodeName;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A node that pings others without pause, Java or Erlang alike, and says when one answers, and when it no longer does. It
 * reads commands: {@code report LABEL} tells how many pings there were since the last report and how many were lost,
 * {@code reconnect NODE} makes a connection anew while no ping is on the way, {@code quit} ends it. The walk-through of
 * certs-tool is played by such nodes:
 *
 * <pre>{@code
 * examples/bin/example mesh.MeshNode a@a.orga.test b@b.orga.test c@c.orgb.test
 * }</pre>
 */
public final class MeshNode {
    private MeshNode() {}

    /**
     * Pings until it is told to quit, or its input ends.
     *
     * @param arguments the node's name, and whom to ping
     */
    public static void main(String[] arguments) {
        ExampleNode.run(MeshNode.class, "NODE [PEER] [PEER] [PEER]", arguments, (node, words) -> {
            List<Pinger> pingers = new ArrayList<>();
            for (String peer : words.subList(1, words.size())) {
                pingers.add(Pinger.start(node, NodeName.parse(peer)));
            }
            var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            String line = input.readLine();
            while (line != null && !line.equals("quit")) {
                carryOut(line, pingers);
                line = input.readLine();
            }
            for (Pinger pinger : pingers) {
                pinger.stop();
            }
        });
    }

    private static void carryOut(String line, List<Pinger> pingers) {
        if (line.startsWith("report ")) {
            String label = line.substring("report ".length());
            pingers.forEach(pinger -> System.out.println(label + ": " + pinger.report()));
        } else if (line.startsWith("reconnect ")) {
            String peer = line.substring("reconnect ".length());
            pingers.stream()
                    .filter(pinger -> pinger.peer().toString().equals(peer))
                    .forEach(Pinger::reconnect);
        } else {
            System.out.println(line + "? (expected: report LABEL, reconnect NODE or quit)");
        }
    }
}
