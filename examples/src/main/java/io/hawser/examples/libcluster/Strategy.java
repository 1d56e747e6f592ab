package io.hawser.examples.libcluster;

import io.hawser.epmd.EpmdClient;
import io.hawser.term.NodeName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Says which nodes a cluster has now; asked again and again. */
interface Strategy {
    /** The nodes there are, this one perhaps among them. */
    List<NodeName> nodes() throws IOException;

    /** {@code Cluster.Strategy.Epmd, config: [hosts: [:"a@host", ...]]}: nodes that are known. */
    static Strategy hosts(List<String> names) {
        List<NodeName> nodes = names.stream().map(NodeName::parse).toList();
        return () -> nodes;
    }

    /** {@code Cluster.Strategy.LocalEpmd}: all nodes that the EPMD of this machine knows. */
    static Strategy localEpmd(String host, int port) {
        var epmd = EpmdClient.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return () -> epmd.names(Duration.ofSeconds(5)).keySet().stream()
                .map(alive -> new NodeName(alive, host))
                .toList();
    }

    /**
     * {@code Cluster.Strategy.DNSPoll, config: [query: "app.example.org", node_basename: "app"]}: a node at each address that
     * a name has, as the pods of a headless service in Kubernetes.
     */
    static Strategy dnsPoll(String query, String basename) {
        return () -> Arrays.stream(InetAddress.getAllByName(query))
                .map(address -> new NodeName(basename, address.getHostAddress()))
                .toList();
    }
}
