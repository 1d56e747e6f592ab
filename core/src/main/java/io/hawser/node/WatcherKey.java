package io.hawser.node;

import io.hawser.term.Pid;
import io.hawser.term.Reference;

/** Names a monitor set on a process: nobody can touch another's by using its reference. Immutable. */
record WatcherKey(Pid watcher, Reference ref) {}
