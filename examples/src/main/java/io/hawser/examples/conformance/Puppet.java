package io.hawser.examples.conformance;

import io.hawser.node.AliasMode;
import io.hawser.node.Mailbox;
import io.hawser.node.Message;
import io.hawser.term.Atom;
import io.hawser.term.ListTerm;
import io.hawser.term.Pid;
import io.hawser.term.Port;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A mailbox whose every received thing is logged. Thread-safe: one lock around the log. */
final class Puppet {
    private final Mailbox mailbox;
    private final ReentrantLock lock = new ReentrantLock();
    private List<Message> log = new ArrayList<>();
    private final Set<Reference> demonitored = new HashSet<>();

    Puppet(Mailbox mailbox) {
        this.mailbox = mailbox;
    }

    void begin() {
        mailbox.onMessage(this::record);
    }

    Mailbox mailbox() {
        return mailbox;
    }

    Optional<Term> exitReason() {
        return mailbox.exitReason();
    }

    private void record(Message message) {
        lock.lock();
        try {
            if (!(message instanceof Message.Down down && demonitored.contains(down.ref()))) {
                log.add(message);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Empties the log. */
    ListTerm takeLog() {
        List<Message> taken;
        lock.lock();
        try {
            taken = log;
            log = new ArrayList<>();
        } finally {
            lock.unlock();
        }
        return new ListTerm(taken.stream().map(Puppet::entry).toList());
    }

    private static Term entry(Message message) {
        if (message instanceof Message.Exit exit) {
            return Tuple.of(Atom.of("exit"), exit.from(), exit.reason());
        }
        if (message instanceof Message.Down down) {
            Atom kind = Atom.of(down.object() instanceof Port ? "port" : "process");
            return Tuple.of(Atom.of("down"), down.ref(), kind, down.object(), down.reason());
        }
        if (message instanceof Message.NodeUp up) {
            return Tuple.of(Atom.of("nodeup"), up.node());
        }
        if (message instanceof Message.NodeDown down) {
            return Tuple.of(Atom.of("nodedown"), down.node());
        }
        return Tuple.of(Atom.of("message"), message.toTerm());
    }

    /** Stops a monitor and forgets its DOWN, wherever it is on its way. */
    void demonitor(Reference ref) {
        lock.lock();
        try {
            demonitored.add(ref);
            log.removeIf(message ->
                    message instanceof Message.Down down && down.ref().equals(ref));
        } finally {
            lock.unlock();
        }
        mailbox.demonitor(ref, true);
    }

    Reference monitor(Term target, @Nullable AliasMode alias) {
        return alias == null ? mailbox.monitor(target) : mailbox.monitor(target, alias);
    }

    Pid self() {
        return mailbox.self();
    }
}
