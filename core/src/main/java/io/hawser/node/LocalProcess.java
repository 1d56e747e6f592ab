package io.hawser.node;

import io.hawser.term.Atom;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import org.jspecify.annotations.Nullable;

/** A process of this node. */
abstract class LocalProcess {
    abstract Pid pid();

    abstract @Nullable Atom name();

    abstract @Nullable Term exitReason();
}
