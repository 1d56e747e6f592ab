package io.hawser.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.peer.Peers;
import io.hawser.simulation.Simulation;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Processes on simulated nodes, what they did, and what they may observe of each other. What a process gets is looked at
 * after each step, so that it is known what had happened by then.
 */
final class SimulatedProcesses implements AutoCloseable {
    static final Duration QUIET = Duration.ofSeconds(2);
    private static final Duration NO_TICKS = Duration.ofHours(1);
    private static final Atom MESSAGE = Atom.of("message");
    private static final Atom EXIT_SIGNAL = Atom.of("exit_signal");
    private static final Atom REPLY = Atom.of("reply");
    private static final Atom FINISHED = Atom.of("finished");

    /** One process. */
    final class Actor {
        final int index = actors.size();
        final Node node;
        final Mailbox mailbox;
        final boolean traps;
        final Map<Actor, Integer> sent = new HashMap<>();
        final Map<Actor, Integer> received = new HashMap<>();
        final Map<Actor, Bond> links = new HashMap<>();
        final List<Reply> replies = new ArrayList<>();

        Actor(Node node, boolean traps) {
            this.node = node;
            this.traps = traps;
            this.mailbox =
                    node.mailbox(MailboxOptions.DEFAULT.withName("p" + index).withTrapExit(traps));
        }

        boolean isAlive() {
            return mailbox.isAlive();
        }

        boolean isLinked(Actor other) {
            return mailbox.process().links().hasActive(other.mailbox.self());
        }

        Bond linksTo(Actor other) {
            return links.computeIfAbsent(other, key -> new Bond());
        }

        @Override
        public String toString() {
            return "p" + index + "@" + node.name().toString().charAt(0);
        }
    }

    /** What one process did about its link to another, and got. */
    private static final class Bond {
        int calls;
        int exits;
        boolean wasToldOfItsEnd;
        long lastCall = -1;
        long lastUnlink = -1;

        SimulatedConnections.@Nullable Beginning beginning; // of the link, unless the other process made it
    }

    /** A monitor from its beginning on. */
    private final class Watch {
        final Actor watcher;
        final Actor target;
        final @Nullable AliasMode alias;
        final Reference ref;
        final SimulatedConnections.Beginning beginning;
        boolean takenBack;
        boolean isDown;
        int replies;

        Watch(Actor watcher, Actor target, boolean byName, @Nullable AliasMode alias) {
            this.watcher = watcher;
            this.target = target;
            this.alias = alias;
            Term object = byName ? name(target) : target.mailbox.self();
            beginning = beginning(watcher, target);
            ref = alias == null ? watcher.mailbox.monitor(object) : watcher.mailbox.monitor(object, alias);
        }

        /** As it is written down: references are drawn from secret keys. */
        String number() {
            return "#" + new ArrayList<>(watches.keySet()).indexOf(ref);
        }

        boolean isOpen() {
            return !takenBack && !isDown && !(alias == AliasMode.REPLY_DEMONITOR && replies > 0);
        }

        boolean isAlias() {
            return alias == AliasMode.EXPLICIT_UNALIAS || isOpen();
        }
    }

    /** An alias that a process was given, to reply through. */
    record Reply(Actor to, Reference alias) {}

    final Simulation simulation;
    private final boolean faultless;
    private final List<Actor> actors = new ArrayList<>();
    private final Map<Pid, Actor> byPid = new HashMap<>();
    private final Map<Reference, Watch> watches = new LinkedHashMap<>();
    private final SimulatedConnections connections = new SimulatedConnections(this::note);
    private final List<Node> nodes = new ArrayList<>();
    private final Map<Node, String> incarnations = new HashMap<>();
    private long step;

    /** @param faultless whether no connection is ever lost, and no node restarted */
    SimulatedProcesses(long seed, boolean faultless) {
        this.simulation = new Simulation(seed);
        this.faultless = faultless;
        if (faultless) {
            simulation.timeWaits();
        }
    }

    /** Starts a node with processes. */
    Node start(String name, int processes) {
        String incarnation = name + " " + incarnations.size();
        Node node = simulation.start(
                name,
                config -> Node.start(
                        config.tickTime(NO_TICKS).build(),
                        (settings, listener) ->
                                SignalCarrier.over(new Peers(settings, connections.spy(incarnation, listener)))));
        nodes.add(node);
        incarnations.put(node, incarnation);
        for (int i = 0; i < processes; i++) {
            var actor = new Actor(node, simulation.random().nextInt(4) > 0);
            actors.add(actor);
            byPid.put(actor.mailbox.self(), actor);
        }
        return node;
    }

    /** Ends a node, and starts another of its name. */
    void restart(Node node, int processes) {
        note("restart " + node.name());
        nodes.remove(node);
        node.close();
        look();
        start(node.name().toString(), processes);
    }

    List<Node> nodes() {
        return nodes;
    }

    List<Actor> alive() {
        return actors.stream().filter(Actor::isAlive).toList();
    }

    List<Actor> all() {
        return actors;
    }

    void note(String what) {
        simulation.note(step + " " + what);
    }

    void step() {
        step++;
        simulation.step();
        look();
    }

    void settle() {
        step++;
        look();
        simulation.settle(QUIET, this::look);
    }

    // ---- what processes do

    private static Tuple name(Actor actor) {
        return Tuple.of(Atom.of("p" + actor.index), actor.node.name().atom());
    }

    private static Tuple tagged(Atom tag, Actor from, Actor to, int number) {
        return Tuple.of(tag, Int.of(from.index), Int.of(to.index), Int.of(number));
    }

    void send(Actor from, Actor to, boolean byName) {
        int number = from.sent.merge(to, 1, Integer::sum);
        note(from + " ! " + to + " " + number + (byName ? " by name" : ""));
        from.mailbox.send(byName ? name(to) : to.mailbox.self(), tagged(MESSAGE, from, to, number));
    }

    void exit2(Actor from, Actor to) {
        int number = from.sent.merge(to, 1, Integer::sum);
        note(from + " exit(" + to + ") " + number);
        from.mailbox.exit(to.mailbox.self(), tagged(EXIT_SIGNAL, from, to, number));
    }

    void link(Actor from, Actor to) {
        note(from + " link " + to);
        Bond links = from.linksTo(to);
        links.calls++;
        links.lastCall = step;
        if (!from.isLinked(to)) {
            links.beginning = beginning(from, to);
        }
        from.mailbox.link(to.mailbox.self());
    }

    private SimulatedConnections.Beginning beginning(Actor from, Actor to) {
        return connections.beginning(
                incarnation(from), from.node, to.mailbox.self().node());
    }

    private boolean isLost(Actor from, Actor to) {
        return connections.isAnyLost(incarnation(from), to.mailbox.self().node());
    }

    private String incarnation(Actor actor) {
        return Objects.requireNonNull(incarnations.get(actor.node));
    }

    void unlink(Actor from, Actor to) {
        note(from + " unlink " + to + (from.isLinked(to) ? " linked" : ""));
        if (from.isLinked(to)) {
            from.linksTo(to).lastUnlink = step;
        }
        from.mailbox.unlink(to.mailbox.self());
    }

    void monitor(Actor from, Actor to, boolean byName, @Nullable AliasMode alias) {
        var watch = new Watch(from, to, byName, alias);
        watches.put(watch.ref, watch);
        note(from + " monitor " + to + " " + watch.number() + (byName ? " by name" : "")
                + (watch.beginning.waits() ? " waits" : "") + (alias == null ? "" : " " + alias));
        if (alias != null && to.isAlive()) {
            to.replies.add(new Reply(from, watch.ref));
        }
    }

    void demonitor(Actor by) {
        List<Watch> own = watches.values().stream()
                .filter(w -> w.watcher == by && !w.takenBack)
                .toList();
        if (!own.isEmpty()) {
            Watch watch = simulation.oneOf(own);
            boolean open = watch.isOpen();
            note(by + " demonitor " + watch.target + " " + watch.number() + (open ? " open" : ""));
            boolean found = by.mailbox.demonitor(watch.ref);
            assertThat(found).as("demonitor found %s", watch.ref).isEqualTo(open);
            watch.takenBack |= found;
        }
    }

    void reply(Actor from) {
        if (!from.replies.isEmpty()) {
            Reply reply = simulation.oneOf(from.replies);
            note(from + " replies to " + reply.to + " " + numbered(reply.alias));
            from.mailbox.send(
                    reply.alias,
                    Tuple.of(
                            REPLY,
                            Int.of(from.index),
                            Int.of(reply.to.index),
                            Int.of(from.sent.getOrDefault(reply.to, 0)),
                            reply.alias));
        }
    }

    void end(Actor actor, Term reason) {
        note(actor + " ends " + reason);
        actor.mailbox.exit(reason);
        look();
    }

    // ---- what they get

    /** Takes what processes got. */
    void look() {
        assertThat(connections.violations).isEmpty();
        for (Actor actor : actors) {
            drain(actor);
        }
    }

    private void drain(Actor actor) {
        try {
            while (actor.isAlive()) {
                Message message = actor.mailbox.receive(Duration.ZERO).orElse(null);
                if (message == null) {
                    return;
                }
                note(actor + " <- " + shown(message));
                take(actor, message);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String numbered(Reference ref) {
        return Objects.requireNonNull(watches.get(ref)).number();
    }

    private String shown(Message message) {
        if (message instanceof Message.Down down) {
            return "DOWN " + numbered(down.ref()) + " " + down.object() + " " + down.reason();
        }
        Tuple term = (Tuple) message.toTerm();
        return term.element(0).equals(REPLY) ? "reply " + numbered((Reference) term.element(4)) : term.toString();
    }

    private void take(Actor to, Message message) {
        if (message instanceof Message.Exit exit && !isTagged(exit.reason(), EXIT_SIGNAL, actor(exit.from()), to)) {
            takeLinkExit(to, actor(exit.from()), exit.reason());
        } else if (message instanceof Message.Exit exit) {
            takeNumber(to, (Tuple) exit.reason(), true);
        } else if (message instanceof Message.Down down) {
            takeDown(to, down);
        } else {
            Tuple term = (Tuple) message.toTerm();
            takeNumber(to, term, term.element(0).equals(MESSAGE));
            if (term.element(0).equals(REPLY)) {
                takeReply(to, (Reference) term.element(4));
            }
        }
    }

    private Actor actor(Pid pid) {
        Actor actor = byPid.get(pid);
        assertThat(actor).as("process %s", pid).isNotNull();
        return Objects.requireNonNull(actor);
    }

    private static boolean isTagged(Term term, Atom tag, Actor from, Actor to) {
        return term instanceof Tuple tuple
                && tuple.arity() == 4
                && tuple.element(0).equals(tag)
                && tuple.element(1).equals(Int.of(from.index))
                && tuple.element(2).equals(Int.of(to.index));
    }

    /** Signals of one process come in the order it sent them, and all of them where no connection was lost. */
    private void takeNumber(Actor to, Tuple numbered, boolean isCounted) {
        Actor from = actors.get((int) ((Int) numbered.element(1)).value());
        assertThat(numbered.element(2)).as("receiver of %s", numbered).isEqualTo(Int.of(to.index));
        int number = (int) ((Int) numbered.element(3)).value();
        int before = to.received.getOrDefault(from, 0);
        if (faultless || from.node == to.node) {
            assertThat(number).as("number at %s of %s", to, numbered).isEqualTo(isCounted ? before + 1 : before);
        } else {
            assertThat(number)
                    .as("number at %s of %s", to, numbered)
                    .isGreaterThanOrEqualTo(isCounted ? before + 1 : before);
        }
        assertThat(to.linksTo(from).wasToldOfItsEnd)
                .as("%s was told of the end of %s before %s", to, from, numbered)
                .isFalse();
        to.received.put(from, number);
    }

    private void takeLinkExit(Actor to, Actor from, Term reason) {
        Bond links = to.linksTo(from);
        Bond others = from.linksTo(to);
        links.exits++;
        assertThat(links.exits).as("exits of %s at %s", from, to).isLessThanOrEqualTo(links.calls + others.calls);
        checkReason(to, from, reason, () -> {
            SimulatedConnections.Beginning beginning = links.beginning;
            return (others.calls == 0 && beginning != null) ? beginning.isLost() : isLost(to, from);
        });
        if (!isLost(to, from) && !isLost(from, to)) {
            assertThat(Math.max(links.lastCall, others.lastCall))
                    .as("last link of %s and %s, after the unlink", to, from)
                    .isGreaterThanOrEqualTo(links.lastUnlink);
        }
        noteEnd(to, from, reason);
    }

    private void takeDown(Actor to, Message.Down down) {
        Watch watch = watches.get(down.ref());
        assertThat(watch).as("monitor of %s", down).isNotNull();
        Objects.requireNonNull(watch);
        assertThat(watch.watcher).isSameAs(to);
        assertThat(watch.isOpen()).as("monitor %s is open", down).isTrue();
        watch.isDown = true;
        checkReason(to, watch.target, down.reason(), watch.beginning::isLost);
        noteEnd(to, watch.target, down.reason());
    }

    /** After its real end was told, nothing comes from a process. */
    private void noteEnd(Actor to, Actor from, Term reason) {
        if (reason.equals(Atoms.NOPROC) || reason.equals(Atoms.NOCONNECTION)) {
            return;
        }
        to.linksTo(from).wasToldOfItsEnd = true;
        if (faultless) {
            assertThat(to.received.getOrDefault(from, 0))
                    .as("signals of %s that %s got before its end", from, to)
                    .isEqualTo(from.sent.getOrDefault(to, 0));
        }
    }

    private void checkReason(Actor to, Actor from, Term reason, BooleanSupplier mayBeDisconnected) {
        boolean real = reason.equals(from.mailbox.exitReason().orElse(null));
        boolean noproc = reason.equals(Atoms.NOPROC) && !from.isAlive();
        boolean lost = reason.equals(Atoms.NOCONNECTION)
                && !faultless
                && from.node != to.node
                && mayBeDisconnected.getAsBoolean();
        assertThat(real || noproc || lost)
                .as("%s is told %s of %s, which ended %s", to, reason, from, from.mailbox.exitReason())
                .isTrue();
    }

    private void takeReply(Actor to, Reference alias) {
        Watch watch = Objects.requireNonNull(watches.get(alias));
        assertThat(watch.watcher).isSameAs(to);
        assertThat(watch.isAlias()).as("alias %s is active", alias).isTrue();
        watch.replies++;
    }

    // ---- the end

    /** Once nothing moves: both ends agree on every link and monitor. Then everybody ends, and is told of who was before. */
    void finish() {
        settle();
        for (Actor a : alive()) {
            for (Actor b : alive()) {
                assertThat(a.isLinked(b)).as("link of %s and %s", a, b).isEqualTo(b.isLinked(a));
            }
            for (Actor b : actors) {
                assertThat(!b.isAlive() && a.isLinked(b))
                        .as("%s is linked to %s, which ended", a, b)
                        .isFalse();
            }
        }
        for (Watch watch : watches.values()) {
            if (watch.watcher.isAlive() && watch.isOpen()) {
                assertThat(watch.target.isAlive()).as("%s is open", watch.ref).isTrue();
            }
        }
        for (Node a : nodes) {
            for (Node b : nodes) {
                assertThat(isConnected(a, b))
                        .as("%s and %s", a.name(), b.name())
                        .isEqualTo(isConnected(b, a));
            }
        }
        for (Actor actor : actors) {
            if (actor.isAlive()) {
                endAndTell(actor);
            }
        }
        for (Node node : nodes) {
            assertThat(node.kernel().peers.relatedCount()).as("related nodes").isZero();
            node.kernel()
                    .peers
                    .all()
                    .forEach(
                            peer -> assertThat(peer.held()).as("held by a peer").isZero());
        }
    }

    private static boolean isConnected(Node a, Node b) {
        return a.kernel().peers.get(b.name().atom()) != null;
    }

    private void endAndTell(Actor actor) {
        Tuple reason = Tuple.of(FINISHED, Int.of(actor.index));
        List<Actor> linked =
                alive().stream().filter(other -> other.isLinked(actor)).toList();
        List<Watch> open = watches.values().stream()
                .filter(w -> w.target == actor && w.isOpen() && w.watcher.isAlive())
                .toList();
        Map<Actor, Integer> before = new HashMap<>();
        linked.forEach(other -> before.put(other, other.linksTo(actor).exits));
        end(actor, reason);
        settle();
        for (Actor other : linked) {
            if (other.traps) {
                assertThat(other.linksTo(actor).exits - before.getOrDefault(other, 0))
                        .as("exits of %s that %s got in the end", actor, other)
                        .isEqualTo(1);
            } else {
                assertThat(other.isAlive()).as("%s, linked to %s", other, actor).isFalse();
            }
        }
        for (Watch watch : open) {
            if (watch.watcher.isAlive()) {
                assertThat(watch.isDown).as("%s is down", watch.ref).isTrue();
            }
        }
    }

    @Override
    public void close() {
        simulation.close();
    }
}
