package io.hawser.cluster;

import io.hawser.node.Mailbox;
import io.hawser.term.Atom;
import io.hawser.term.ListTerm;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.TermOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table of global names, each owner monitored. Changed by the name server alone; read by anyone.
 *
 * <p>Thread-safe to read: a concurrent map.
 */
final class GlobalNames {
    /** Names that peers and this node can register; 65,536 is far above what one lock for all can keep up with. */
    static final int MAX_NAMES = 65_536;

    /** What a name takes besides its terms, at least: as many names as may be take all bytes that they may take. */
    private static final long ENTRY_BYTES = 512;

    private static final int MOST_MIB = 32;
    private static final int PART_OF_HEAP = 16;

    private static final Logger logger = LoggerFactory.getLogger(GlobalNames.class);

    private record Entry(GlobalName name, Reference monitor, Atom teller, long bytes) {}

    private final Mailbox server;
    /** Sorted, so that no choice of keys makes it slow. */
    private final ConcurrentSkipListMap<Term, Entry> names = new ConcurrentSkipListMap<>(TermOrder.exact());

    private final Map<Reference, Term> monitored = new HashMap<>();
    private final Quota quota;
    private final LimitedLog log = new LimitedLog(logger);

    GlobalNames(Mailbox server) {
        this.server = server;
        long all = Quota.ofHeap(PART_OF_HEAP, MOST_MIB);
        // a node that joins is told all names of a cluster by the one it meets first
        this.quota = new Quota(server.node().name().atom(), all, all / 4 * 3);
    }

    @Nullable
    GlobalName find(Term name) {
        Entry entry = names.get(name);
        return entry == null ? null : entry.name;
    }

    boolean isNamed(Pid pid) {
        return names.values().stream().anyMatch(entry -> entry.name.pid().equals(pid));
    }

    /** Says whether the process that has a name can be watched: its node is connected, or being connected to. */
    interface Reach {
        boolean reaches(Pid owner);
    }

    /** All names, as nodes that meet tell them each other. */
    ListTerm toTerm() {
        return new ListTerm(
                names.values().stream().<Term>map(entry -> entry.name.toTerm()).toList());
    }

    /**
     * Inserts or replaces a name, unless there is no room.
     *
     * @param teller who said so: it counts as its, wherever the owner is
     * @param isLocked whether the lock for that is still set; if it is not, whoever set it is gone, the news of it has
     *     overtaken this, and the name goes
     * @param reach asked for the owner: a name without is not inserted
     */
    void insert(GlobalName name, Atom teller, boolean isLocked, Reach reach) {
        Entry old = names.get(name.name());
        if (!isLocked) {
            delete(name.name());
        } else if (old == null && names.size() >= MAX_NAMES) {
            logFull(teller);
        } else if (!reach.reaches(name.pid())) {
            delete(name.name());
        } else {
            put(name, teller);
        }
    }

    private void put(GlobalName name, Atom teller) {
        Entry old = names.get(name.name());
        long bytes = ENTRY_BYTES + Weight.of(name.name()) + Weight.of(name.method());
        giveBack(old);
        if (quota.take(teller, bytes)) {
            Reference monitor = server.monitor(name.pid());
            monitored.put(monitor, name.name());
            names.put(name.name(), new Entry(name, monitor, teller, bytes));
        } else {
            names.remove(name.name());
            logFull(teller);
        }
        forget(old);
    }

    private void logFull(Atom teller) {
        log.atWarn()
                .addKeyValue("peer", teller.text())
                .log("global name not registered: {} names of {} bytes are", names.size(), quota.taken());
    }

    void apply(List<NameOperation> operations, Atom teller, boolean isLocked, Reach reach) {
        for (NameOperation operation : operations) {
            if (operation instanceof NameOperation.Insert insert) {
                insert(insert.entry(), teller, isLocked, reach);
            } else if (operation instanceof NameOperation.Delete delete) {
                delete(delete.name());
            }
        }
    }

    void delete(Term name) {
        Entry entry = names.remove(name);
        giveBack(entry);
        forget(entry);
    }

    private void giveBack(@Nullable Entry entry) {
        if (entry != null) {
            quota.giveBack(entry.teller, entry.bytes);
        }
    }

    private void forget(@Nullable Entry entry) {
        if (entry != null) {
            monitored.remove(entry.monitor);
            server.demonitor(entry.monitor, true);
        }
    }

    /** Returns whether a name ended with it. */
    boolean onDown(Reference monitor) {
        Term name = monitored.remove(monitor);
        if (name != null) {
            giveBack(names.remove(name));
        }
        return name != null;
    }
}
