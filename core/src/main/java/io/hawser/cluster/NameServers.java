package io.hawser.cluster;

import io.hawser.node.GenServer;
import io.hawser.node.Mailbox;
import io.hawser.term.Atom;
import io.hawser.term.Term;
import io.hawser.term.Tuple;

/**
 * Sends to the name servers of other nodes. Nothing is dropped because much is on its way to one; who does not read it is
 * disconnected in the end. Immutable.
 *
 * @param self who sends: never waits for room, and has no node connected to
 */
record NameServers(Mailbox self) {
    static Tuple at(Atom node) {
        return Tuple.of(Atoms.GLOBAL_NAME_SERVER, node);
    }

    void cast(Atom node, Term request) {
        GenServer.cast(self, at(node), request);
    }

    /** Sends without waiting for room, to a node that is connected or being connected to. */
    void send(Atom node, Term message) {
        self.send(at(node), message);
    }
}
