package io.hawser.certs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;

/** Where nodes listen: as was said, or as the EPMD of their host says. Immutable, thread-safe. */
final class NodeAddresses {
    private final Map<NodeName, InetSocketAddress> given;
    private final int epmdPort;

    /** @param given where nodes are, instead of their host; port 0 asks the EPMD of that address */
    NodeAddresses(Map<NodeName, InetSocketAddress> given, int epmdPort) {
        this.given = given;
        this.epmdPort = epmdPort;
    }

    InetSocketAddress of(NodeName target, Deadline deadline) throws IOException {
        InetSocketAddress said = given.get(target);
        if (said != null && said.getPort() != 0) {
            return said;
        }
        InetAddress host = said == null ? InetAddress.getByName(target.host()) : said.getAddress();
        if (host == null) {
            throw new IOException("the address " + said + " cannot be resolved");
        }
        int port = DistributionProbe.port(host, epmdPort, target.alive(), deadline);
        if (port == 0) {
            throw new IOException("the EPMD at " + host.getHostAddress() + " knows no " + target.alive());
        }
        return new InetSocketAddress(host, port);
    }
}
