package io.hawser.node;

import io.hawser.term.Atom;
import io.hawser.term.Pid;
import io.hawser.term.Printable;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The processes of a node, by pid, by name and by alias. Thread-safe: concurrent maps.
 */
final class ProcessTable {
    private static final int ID_BITS = 28;

    /** Who an alias stands for, and whether it ends with the first message. */
    private record Alias(LocalProcess owner, boolean once) {}

    private final Atom node;
    private final long creation;
    private final AtomicLong lastNumber = new AtomicLong();
    private final ConcurrentHashMap<Pid, LocalProcess> byPid = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Atom, LocalProcess> byName = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Reference, Alias> byAlias = new ConcurrentHashMap<>();

    ProcessTable(Atom node, long creation) {
        this.node = node;
        this.creation = creation;
    }

    /** Makes a pid that no process of this node had: 28 bits of id, the rest is the serial. */
    Pid newPid() {
        long number = lastNumber.incrementAndGet();
        return new Pid(node, number & ((1 << ID_BITS) - 1), number >>> ID_BITS, creation);
    }

    void add(LocalProcess process) {
        byPid.put(process.pid(), process);
    }

    /** The process with a pid of this node; null if it has ended, or is of another incarnation. */
    @Nullable
    LocalProcess find(Pid pid) {
        // creation 0 stands for the current incarnation
        return byPid.get(pid.creation() == 0 ? new Pid(node, pid.id(), pid.serial(), creation) : pid);
    }

    /** Frees the name and the aliases of a process that has ended. */
    void retire(LocalProcess process, Set<Reference> aliases) {
        Atom name = process.name();
        if (name != null) {
            byName.remove(name, process);
            process.named(null);
        }
        aliases.forEach(alias -> removeAlias(alias, process));
    }

    /** Takes out a process that has ended and has told its links. */
    void remove(LocalProcess process) {
        byPid.remove(process.pid());
    }

    List<LocalProcess> all() {
        return List.copyOf(byPid.values());
    }

    int size() {
        return byPid.size();
    }

    // ---- names

    void register(Atom name, LocalProcess process) {
        if (name.equals(Atom.UNDEFINED)) {
            throw new IllegalArgumentException("register: name undefined (expected: another atom)");
        }
        process.lock().lock();
        try {
            process.requireAlive();
            Atom other = process.name();
            if (other != null) {
                throw new NameTakenException(
                        "register " + Printable.of(name) + ": the mailbox is registered as " + Printable.of(other));
            }
            LocalProcess holder = byName.putIfAbsent(name, process);
            if (holder != null) {
                throw new NameTakenException(
                        "register " + Printable.of(name) + ": taken by " + holder.pid() + " (expected: a free name)");
            }
            process.named(name);
        } finally {
            process.lock().unlock();
        }
    }

    boolean unregister(Atom name) {
        LocalProcess process = byName.get(name);
        if (process == null) {
            return false;
        }
        process.lock().lock();
        try {
            if (!byName.remove(name, process)) {
                return false;
            }
            process.named(null);
            return true;
        } finally {
            process.lock().unlock();
        }
    }

    @Nullable
    LocalProcess named(Atom name) {
        return byName.get(name);
    }

    Set<Atom> names() {
        return Set.copyOf(byName.keySet());
    }

    // ---- aliases

    void addAlias(Reference alias, LocalProcess owner, boolean once) {
        byAlias.put(alias, new Alias(owner, once));
    }

    boolean removeAlias(Reference alias, LocalProcess owner) {
        Alias entry = byAlias.get(alias);
        return entry != null && entry.owner == owner && byAlias.remove(alias, entry);
    }

    int aliasCount() {
        return byAlias.size();
    }

    /** The process an alias stands for, for looking; null if the alias is not active. */
    @Nullable
    LocalProcess owner(Reference alias) {
        Alias entry = byAlias.get(current(alias));
        return entry == null ? null : entry.owner;
    }

    /**
     * Delivers a message that was sent through an alias.
     *
     * @return false if the alias is not active: the message is dropped, and its bytes are the caller's to give back
     */
    boolean deliver(Reference given, Term message, @Nullable PeerState from, int heapBytes) {
        Reference alias = current(given);
        Alias entry = byAlias.get(alias);
        return entry != null && entry.owner.deliverThrough(alias, entry.once, message, from, heapBytes);
    }

    /** Creation 0 stands for the current incarnation. */
    private Reference current(Reference ref) {
        return ref.creation() == 0 && ref.node().equals(node)
                ? new Reference(node, creation, ref.word(0), ref.word(1), ref.word(2), ref.word(3), ref.word(4))
                : ref;
    }
}
