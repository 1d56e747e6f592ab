package io.hawser.cluster;

import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.NodeName;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Connects to nodes that members name, as far as the node does: see {@link Node#introduce}.
 *
 * <p>Confined to the handler of the name server's mailbox, but for {@link #reaches}, which is thread-safe.
 */
final class GlobalIntroductions {
    /** How often nodes that are being connected to can have been named by others than the first. */
    private static final int MAX_NAMINGS = 8 * GlobalMembers.MAX_KNOWN;

    private static final Met NOBODY_ASKS = (isUp, failure) -> {};

    private final Node node;
    private final GlobalMembers members;
    private final Consumer<Runnable> handler;
    private final Set<Naming> namings = new HashSet<>();

    /** A node that is being connected to, and another than the first who named it. */
    private record Naming(Atom node, Atom introducer) {}

    /** What came of an introduction: connected, not dialled, or dialled in vain. */
    interface Met {
        void tell(boolean isUp, @Nullable Throwable failure);
    }

    /**
     * Makes one that knows of none.
     *
     * @param handler runs something on the name server's handler
     */
    GlobalIntroductions(Node node, GlobalMembers members, Consumer<Runnable> handler) {
        this.node = node;
        this.members = members;
        this.handler = handler;
    }

    /** One more peer names a node that is being connected to: that depends no longer on who named it first alone. */
    void nameToo(Atom other, Atom introducer) {
        var naming = new Naming(other, introducer);
        if (namings.size() < MAX_NAMINGS && namings.add(naming)) {
            begin(other, introducer, (isUp, failure) -> namings.remove(naming));
        }
    }

    /** Whether a node is connected, or being connected to; begins to connect to one that is not. */
    boolean reaches(Atom other, Atom introducer) {
        if (!members.isWithinReach(other)) {
            begin(other, introducer, NOBODY_ASKS);
        }
        return members.isWithinReach(other);
    }

    /** Begins to connect to a node that is not, and tells the handler what comes of it. */
    void begin(Atom other, Atom introducer, Met outcome) {
        if (members.isConnected(other)) {
            outcome.tell(true, null);
            return;
        }
        var connected = node.introduce(
                        NodeName.parse(introducer.text()),
                        NodeName.parse(GlobalMembers.nodeName(other).text()))
                .toCompletableFuture();
        boolean isRefused = connected.isCompletedExceptionally() || !connected.getNow(true);
        if (isRefused && outcome == NOBODY_ASKS) {
            return;
        }
        if (!isRefused) {
            members.expected(other);
        }
        var unused = connected.whenComplete((up, failure) -> {
            boolean isUp = failure == null && up;
            if (!isUp && !isRefused) {
                members.expectedNoMore(other); // at once: whatever is sent from here on would have it dialled
            }
            handler.accept(() -> {
                if (isUp) {
                    members.expectedNoMore(other); // the news that it is connected was told before
                }
                outcome.tell(isUp, failure);
            });
        });
    }
}
