package io.hawser.node;

import io.hawser.term.Term;
import java.util.List;

/**
 * What a peer may spawn: {@link NodeConfig.Builder#process}.
 *
 * <p>Called on the node's executor, once for each process.
 */
@FunctionalInterface
public interface SpawnedProcess {
    /**
     * Runs as the process. When it returns, the mailbox ends with reason {@code normal}, unless it was given a
     * {@linkplain Mailbox#onMessage handler}: then it lives on.
     *
     * @param self the process's mailbox; with the links and monitors asked for
     * @param arguments as many as it was registered with
     * @throws MailboxExitException may be let through when the mailbox ended meanwhile
     * @throws ErlangException ends the mailbox with the reason that Erlang would give: the reason of {@code exit},
     *     otherwise the reason in a tuple with an empty stack trace
     * @throws Exception ends the mailbox with <code>{{java_exception, ClassName}, []}</code>; its message stays in the log
     */
    void run(Mailbox self, List<Term> arguments) throws Exception;
}
