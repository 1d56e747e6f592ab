package io.hawser.node;

import io.hawser.term.Atom;
import io.hawser.term.NodeName;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A node of distributed Erlang: it has a name, mailboxes, and connections to other nodes, made when something is sent to
 * them.
 *
 * <p>Thread-safe.
 */
public final class Node implements AutoCloseable {
    private Node() {
        throw new UnsupportedOperationException();
    }

    /**
     * Starts a node: listens, and publishes it. Blocks until both are done.
     *
     * @param config what it is made with
     * @return the node
     * @throws io.hawser.transport.TransportException if the address cannot be listened on
     * @throws io.hawser.epmd.ResolverException if the name is taken or the directory did not answer
     */
    public static Node start(NodeConfig config) {
        throw new UnsupportedOperationException();
    }

    /**
     * Returns its name.
     *
     * @return the full name
     */
    public NodeName name() {
        throw new UnsupportedOperationException();
    }

    /**
     * Returns which incarnation of the name this is.
     *
     * @return unsigned 32 bits, above 3
     */
    public long creation() {
        throw new UnsupportedOperationException();
    }

    /**
     * Returns where it listens.
     *
     * @return the address with the port in use
     */
    public InetSocketAddress address() {
        throw new UnsupportedOperationException();
    }

    /**
     * Makes a mailbox without a name.
     *
     * @return the mailbox
     * @throws IllegalStateException if the node is closed
     */
    public Mailbox mailbox() {
        return mailbox(MailboxOptions.DEFAULT);
    }

    /**
     * Makes a mailbox.
     *
     * @param options how it begins
     * @return the mailbox
     * @throws NameTakenException if its name is registered already
     * @throws IllegalStateException if the node is closed
     */
    public Mailbox mailbox(MailboxOptions options) {
        throw new UnsupportedOperationException();
    }

    /**
     * Makes a mailbox with a name. The name is free again when the mailbox ends.
     *
     * @param name the name, of this node
     * @return the mailbox
     * @throws NameTakenException if the name is registered already
     * @throws IllegalStateException if the node is closed
     */
    public Mailbox register(String name) {
        return mailbox(MailboxOptions.DEFAULT.withName(name));
    }

    /**
     * Makes a mailbox with a name. The name is free again when the mailbox ends.
     *
     * @param name the name, of this node
     * @return the mailbox
     * @throws NameTakenException if the name is registered already
     * @throws IllegalStateException if the node is closed
     */
    public Mailbox register(Atom name) {
        return mailbox(MailboxOptions.DEFAULT.withName(name));
    }

    /**
     * Gives a name to a mailbox that has none, as {@code erlang:register/2}.
     *
     * @param name the name, of this node; not {@code undefined}
     * @param mailbox a mailbox of this node
     * @throws NameTakenException if the name is registered already or the mailbox has a name
     * @throws IllegalArgumentException if the name is {@code undefined} or the mailbox is another node's
     * @throws MailboxExitException if the mailbox has ended
     */
    public void register(Atom name, Mailbox mailbox) {
        throw new UnsupportedOperationException();
    }

    /**
     * Takes a name from its mailbox, which lives on.
     *
     * @param name the name
     * @return false if nobody has it
     */
    public boolean unregister(Atom name) {
        throw new UnsupportedOperationException();
    }

    /**
     * Looks a name up.
     *
     * @param name a name of this node
     * @return who has it; empty if nobody does
     */
    public Optional<Pid> whereis(Atom name) {
        throw new UnsupportedOperationException();
    }

    /**
     * Returns the names registered here, those of the node's own services included.
     *
     * @return a snapshot
     */
    public Set<Atom> registered() {
        throw new UnsupportedOperationException();
    }

    /**
     * Sends a message from no process in particular. Waits, and treats receivers, as {@link Mailbox#send(Term, Term)}.
     *
     * @param to as there
     * @param message what to send
     */
    public void send(Term to, Term message) {
        throw new UnsupportedOperationException();
    }

    /**
     * Makes a reference that no other call on any node returns.
     *
     * @return the reference; it cannot be guessed
     */
    public Reference makeReference() {
        throw new UnsupportedOperationException();
    }

    /**
     * Connects to a node unless it is connected.
     *
     * @param node the node
     * @return completes with null once it is connected, at once for this node itself; fails with
     *     {@link io.hawser.transport.TransportException}, whose message is the one line that says why not
     */
    public CompletionStage<@Nullable Void> connect(NodeName node) {
        throw new UnsupportedOperationException();
    }

    /**
     * Connects to a node unless it is connected, and waits for it.
     *
     * @param node the node
     * @param timeout how long to wait
     * @throws io.hawser.transport.TransportException if it cannot be connected, or not in time; the message says why
     * @throws InterruptedException if the thread is interrupted while waiting
     */
    public void connect(NodeName node, Duration timeout) throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    /**
     * Closes the connection to a node.
     *
     * @param node the node
     * @return false if there was none
     */
    public boolean disconnect(NodeName node) {
        throw new UnsupportedOperationException();
    }

    /**
     * Returns the visible nodes now connected, as {@code nodes()} does.
     *
     * @return a snapshot
     */
    public List<NodeName> nodes() {
        throw new UnsupportedOperationException();
    }

    /**
     * Returns the hidden nodes now connected, as {@code nodes(hidden)} does.
     *
     * @return a snapshot
     */
    public List<NodeName> hiddenNodes() {
        throw new UnsupportedOperationException();
    }

    /**
     * Returns the connections now up.
     *
     * @return a snapshot
     */
    public List<ConnectionInfo> connections() {
        throw new UnsupportedOperationException();
    }

    /**
     * Asks a node whether it is there, connecting to it when need be, as {@code net_adm:ping/1}.
     *
     * @param node the node
     * @param timeout how long to wait
     * @return true for {@code pong}
     * @throws InterruptedException if the thread is interrupted while waiting
     */
    public boolean ping(NodeName node, Duration timeout) throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    /**
     * Returns what the node counts.
     *
     * @return the counts of now
     */
    public NodeStats stats() {
        throw new UnsupportedOperationException();
    }

    /**
     * Ends all mailboxes with reason {@code shutdown}, withdraws the node and closes its connections. Messages not
     * received, and what the network does not take at once, are dropped. Can be called twice.
     */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
