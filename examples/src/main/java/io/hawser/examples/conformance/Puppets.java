package io.hawser.examples.conformance;

import io.hawser.node.Mailbox;
import io.hawser.node.MailboxOptions;
import io.hawser.node.Node;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The puppets of a conformance node, those that have ended included. Thread-safe: a concurrent map. */
final class Puppets {
    private final ConcurrentHashMap<Pid, Puppet> puppets = new ConcurrentHashMap<>();

    Puppet spawn(Node node, MailboxOptions options) {
        return adopt(node.mailbox(options));
    }

    Puppet adopt(Mailbox mailbox) {
        var puppet = new Puppet(mailbox);
        puppets.put(mailbox.self(), puppet);
        puppet.begin();
        return puppet;
    }

    /** Returns the puppet that lives under a pid, or null. */
    @Nullable
    Puppet living(Pid pid) {
        Puppet puppet = puppets.get(pid);
        return puppet != null && puppet.exitReason().isEmpty() ? puppet : null;
    }

    /** Returns whether a pid is, or was, a puppet's. */
    boolean isKnown(Pid pid) {
        return puppets.containsKey(pid);
    }

    Optional<Term> exitReason(Pid pid) {
        Puppet puppet = puppets.get(pid);
        return puppet == null ? Optional.empty() : puppet.exitReason();
    }
}
