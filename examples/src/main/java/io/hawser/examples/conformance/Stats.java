package io.hawser.examples.conformance;

import io.hawser.node.ConnectionInfo;
import io.hawser.node.Node;
import io.hawser.node.NodeStats;
import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.Int;
import io.hawser.term.ListTerm;
import io.hawser.term.MapTerm;
import io.hawser.term.Term;
import io.hawser.transport.ChannelSecurity;
import java.util.Map;

/** A node's counts and connections as a term. */
final class Stats {
    private Stats() {}

    static MapTerm of(Node node) {
        NodeStats stats = node.stats();
        return new MapTerm(Map.of(
                Atom.of("mailboxes"), Int.of(stats.mailboxes()),
                Atom.of("connections"),
                        new ListTerm(node.connections().stream()
                                .map(Stats::connection)
                                .toList()),
                Atom.of("bytes_in"), Int.of(stats.bytesIn()),
                Atom.of("bytes_out"), Int.of(stats.bytesOut()),
                Atom.of("messages_in"), Int.of(stats.messagesIn()),
                Atom.of("messages_out"), Int.of(stats.messagesOut())));
    }

    private static Term connection(ConnectionInfo connection) {
        String cipher = connection.security().map(ChannelSecurity::cipherSuite).orElse("");
        return new MapTerm(Map.of(
                Atom.of("node"), connection.node().atom(),
                Atom.of("hidden"), Atom.of(connection.hidden()),
                Atom.of("transport"), Atom.of(connection.transport()),
                Atom.of("cipher"), Binary.utf8(cipher),
                Atom.of("auth"), Atom.of(connection.proof())));
    }
}
