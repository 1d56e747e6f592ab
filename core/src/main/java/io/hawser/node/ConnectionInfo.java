package io.hawser.node;

import io.hawser.term.NodeName;
import io.hawser.transport.ChannelSecurity;
import java.util.Optional;

/**
 * A connection that is up, at the moment it was asked for. Immutable.
 *
 * @param node the peer
 * @param hidden whether it is a hidden connection
 * @param transport the transport's name, such as {@code tls}
 * @param security what protects it; empty if nothing does
 * @param peer who the transport says is there, one line
 * @param proof which cookie proof was used, such as {@code otp} or {@code strong}
 * @param bytesIn bytes received
 * @param bytesOut bytes sent
 * @param messagesIn messages received from its processes; other signals are not counted
 * @param messagesOut messages sent to its processes, those that waited for the connection included
 */
public record ConnectionInfo(
        NodeName node,
        boolean hidden,
        String transport,
        Optional<ChannelSecurity> security,
        String peer,
        String proof,
        long bytesIn,
        long bytesOut,
        long messagesIn,
        long messagesOut) {}
