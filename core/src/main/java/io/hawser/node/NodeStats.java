package io.hawser.node;

/**
 * What a node counts, at the moment it was asked. Totals are since the node started, connections that are gone included.
 * Immutable.
 *
 * @param mailboxes mailboxes alive, the node's own services not counted
 * @param connections connections up
 * @param bytesIn bytes received from peers
 * @param bytesOut bytes sent to peers
 * @param messagesIn messages received from peers
 * @param messagesOut messages sent to peers, those that waited for a connection that was made included
 */
public record NodeStats(
        int mailboxes, int connections, long bytesIn, long bytesOut, long messagesIn, long messagesOut) {}
