package io.hawser.cluster;

import io.hawser.node.GenServer;
import io.hawser.node.Mailbox;
import io.hawser.term.Atom;
import io.hawser.term.Term;
import io.hawser.term.Tuple;

/**
 * Sends to the name servers of other nodes. Immutable.
 *
 * @param self who sends
 */
record NameServers(Mailbox self) {
    static Tuple at(Atom node) {
        return Tuple.of(Atoms.GLOBAL_NAME_SERVER, node);
    }

    void cast(Atom node, Term request) {
        GenServer.cast(self, at(node), request);
    }

    /** Sends only if there is a connection and room, as OTP's global does where the news may be lost. */
    void sendIfConnected(Atom node, Term message) {
        self.trySendIfConnected(at(node), message);
    }

    void send(Atom node, Term message) {
        self.send(at(node), message);
    }
}
