package io.hawser.cluster;

import io.hawser.node.AliasMode;
import io.hawser.node.Mailbox;
import io.hawser.node.MailboxOptions;
import io.hawser.node.Message;
import io.hawser.term.Atom;
import io.hawser.term.ImproperList;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import io.hawser.transport.Surroundings;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Calls the name servers of several nodes at once, as {@code gen_server:multi_call}. Stateless. */
final class MultiCall {
    /** How long a node that is connected may take; the others go on without it then. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** What whoever calls is made with: nobody is kept waiting by a node that does not read. */
    static final MailboxOptions CALLER = MailboxOptions.DEFAULT.withAsyncDist(true);

    /** Stands for the reply of a node that did not answer in time; no request has such a reply. */
    static final Atom NO_ANSWER = Atom.UNDEFINED;

    private MultiCall() {}

    /**
     * Calls, and waits until each node has answered or is gone.
     *
     * @param caller a mailbox that receives nothing else; it has no node connected to from here on
     * @param members knows which nodes are within reach: no other is called
     * @return the replies of those that answered; {@link #NO_ANSWER} for those that are still there and have not; nothing for
     *     those that are gone
     */
    static Map<Atom, Term> call(Mailbox caller, GlobalMembers members, Collection<Atom> nodes, Term request)
            throws InterruptedException {
        caller.autoConnect(false); // who goes once it was asked for is not dialled
        Surroundings surroundings = caller.node().surroundings();
        var waiting = new LinkedHashMap<Reference, Atom>();
        for (Atom node : nodes) {
            if (!members.isWithinReach(node)) {
                continue; // asked for each: those that are gone go meanwhile
            }
            Tuple server = NameServers.at(node);
            Reference ref = caller.monitor(server, AliasMode.REPLY_DEMONITOR);
            waiting.put(ref, node);
            Term tag = new ImproperList(List.of(Atoms.ALIAS), ref);
            caller.send(server, Tuple.of(Atoms.GEN_CALL, Tuple.of(caller.self(), tag), request));
        }
        var replies = new HashMap<Atom, Term>();
        long deadline = surroundings.nanoTime() + TIMEOUT.toNanos();
        while (!waiting.isEmpty()) {
            Optional<Message> message = caller.receive(Duration.ofNanos(deadline - surroundings.nanoTime()));
            if (message.isEmpty()) {
                break;
            }
            take(message.get(), waiting, replies);
        }
        waiting.forEach((ref, node) -> {
            caller.demonitor(ref, true);
            replies.put(node, NO_ANSWER);
        });
        return replies;
    }

    private static void take(Message message, Map<Reference, Atom> waiting, Map<Atom, Term> replies) {
        if (message instanceof Message.Down down) {
            waiting.remove(down.ref());
        } else if (message instanceof Message.Sent sent
                && sent.term() instanceof Tuple reply
                && reply.arity() == 2
                && reply.element(0) instanceof ImproperList tag
                && tag.tail() instanceof Reference ref) {
            Atom node = waiting.remove(ref);
            if (node != null) {
                replies.put(node, reply.element(1));
            }
        }
    }
}
