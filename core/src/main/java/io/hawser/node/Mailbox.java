package io.hawser.node;

import io.hawser.peer.Peers;
import io.hawser.term.Atom;
import io.hawser.term.Bindings;
import io.hawser.term.NodeName;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.TermPattern;
import io.hawser.term.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A process: it has a pid, receives messages, sends, links and monitors, and ends with a reason. Every call behaves the
 * same whether the other process lives on this node or on another.
 *
 * <p>Signals (messages, exits, links, monitors) from one mailbox to another process arrive in the order they were sent.
 * Nobody waits for an answer of the network; {@link #send} waits only while too much is queued for the node it goes to.
 * Sending to nobody is no error, as in Erlang.
 *
 * <p>Thread-safe. Meant to be used by one thread at a time, like a process: when several receive, each message goes to one
 * of them; order between signals sent by several threads is theirs to make.
 */
public final class Mailbox implements AutoCloseable {
    private final Node node;
    private final Reception reception;
    private final LocalProcess process;

    /** Makes a mailbox that is not in the process table yet. */
    Mailbox(Node node, Kernel kernel, MailboxOptions options) {
        this.node = node;
        this.reception = new Reception(kernel, options);
        this.process = reception.process();
    }

    LocalProcess process() {
        return process;
    }

    /**
     * Returns the node it lives on.
     *
     * @return the node
     */
    public Node node() {
        return node;
    }

    /**
     * Returns its pid.
     *
     * @return the pid, the same at every call
     */
    public Pid self() {
        return process.pid();
    }

    /**
     * Returns the name it is registered under.
     *
     * @return the name; empty if it has none, or has ended
     */
    public Optional<Atom> name() {
        return Optional.ofNullable(process.name());
    }

    /**
     * Sends a message. Waits while more than the high-water mark is queued for the node it goes to; an interrupt ends the
     * wait, the message is queued all the same and the interrupt flag stays set. A node not connected is connected to
     * first, in the background.
     *
     * <p>As long as the connection stands there is no limit to the wait, as there is none in Erlang, where a busy
     * distribution port suspends its senders: a node that sends ticks and never reads keeps whoever sends to it.
     * {@link #trySend} never waits, nor does a mailbox made {@linkplain MailboxOptions#withAsyncDist so}; {@link
     * Node#disconnect} sets free those who do, and their messages are lost.
     *
     * @param to a {@link Pid}, a name registered here as {@link Atom}, an alias as {@link Reference}, or a tuple
     *     <code>{Name, Node}</code> of atoms
     * @param message what to send
     * @throws IllegalArgumentException if {@code to} is something else
     * @throws MailboxExitException if this mailbox has ended
     */
    public void send(Term to, Term message) {
        post(to, message, true);
    }

    /**
     * Sends a message to a process registered on this node.
     *
     * @param name its name
     * @param message what to send
     * @throws MailboxExitException if this mailbox has ended
     */
    public void send(String name, Term message) {
        send(Atom.of(name), message);
    }

    /**
     * Sends a message to a process registered on a node, this one or another. Waits as {@link #send(Term, Term)} does.
     *
     * @param name its name there
     * @param node the node
     * @param message what to send
     * @throws MailboxExitException if this mailbox has ended
     */
    public void send(String name, NodeName node, Term message) {
        send(Tuple.of(Atom.of(name), node.atom()), message);
    }

    /**
     * Sends a message unless that would have to wait. Never blocks.
     *
     * @param to as for {@link #send(Term, Term)}
     * @param message what to send
     * @return false if it was not sent because too much is queued for the node it goes to
     * @throws IllegalArgumentException if {@code to} is nothing one can send to
     * @throws MailboxExitException if this mailbox has ended
     */
    public boolean trySend(Term to, Term message) {
        return post(to, message, false);
    }

    /**
     * Sends a message unless that would have to wait, or to connect first: to a node that is not connected it goes nowhere.
     * Never blocks. As {@code erlang:send/3} does with {@code noconnect} and {@code nosuspend}.
     *
     * @param to as for {@link #send(Term, Term)}
     * @param message what to send
     * @return false if it was not sent because too much is queued for the node it goes to
     * @throws IllegalArgumentException if {@code to} is nothing one can send to
     * @throws MailboxExitException if this mailbox has ended
     */
    public boolean trySendIfConnected(Term to, Term message) {
        Objects.requireNonNull(message, "message");
        process.beginSend();
        try {
            return process.kernel.sendIfConnected(process.pid(), to, message);
        } finally {
            process.sent();
        }
    }

    private boolean post(Term to, Term message, boolean wait) {
        Objects.requireNonNull(message, "message");
        process.beginSend();
        try {
            Peers.Room room =
                    !wait ? Peers.Room.NEEDED : process.isAsyncDist() ? Peers.Room.EXCEEDED : Peers.Room.AWAIT;
            return process.kernel.send(process, to, message, room, reception);
        } finally {
            process.sent();
        }
    }

    /**
     * Returns which node the message came from that was received last, whatever the message says: the peer at the other end
     * of the connection. To be asked by the thread that received it, or by its handler while that runs.
     *
     * @return the node; empty if it was sent here, or is news of this node's own, such as a {@link Message.Down}
     *     when a connection is lost
     */
    public Optional<Atom> origin() {
        return Optional.ofNullable(reception.origin());
    }

    /**
     * Waits for the next message.
     *
     * @return the message that arrived first of those not received yet
     * @throws MailboxExitException if the mailbox has ended, or ends while waiting
     * @throws InterruptedException if the thread is interrupted while waiting
     * @throws IllegalStateException if the mailbox has a handler and this is not called from it
     */
    public Message receive() throws InterruptedException {
        return receive(any -> true);
    }

    /**
     * Waits for the next message for a limited time.
     *
     * @param timeout how long; zero or less takes what is there
     * @return the message; empty if none came in time
     * @throws MailboxExitException if the mailbox has ended, or ends while waiting
     * @throws InterruptedException if the thread is interrupted while waiting
     * @throws IllegalStateException if the mailbox has a handler and this is not called from it
     */
    public Optional<Message> receive(Duration timeout) throws InterruptedException {
        return receive(any -> true, timeout);
    }

    /**
     * Waits for the first message that matches. Others stay, in order.
     *
     * @param wanted says whether a message matches; asked once for each message by each call (again when a flushing
     *     {@link #demonitor(Reference, boolean)} comes in between), and must not receive from this mailbox itself
     * @return the message
     * @throws MailboxExitException if the mailbox has ended, or ends while waiting
     * @throws InterruptedException if the thread is interrupted while waiting
     * @throws IllegalStateException if the mailbox has a handler and this is not called from it
     */
    public Message receive(Predicate<? super Message> wanted) throws InterruptedException {
        return required(reception.await(wanted, null));
    }

    private <T> T required(@Nullable T received) {
        if (received == null) {
            throw new IllegalStateException(this + ": nothing received without a deadline");
        }
        return received;
    }

    /**
     * Waits for the first message that matches, for a limited time. Others stay, in order.
     *
     * @param wanted says whether a message matches; asked once for each message by each call (again when a flushing
     *     {@link #demonitor(Reference, boolean)} comes in between), and must not receive from this mailbox itself
     * @param timeout how long from now, whatever arrives meanwhile; zero or less looks at what is there
     * @return the message; empty if none came in time
     * @throws MailboxExitException if the mailbox has ended, or ends while waiting
     * @throws InterruptedException if the thread is interrupted while waiting
     * @throws IllegalStateException if the mailbox has a handler and this is not called from it
     */
    public Optional<Message> receive(Predicate<? super Message> wanted, Duration timeout) throws InterruptedException {
        return Optional.ofNullable(reception.await(wanted, Deadline.after(node.surroundings(), timeout)));
    }

    /**
     * Waits for the first message that a pattern matches. Others stay, in order. The pattern sees each message as an Erlang
     * process would, {@link Message#toTerm()}: <code>{'DOWN', Ref, process, _, Reason}</code> matches a
     * {@link Message.Down}.
     *
     * @param pattern says which message, and names its parts
     * @return the parts; {@link Bindings#term()} is the whole message
     * @throws MailboxExitException if the mailbox has ended, or ends while waiting
     * @throws InterruptedException if the thread is interrupted while waiting
     * @throws IllegalStateException if the mailbox has a handler and this is not called from it
     */
    public Bindings receive(TermPattern pattern) throws InterruptedException {
        return required(reception.await(pattern, null));
    }

    /**
     * Waits for the first message that a pattern matches, for a limited time, as {@link #receive(TermPattern)}.
     *
     * @param pattern says which message, and names its parts
     * @param timeout how long from now, whatever arrives meanwhile; zero or less looks at what is there
     * @return the parts; empty if no such message came in time
     * @throws MailboxExitException if the mailbox has ended, or ends while waiting
     * @throws InterruptedException if the thread is interrupted while waiting
     * @throws IllegalStateException if the mailbox has a handler and this is not called from it
     */
    public Optional<Bindings> receive(TermPattern pattern, Duration timeout) throws InterruptedException {
        return Optional.ofNullable(reception.await(pattern, Deadline.after(node.surroundings(), timeout)));
    }

    /**
     * Has messages handled as they come: one at a time, in order, on the node's executor, those that wait already
     * included. Within the handler, {@code receive} may be called, and takes the messages that follow.
     *
     * <p>A handler that throws ends the mailbox: with the reason of the {@link ErlangException} or
     * {@link MailboxExitException}, or what a {@link CallException} says, otherwise with <code>{{java_exception, ClassName}, []}</code>.
     *
     * @param handler handles one message
     * @throws IllegalStateException if there is a handler already
     * @throws MailboxExitException if the mailbox has ended
     */
    public void onMessage(Consumer<? super Message> handler) {
        reception.onMessage(handler);
    }

    boolean hasHandler() {
        return reception.hasHandler();
    }

    /**
     * Links this process to another: when one ends with another reason than {@code normal}, so does the other, unless it
     * traps exits. A process that does not exist, or cannot be reached, sends the exit signal {@code noproc} or
     * {@code noconnection}. Linking twice is linking once.
     *
     * @param target the other process
     * @throws MailboxExitException if this mailbox has ended
     */
    public void link(Pid target) {
        process.links().link(target);
    }

    /**
     * Removes a link. Once this returns, no exit signal of that link arrives; one that arrived before stays.
     *
     * @param target the other process
     * @throws MailboxExitException if this mailbox has ended
     */
    public void unlink(Pid target) {
        process.links().unlink(target);
    }

    /**
     * Monitors a process: one {@link Message.Down} arrives when it ends, at once if it does not exist, or when the
     * connection to its node is lost.
     *
     * @param target a {@link Pid}, a name registered here as {@link Atom}, or a tuple <code>{Name, Node}</code>
     * @return the reference that the {@code Down} will carry
     * @throws IllegalArgumentException if the target is something else
     * @throws MailboxExitException if this mailbox has ended
     */
    public Reference monitor(Term target) {
        return process.monitors().monitor(target, null);
    }

    /**
     * Monitors a process with a reference that is an alias of this one, too.
     *
     * @param target as for {@link #monitor(Term)}
     * @param alias when the alias ends
     * @return the reference
     * @throws IllegalArgumentException if the target is nothing one can monitor
     * @throws MailboxExitException if this mailbox has ended
     */
    public Reference monitor(Term target, AliasMode alias) {
        return process.monitors().monitor(target, Objects.requireNonNull(alias, "alias"));
    }

    /**
     * Ends a monitor. A {@code Down} that arrived before stays.
     *
     * @param ref what {@code monitor} returned
     * @return whether the monitor was there
     * @throws MailboxExitException if this mailbox has ended
     */
    public boolean demonitor(Reference ref) {
        return process.monitors().demonitor(ref);
    }

    /**
     * Ends a monitor, and takes its {@code Down} out of the mailbox when asked to.
     *
     * @param ref what {@code monitor} returned
     * @param flush whether to remove a {@code Down} that arrived before
     * @return whether the monitor was there
     * @throws MailboxExitException if this mailbox has ended
     */
    public boolean demonitor(Reference ref, boolean flush) {
        boolean found = process.monitors().demonitor(ref);
        if (flush && !found) {
            reception.flush(ref); // a monitor that was still there has no Down
        }
        return found;
    }

    /** Drops the reply to a call that timed out, should it come to the pid of this mailbox rather than to the call's alias. */
    void dropReply(Reference call) {
        reception.dropReply(call);
    }

    /**
     * Makes an alias: a reference that anybody can send to, until {@link #unalias}.
     *
     * @return the alias; it cannot be guessed
     * @throws MailboxExitException if this mailbox has ended
     */
    public Reference alias() {
        return alias(false);
    }

    /**
     * Makes an alias that ends with the first message sent through it: the option {@code reply} of
     * {@code erlang:alias/1}.
     *
     * @return the alias; it cannot be guessed
     * @throws MailboxExitException if this mailbox has ended
     */
    public Reference replyAlias() {
        return alias(true);
    }

    private Reference alias(boolean once) {
        return process.alias(once);
    }

    /**
     * Ends an alias: messages sent through it from now on are dropped.
     *
     * @param alias what {@code alias} or {@code monitor} returned
     * @return whether it was an alias of this process
     * @throws MailboxExitException if this mailbox has ended
     */
    public boolean unalias(Reference alias) {
        return process.unalias(alias);
    }

    /**
     * Sends an exit signal on purpose, as {@code exit/2}: {@code kill} cannot be trapped and ends the target with
     * {@code killed}; {@code normal} is ignored unless trapped.
     *
     * @param target a {@link Pid}, this one's own included
     * @param reason why
     * @throws MailboxExitException if this mailbox has ended
     */
    public void exit(Pid target, Term reason) {
        process.beginSend();
        try {
            process.kernel.exit2(process.pid(), target, reason, process);
        } finally {
            process.sent();
        }
    }

    /**
     * Ends this process, as {@code exit/1}: linked processes get an exit signal, monitors a {@code Down}, the name is free
     * again, and messages not received are dropped. Does nothing when it has ended.
     *
     * @param reason why
     */
    public void exit(Term reason) {
        process.end(Objects.requireNonNull(reason, "reason"));
    }

    /** Ends this process with reason {@code normal}. Can be called twice. */
    @Override
    public void close() {
        exit(Atoms.NORMAL);
    }

    /**
     * Chooses what exit signals do: end the process, or arrive as {@link Message.Exit}. They end it when not called.
     *
     * @param trap true to have them as messages
     * @throws MailboxExitException if this mailbox has ended
     */
    public void trapExit(boolean trap) {
        process.requireAlive();
        process.trapExit(trap);
    }

    /**
     * Chooses whether nodes are connected to for what this process does from now on. They are when not called. Without,
     * what goes to a node that is neither connected nor being connected to is lost, and links, monitors and spawn requests
     * end with {@code noconnection} at once: as on a node whose {@code dist_auto_connect} is {@code never}. Meant for services
     * that answer and watch whoever peers name: it is not for those to say whom this node connects to.
     *
     * @param on whether to connect
     * @throws MailboxExitException if this mailbox has ended
     */
    public void autoConnect(boolean on) {
        process.requireAlive();
        process.autoConnect(on);
    }

    /**
     * Has exit signals do nothing from now on, whoever sends them and whatever the reason: those of links, and
     * {@code exit/2} with {@code kill} too. For a service that answers many nodes, which none of them may end. It ends by
     * {@link #exit(Term)} and {@link #close}, and with its node. OTP has nothing like it: there, whoever is connected may
     * kill any process.
     *
     * @throws MailboxExitException if this mailbox has ended
     */
    public void ignoreExits() {
        process.requireAlive();
        process.ignoreExits();
    }

    /**
     * Returns whether the process lives.
     *
     * @return false once it has ended
     */
    public boolean isAlive() {
        return process.exitReason() == null;
    }

    /**
     * Returns why the process ended.
     *
     * @return the reason; empty while it lives
     */
    public Optional<Term> exitReason() {
        return Optional.ofNullable(process.exitReason());
    }

    /**
     * Returns how many messages found no room, see {@link MailboxOptions#withCapacity}.
     *
     * @return how many since it was made; 0 without a capacity
     */
    public long dropped() {
        return reception.dropped();
    }

    /**
     * Asks for {@link Message.NodeUp} and {@link Message.NodeDown} of visible peers, or no longer. Not asked when not
     * called.
     *
     * @param on whether to get them
     * @throws MailboxExitException if this mailbox has ended
     */
    public void monitorNodes(boolean on) {
        monitorNodes(on, NodeKind.VISIBLE);
    }

    /**
     * Asks for {@link Message.NodeUp} and {@link Message.NodeDown}, or no longer. A node is up before any of its signals
     * arrives, and down after all of them, the {@code noconnection} of links and monitors included.
     *
     * @param on whether to get them
     * @param kind of which peers
     * @throws MailboxExitException if this mailbox has ended
     */
    public void monitorNodes(boolean on, NodeKind kind) {
        process.requireAlive();
        if (on) {
            process.kernel.events.subscribe(process, kind);
        } else {
            process.kernel.events.unsubscribe(process);
        }
    }

    /**
     * Asks a node to spawn a process, as {@code erlang:spawn_request}. The answer arrives as a message
     * <code>{spawn_reply, Ref, ok, Pid}</code> or <code>{spawn_reply, Ref, error, Reason}</code>, before any signal of the
     * new process; {@code noconnection} if the node cannot be reached. A spawn on this node starts what
     * {@link NodeConfig.Builder#process} allows.
     *
     * @param target the node's atom, this node's own included
     * @param module the module
     * @param function the function
     * @param arguments its arguments, at most 255
     * @param options what to set up
     * @return the request's reference, the monitor's too
     * @throws IllegalArgumentException if there are more arguments
     * @throws MailboxExitException if this mailbox has ended
     */
    public Reference spawnRequest(
            Atom target, Atom module, Atom function, List<? extends Term> arguments, SpawnOption... options) {
        return node.spawner()
                .request(
                        process,
                        node.groupLeader(),
                        target,
                        new FunctionKey(module, function, arguments.size()),
                        arguments,
                        Spawner.setOf(options));
    }

    /**
     * Returns its pid as text, for logs.
     *
     * @return such as {@code mailbox <a@host.1.0>}
     */
    @Override
    public String toString() {
        return "mailbox " + self();
    }
}
