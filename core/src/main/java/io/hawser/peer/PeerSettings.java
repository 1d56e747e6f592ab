package io.hawser.peer;

import io.hawser.epmd.DialPolicy;
import io.hawser.epmd.NodeResolver;
import io.hawser.handshake.Handshakes;
import io.hawser.term.NodeName;
import io.hawser.transport.AcceptLimits;
import io.hawser.transport.Scheduler;
import io.hawser.transport.Surroundings;
import io.hawser.transport.Transport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * What the peer layer is made with. Immutable.
 *
 * @param self this node's name
 * @param flags the distribution flags announced
 * @param transport moves packets
 * @param handshakes admits peers
 * @param resolver finds peers
 * @param dialPolicy whom peers can have this node dial
 * @param listen where to accept
 * @param acceptLimits ceilings before admission
 * @param tickTime net tick time: a tick goes out after a quarter of it without traffic, a peer is dead after 1.25 of it
 * @param maxPacketBytes the longest packet accepted of an admitted peer
 * @param maxMessageBytes about the most that a peer's incomplete fragmented messages may take together; those of all
 *     peers may take twice as much
 * @param maxTermBytes about how many bytes of heap the terms of one message may take
 * @param highWaterBytes queued bytes for one peer from which on senders wait
 * @param inboundBudgetBytes bytes of heap, about, that one peer's messages lying in mailboxes may take; from there on
 *     reading from it pauses
 * @param inboundShareBytes the same for all peers together
 * @param scheduler time
 * @param executor for look-ups that block
 * @param decoder decodes large messages, one after the other, off the event loops
 * @param surroundings how senders wait
 */
public record PeerSettings(
        NodeName self,
        long flags,
        Transport transport,
        Handshakes handshakes,
        NodeResolver resolver,
        DialPolicy dialPolicy,
        InetSocketAddress listen,
        AcceptLimits acceptLimits,
        Duration tickTime,
        int maxPacketBytes,
        int maxMessageBytes,
        long maxTermBytes,
        int highWaterBytes,
        int inboundBudgetBytes,
        long inboundShareBytes,
        Scheduler scheduler,
        Executor executor,
        Executor decoder,
        Surroundings surroundings) {}
