package io.hawser.node;

import io.hawser.term.Atom;
import io.hawser.term.Pid;
import io.hawser.term.Port;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;

/** What a mailbox receives. Immutable. */
public sealed interface Message {
    /**
     * Returns the message as an Erlang process would see it.
     *
     * @return the term itself, or a tuple such as {@code {'EXIT', From, Reason}}
     */
    Term toTerm();

    /**
     * A term that somebody sent.
     *
     * @param term the term
     */
    record Sent(Term term) implements Message {
        @Override
        public Term toTerm() {
            return term;
        }
    }

    /**
     * An exit signal that the mailbox traps.
     *
     * @param from the process it came from
     * @param reason why that process ended, or {@code noconnection}
     */
    record Exit(Pid from, Term reason) implements Message {
        @Override
        public Term toTerm() {
            return Tuple.of(Atoms.EXIT, from, reason);
        }
    }

    /**
     * A monitored process ended, is unknown or out of reach.
     *
     * @param ref what {@code monitor} returned
     * @param object what was monitored: a {@link Pid}, or {@code {Name, Node}}
     * @param reason why it ended, {@code noproc} or {@code noconnection}
     */
    record Down(Reference ref, Term object, Term reason) implements Message {
        @Override
        public Term toTerm() {
            return Tuple.of(Atoms.DOWN, ref, object instanceof Port ? Atoms.PORT : Atoms.PROCESS, object, reason);
        }
    }

    /**
     * A node was connected.
     *
     * @param node the node
     */
    record NodeUp(Atom node) implements Message {
        @Override
        public Term toTerm() {
            return Tuple.of(Atoms.NODEUP, node);
        }
    }

    /**
     * The connection to a node is gone.
     *
     * @param node the node
     * @param reason why, in the words of {@code nodedown_reason}: {@code connection_closed} by the peer or the network,
     *     {@code disconnect} by this node, {@code net_tick_timeout}, or {@code net_kernel_terminated} as this node was closed
     * @see <a href="https://www.erlang.org/doc/apps/kernel/net_kernel.html#monitor_nodes/2">net_kernel:monitor_nodes/2</a>
     */
    record NodeDown(Atom node, Atom reason) implements Message {
        @Override
        public Term toTerm() {
            return Tuple.of(Atoms.NODEDOWN, node);
        }
    }
}
