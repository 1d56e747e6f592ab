package io.hawser.node;

import io.hawser.term.Atom;
import io.hawser.term.Term;
import java.util.List;

/**
 * What a peer may call by {@code rpc} or {@code erpc}: {@link NodeConfig.Builder#function}.
 *
 * <p>Called on the node's executor, by several callers at once. The thread is interrupted when the caller no longer
 * waits: it gave up, or its node is gone.
 */
@FunctionalInterface
public interface RemoteFunction {
    /**
     * Runs it.
     *
     * @param arguments as many as it was registered with
     * @return its value
     * @throws ErlangException to raise that at the caller
     * @throws Exception anything else is raised as {@code error} <code>{java_exception, ClassName}</code>; its message
     *     stays in the log
     */
    Term call(List<Term> arguments) throws Exception;

    /**
     * Runs it for a caller: what nodes call. Does the same for all of them unless overridden.
     *
     * @param caller the node that calls, at the other end of the connection; this one's own for its processes
     * @param arguments as for {@link #call(List)}
     * @return as there
     * @throws Exception as there
     */
    default Term call(Atom caller, List<Term> arguments) throws Exception {
        return call(arguments);
    }
}
