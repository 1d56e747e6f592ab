package io.hawser.certs.cli;

import io.hawser.certs.CertsException;
import io.hawser.certs.ErrorCode;
import io.hawser.certs.LifeSpan;
import io.hawser.certs.NodeName;
import io.hawser.certs.ProveRequest;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where running nodes are, and how long to wait for them. */
final class DialOptions {
    @Option(
            names = "--at",
            paramLabel = "NODE=HOST[:PORT]",
            description = "Where a node is, instead of its host and the port that EPMD tells.")
    private List<String> at = new ArrayList<>();

    @Option(
            names = "--epmd-port",
            paramLabel = "PORT",
            description = "Where EPMDs listen (default: $ERL_EPMD_PORT, or 4369).")
    private @Nullable Integer epmdPort;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "For one attempt, from asking EPMD to the node's answer (default: 10s).")
    private String timeout = "10s";

    Map<NodeName, InetSocketAddress> addresses() {
        var addresses = new HashMap<NodeName, InetSocketAddress>();
        at.forEach(text -> addAddress(addresses, text));
        return addresses;
    }

    int epmdPort(CertsTool tool) {
        if (epmdPort != null) {
            return epmdPort;
        }
        String variable = tool.environment().variables().get("ERL_EPMD_PORT");
        return variable != null && variable.matches("[0-9]{1,5}") ? Integer.parseInt(variable) : ProveRequest.EPMD_PORT;
    }

    Duration timeout() {
        return LifeSpan.parse(timeout);
    }

    private static void addAddress(Map<NodeName, InetSocketAddress> addresses, String text) {
        int equals = text.indexOf('=');
        String address = text.substring(equals + 1);
        int colon = address.lastIndexOf(':');
        String port = colon < 0 ? "0" : address.substring(colon + 1);
        if (equals < 0 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65_535) {
            throw new CertsException(ErrorCode.USAGE, "--at takes NODE=HOST or NODE=HOST:PORT");
        }
        String host = colon < 0 ? address : address.substring(0, colon);
        addresses.put(NodeName.parse(text.substring(0, equals)), new InetSocketAddress(host, Integer.parseInt(port)));
    }
}
