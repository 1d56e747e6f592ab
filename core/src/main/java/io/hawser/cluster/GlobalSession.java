package io.hawser.cluster;

import io.hawser.cluster.GlobalMembers.Member;
import io.hawser.term.Atom;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of this node and another to exchange their names: from the nodes' connection until both know each other's
 * names, or one of them cancels. Not thread-safe; used by the name server alone.
 */
final class GlobalSession {
    /** What the other node begins an attempt with: its {@code init_connect}. */
    record Wish(Term tag, Pid locker, long version) {}

    /** What the other node sent last. */
    record Resolved(List<NameOperation> operations, List<Member> known) {}

    final Atom node;
    /** This side's tag: what the other side sends for this attempt carries it. */
    final long tag;

    /** Whether the other side was told: it is not while the attempt waits for its time. */
    boolean hasBegun;

    /** What the other side began with before this one did; null if it has not. */
    @Nullable
    Wish wish;

    /** Whether the locker was told. */
    boolean isCandidate;

    /** The other side's tag; null until its {@code init_connect} came. */
    @Nullable
    Term hisTag;

    long version;

    /** The requester of the lock that both hold now; null before. */
    @Nullable
    Term lockedBy;

    /** The other's names; null until they came. */
    @Nullable
    List<GlobalName> hisNames;

    boolean isResolving;

    /** What the other's names take. */
    long heardBytes;

    /** What changes here; null until the names are compared. */
    @Nullable
    List<NameOperation> operations;

    @Nullable
    Resolved resolved;

    GlobalSession(Atom node, long tag) {
        this.node = node;
        this.tag = tag;
    }

    boolean isPending() {
        return hisTag != null;
    }

    /** The other side's tag, of an attempt that is pending. */
    Term hisTag() {
        return Objects.requireNonNull(hisTag, "hisTag");
    }
}
