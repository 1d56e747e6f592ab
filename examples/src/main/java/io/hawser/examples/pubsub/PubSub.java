package io.hawser.examples.pubsub;

import io.hawser.cluster.ProcessGroups;
import io.hawser.node.Mailbox;
import io.hawser.node.Message;
import io.hawser.node.Node;
import io.hawser.node.NodeKind;
import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import io.hawser.term.TermPattern;
import io.hawser.term.Tuple;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * A {@code Phoenix.PubSub} of an Elixir cluster, as far as other nodes see it: the messages of its default adapter, which
 * sends what is broadcast to the member that each node has in a group of {@code pg}'s scope {@code Phoenix.PubSub}. The
 * member hands it to who subscribed on its node.
 *
 * <p>That is the adapter with a pool of one, its default. A larger pool has more groups, whose names end in {@code _2} and so
 * on: join all, broadcast in one.
 *
 * <p>Thread-safe: a concurrent map.
 */
final class PubSub {
    private static final Atom SCOPE = Atom.of("Elixir.Phoenix.PubSub");
    private static final Atom DISPATCHER = Atom.of("Elixir.Phoenix.PubSub");
    private static final Atom FORWARD = Atom.of("forward_to_local");
    private static final TermPattern FORWARDED = TermPattern.parse("{forward_to_local, Topic, Message, _}");

    private final ProcessGroups groups;
    private final Atom group;
    private final Mailbox member;
    private final Map<Term, Consumer<Term>> subscribers = new ConcurrentHashMap<>();

    /**
     * Joins.
     *
     * @param name what the Elixir side calls it: {@code Demo.PubSub} for {@code {Phoenix.PubSub, name: Demo.PubSub}}
     */
    PubSub(Node node, String name) throws InterruptedException {
        groups = ProcessGroups.start(node, SCOPE, NodeKind.ALL);
        group = Atom.of("Elixir." + name + ".Adapter");
        member = node.register(group); // direct_broadcast sends to the name
        member.onMessage(this::onMessage);
        groups.join(group, member.self());
    }

    /** Has a topic's messages handled, one after the other. */
    void subscribe(String topic, Consumer<Term> subscriber) {
        subscribers.put(Binary.utf8(topic), subscriber);
    }

    /** Sends a message to all who subscribed, on every node but this one. */
    void broadcast(String topic, Term message) {
        Term forward = Tuple.of(FORWARD, Binary.utf8(topic), message, DISPATCHER);
        for (Pid other : groups.members(group)) {
            if (!other.equals(member.self())) {
                member.send(other, forward);
            }
        }
    }

    private void onMessage(Message message) {
        FORWARDED.match(message.toTerm()).ifPresent(forwarded -> {
            Consumer<Term> subscriber = subscribers.get(forwarded.get("Topic"));
            if (subscriber != null) {
                subscriber.accept(forwarded.get("Message"));
            }
        });
    }
}
