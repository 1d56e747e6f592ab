package io.hawser.node;

import io.hawser.term.NodeName;
import io.hawser.term.Term;
import io.hawser.transport.PeerIdentity;

/**
 * Decides what a peer may do here: every signal from a peer passes it before it has an effect.
 *
 * <p>What is refused has the effect it would have if the target did not exist: messages and exit signals are dropped, a
 * link and a monitor end with {@code noproc}, a spawn with {@code notsup}, a call with {@code undef}. Two things are not
 * up to a policy: a signal whose sender is not a process of that peer is always dropped, and only
 * {@linkplain NodeConfig.Builder#function functions} and {@linkplain NodeConfig.Builder#process processes} that were
 * registered ever run.
 *
 * <p>Thread-safe. Called on event loops: must not block or throw; one that throws has refused.
 */
@FunctionalInterface
public interface SignalPolicy {
    /** Allows what a node of Erlang/OTP allows; the default. */
    SignalPolicy ALLOW = (peer, operation, target) -> true;

    /** What a peer may ask for. */
    enum Operation {
        /** A message; the target is a {@code Pid}, a registered name as {@code Atom}, or an alias as {@code Reference}. */
        SEND,
        /** A link; the target is a {@code Pid}. */
        LINK,
        /** An exit signal sent on purpose, {@code exit/2}; the target is a {@code Pid} or an alias. */
        EXIT,
        /** A monitor; the target is a {@code Pid} or a registered name. */
        MONITOR,
        /** A new process; the target is <code>{Module, Function, Arity}</code>. */
        SPAWN,
        /** A call of a registered function by rpc or erpc; the target is <code>{Module, Function, Arity}</code>. */
        CALL
    }

    /**
     * Who asks. Immutable.
     *
     * @param node the node
     * @param hidden whether the connection is a hidden one
     * @param identity who the transport says it is
     * @param proof which cookie proof was used
     */
    record Asker(NodeName node, boolean hidden, PeerIdentity identity, String proof) {}

    /**
     * Decides.
     *
     * @param peer who asks
     * @param operation for what
     * @param target on what
     * @return whether it may
     */
    boolean allows(Asker peer, Operation operation, Term target);
}
