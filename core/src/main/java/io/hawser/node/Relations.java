package io.hawser.node;

import io.hawser.term.Atom;
import io.hawser.term.Reference;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a process has to do with others: links, monitors, aliases. Made when first needed, as of many processes most have
 * nothing of it.
 *
 * <p>Guarded by its lock.
 */
final class Relations {
    final ReentrantLock lock = new ReentrantLock();
    final Links links;
    final Monitors monitors;
    final Set<Atom> nodes = new HashSet<>(); // whose connections matter
    final Set<Reference> aliases = new HashSet<>();

    Relations(LocalProcess self) {
        this.links = new Links(self);
        this.monitors = new Monitors(self);
    }
}
