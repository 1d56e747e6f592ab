package io.hawser.node;

import io.hawser.dist.ControlMessage;
import io.hawser.term.Atom;
import io.hawser.term.ListTerm;
import io.hawser.term.Pid;
import io.hawser.term.Printable;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spawn requests, in both directions. What comes in starts a registered process, or calls a registered function the way
 * {@code erpc} does it: a process that runs {@code erpc:execute_call/4} and whose exit reason is the result.
 *
 * <p>Thread-safe.
 *
 * @see <a href="https://www.erlang.org/doc/apps/erts/erl_dist_protocol.html#new-ctrlmessages-for-erlang-otp-23">Control
 *     messages of OTP 23</a>
 */
final class Spawner {
    private static final Logger logger = LoggerFactory.getLogger(Spawner.class);

    private static final int LINKED = 1;
    private static final int MONITORED = 2;

    /** A request of a process here that was not answered yet. */
    private static final class Pending {
        final LocalProcess requester;
        final Atom node;
        final Set<SpawnOption> options;
        long connection; // that the request leaves on; guarded by the requester's lock

        Pending(LocalProcess requester, Atom node, Set<SpawnOption> options) {
            this.requester = requester;
            this.node = node;
            this.options = options;
        }

        /** Returns which of the flags stand for what was asked for. */
        int askedFor(int flags) {
            return flags
                    & ((options.contains(SpawnOption.LINK) ? LINKED : 0)
                            | (options.contains(SpawnOption.MONITOR) ? MONITORED : 0));
        }
    }

    private final Node node;
    private final Kernel kernel;
    private final Functions functions;
    private final Map<FunctionKey, SpawnedProcess> bodies;
    private final SignalPolicy policy;
    private final ConcurrentHashMap<Reference, Pending> pending = new ConcurrentHashMap<>();
    private final PeerTasks tasks;

    Spawner(
            Node node,
            Kernel kernel,
            Functions functions,
            Map<FunctionKey, SpawnedProcess> bodies,
            SignalPolicy policy,
            PeerTasks tasks) {
        this.node = node;
        this.kernel = kernel;
        this.functions = functions;
        this.bodies = bodies;
        this.policy = policy;
        this.tasks = tasks;
    }

    // ---- requests of processes here

    Reference request(
            LocalProcess from,
            Pid groupLeader,
            Atom to,
            FunctionKey key,
            List<? extends Term> arguments,
            Set<SpawnOption> options) {
        Reference id = kernel.references.next();
        var list = new ListTerm(List.copyOf(arguments));
        var request = new ControlMessage.SpawnRequest(
                id, from.pid(), groupLeader, key.module(), key.function(), key.arity(), optionList(options));
        var asked = new Pending(from, to, options);
        if (to.equals(kernel.node)) {
            from.requireAlive();
            pending.put(id, asked);
            spawn(null, request, list);
        } else if (!kernel.isNode(to)) {
            from.requireAlive();
            answered(from, id, 0, Atoms.NOCONNECTION, Kernel.HERE, null);
        } else {
            kernel.whenRoom(from, () -> offer(asked, request, list));
            if (asked.connection == Kernel.OUT_OF_REACH) {
                answered(from, id, 0, Atoms.NOCONNECTION, Kernel.HERE, null);
            }
        }
        return id;
    }

    /** With the requester's lock held. */
    private boolean offer(Pending asked, ControlMessage.SpawnRequest request, ListTerm arguments) {
        pending.put(request.requestId(), asked); // the answer may come before we are told that the request is queued
        try {
            asked.connection = kernel.offer(asked.requester, asked.node, request, arguments);
        } finally {
            if (asked.connection == 0 || asked.connection == Kernel.OUT_OF_REACH) {
                pending.remove(request.requestId());
            }
        }
        return asked.connection != 0;
    }

    private static ListTerm optionList(Set<SpawnOption> options) {
        return new ListTerm(options.stream()
                .map(o -> o == SpawnOption.LINK ? Atoms.LINK : Atoms.MONITOR)
                .<Term>map(atom -> atom)
                .toList());
    }

    /** {@code SPAWN_REPLY} of a peer. */
    void onReply(PeerState peer, ControlMessage.SpawnReply reply) {
        if (reply.result() instanceof Pid pid && !pid.node().equals(peer.node())) {
            kernel.disconnectLiar(peer, "spawned " + Printable.of(pid) + ", which is not a process of that node");
            return; // who asked is told noconnection
        }
        Pending request = pending.get(reply.requestId());
        if (request != null && request.node.equals(peer.node()) && pending.remove(reply.requestId(), request)) {
            long connection = peer.connection.id();
            int flags = request.askedFor(
                    reply.flags()); // no link comes about that the policy and this process know nothing of
            answered(request.requester, reply.requestId(), flags, reply.result(), connection, null);
        }
    }

    /** A connection to a node is gone, or could not be made. */
    void onConnectionGone(Atom gone, long connection) {
        tasks.onNodeGone(gone);
        pending.forEach((id, request) -> {
            if (request.node.equals(gone) && isOf(request, connection) && pending.remove(id, request)) {
                answered(request.requester, id, 0, Atoms.NOCONNECTION, Kernel.HERE, null);
            }
        });
    }

    private static boolean isOf(Pending request, long connection) {
        request.requester.lock().lock(); // held while the request is queued
        try {
            return request.connection == connection;
        } finally {
            request.requester.lock().unlock();
        }
    }

    private void answered(
            LocalProcess requester,
            Reference id,
            int flags,
            Term result,
            long connection,
            @Nullable LocalProcess here) {
        Term reason;
        requester.lock().lock();
        try {
            reason = requester.exitReason();
            if (reason == null) {
                if (result instanceof Pid pid && connection != Kernel.HERE) {
                    requester.relate(pid.node());
                }
                if (result instanceof Pid pid && (flags & LINKED) != 0) {
                    requester.links().addSpawned(pid, connection);
                }
                if (result instanceof Pid pid && (flags & MONITORED) != 0) {
                    requester.monitors().addSpawnedWatch(id, pid, connection, here);
                }
                Atom kind = result instanceof Pid ? Atom.OK : Atom.ERROR;
                requester.receiver.add(new Message.Sent(Tuple.of(Atoms.SPAWN_REPLY, id, kind, result)), null, 0);
            }
        } finally {
            requester.lock().unlock();
        }
        if (reason == null) {
            requester.receiver.wake();
        } else if (result instanceof Pid pid) {
            orphan(requester, reason, id, flags, pid, connection);
        }
    }

    /** The requester has ended before the reply came: the new process gets what it would have got. */
    private void orphan(LocalProcess requester, Term reason, Reference id, int flags, Pid spawned, long connection) {
        if ((flags & LINKED) != 0) {
            kernel.exitLinked(requester.pid(), spawned, connection, reason, () -> {});
        }
        if ((flags & MONITORED) != 0 && !kernel.isLocal(spawned)) {
            var signal = new ControlMessage.Demonitor(requester.pid(), spawned, id);
            kernel.offerLast(spawned.node(), connection, signal, null);
        }
    }

    // ---- requests of peers, and of processes here to this node

    /** {@code SPAWN_REQUEST} of a peer. */
    void onRequest(PeerState peer, ControlMessage.SpawnRequest request, Term arguments) {
        spawn(peer, request, arguments);
    }

    private void spawn(@Nullable PeerState peer, ControlMessage.SpawnRequest request, Term payload) {
        var options = Options.parse(request.options());
        if (bodies.isEmpty() && functions.isEmpty()) {
            refuse(peer, request, Atoms.NOTSUP);
        } else if (options == null
                || !(payload instanceof ListTerm arguments)
                || arguments.elements().size() != request.arity()
                || request.arity() > 255) {
            refuse(peer, request, Atoms.BADOPT);
        } else if (!isExecute(request) && peer != null && !may(peer, request)) {
            refuse(peer, request, Atoms.NOTSUP);
        } else {
            Runnable discount = tasks.count(peer);
            if (discount == null) {
                refuse(peer, request, Atoms.SYSTEM_LIMIT);
            } else {
                start(peer, request, arguments, options, discount);
            }
        }
    }

    /** What a spawn sets up between the two processes. */
    private record Options(boolean link, boolean monitor) {
        /** Null if an option is malformed; priorities and heap sizes mean nothing here. */
        static @Nullable Options parse(ListTerm list) {
            boolean link = false;
            boolean monitor = false;
            for (Term option : list.elements()) {
                boolean pair = option instanceof Tuple tuple && tuple.arity() == 2 && tuple.element(0) instanceof Atom;
                if (!pair && !(option instanceof Atom)) {
                    return null;
                }
                link |= option.equals(Atoms.LINK);
                monitor |= option.equals(Atoms.MONITOR)
                        || (option instanceof Tuple t && t.element(0).equals(Atoms.MONITOR));
            }
            return new Options(link, monitor);
        }

        int flags() {
            return (link ? LINKED : 0) | (monitor ? MONITORED : 0);
        }
    }

    private boolean may(PeerState peer, ControlMessage.SpawnRequest request) {
        var key = new FunctionKey(request.module(), request.function(), request.arity());
        return InboundSignals.allowed(kernel, policy, peer, SignalPolicy.Operation.SPAWN, key.toTerm());
    }

    private void refuse(@Nullable PeerState peer, ControlMessage.SpawnRequest request, Atom reason) {
        reply(peer, request, 0, reason, null);
    }

    private void reply(
            @Nullable PeerState peer,
            ControlMessage.SpawnRequest request,
            int flags,
            Term result,
            @Nullable LocalProcess here) {
        if (peer != null) {
            var signal = new ControlMessage.SpawnReply(request.requestId(), request.from(), flags, result);
            kernel.answer(peer, signal, null);
            return;
        }
        Pending own = pending.remove(request.requestId());
        if (own != null) {
            answered(own.requester, request.requestId(), flags, result, Kernel.HERE, here);
        }
    }

    private static boolean isExecute(ControlMessage.SpawnRequest request) {
        return request.module().equals(Atoms.ERPC)
                && ((request.function().equals(Atoms.EXECUTE_CALL) && request.arity() == 4)
                        || (request.function().equals(Atoms.EXECUTE_CAST) && request.arity() == 3));
    }

    /** Makes the process, says so, and only then runs it: the reply comes before any signal of the process. */
    private void start(
            @Nullable PeerState peer,
            ControlMessage.SpawnRequest request,
            ListTerm arguments,
            Options options,
            Runnable discount) {
        var key = new FunctionKey(request.module(), request.function(), request.arity());
        boolean execute = isExecute(request);
        Mailbox mailbox = execute ? null : node.unpublished();
        LocalProcess process = mailbox != null
                ? mailbox.process()
                : new LocalProcess(kernel, kernel.processes.newPid(), Receiver.NOBODY);
        Runnable body =
                mailbox == null ? () -> execute(peer, process, request, arguments) : () -> run(mailbox, key, arguments);
        var task = new Interruptible(kernel.surroundings, body, () -> {
            if (process.exitReason() != null) {
                discount.run(); // else it lives on with a handler
            }
        });
        process.afterEnd(() -> {
            task.abandon();
            if (mailbox != null) {
                discount.run();
            }
        });
        if (mailbox == null && options.monitor) {
            process.monitors().whenUnwatched(() -> process.end(Atoms.KILLED));
        }
        connect(peer, process, request, options);
        kernel.processes.add(process);
        reply(peer, request, options.flags(), process.pid(), process);
        if (!kernel.execute(task)) {
            process.end(Atoms.SYSTEM_LIMIT);
            discount.run();
        }
    }

    /** Sets the link and the monitor up on the new process's side. */
    private static void connect(
            @Nullable PeerState peer, LocalProcess process, ControlMessage.SpawnRequest request, Options options) {
        long connection = peer == null ? Kernel.HERE : peer.connection.id();
        process.lock().lock();
        try {
            if (peer != null && (options.link || options.monitor)) {
                process.relate(peer.node());
            }
            if (options.link) {
                process.links().addSpawned(request.from(), connection);
            }
            if (options.monitor) {
                process.monitors().addSpawnedWatcher(request.from(), request.requestId(), connection);
            }
        } finally {
            process.lock().unlock();
        }
    }

    // ---- what the new processes do

    private void run(Mailbox mailbox, FunctionKey key, ListTerm arguments) {
        SpawnedProcess body = bodies.get(key);
        if (body == null) {
            mailbox.process().end(Functions.undefined(key, arguments));
            return;
        }
        try {
            body.run(mailbox, arguments.elements());
            if (!mailbox.hasHandler()) {
                mailbox.close();
            }
        } catch (Exception | Error e) { // an error too: links and monitors wait for the end
            if (mailbox.isAlive()) {
                logger.atWarn().addKeyValue("process", key).setCause(e).log("spawned process failed");
            }
            mailbox.process().end(LocalProcess.reasonOf(e));
        }
    }

    private void execute(
            @Nullable PeerState peer, LocalProcess process, ControlMessage.SpawnRequest request, ListTerm arguments) {
        boolean call = request.arity() == 4;
        List<Term> given = arguments.elements();
        Term resultRef = given.get(0);
        List<Term> mfa = call ? given.subList(1, 4) : given;
        Term reason;
        if (mfa.get(0) instanceof Atom module
                && mfa.get(1) instanceof Atom function
                && mfa.get(2) instanceof ListTerm list
                && list.elements().size() <= 255) {
            var key = new FunctionKey(module, function, list.elements().size());
            Functions.Outcome outcome = functions.call(kernel, peer, key, list);
            reason = call ? outcome.exitReason(resultRef) : Atoms.NORMAL;
        } else {
            Term badarg = Tuple.of(Atoms.ERPC, Atom.of("badarg"));
            reason = call ? Tuple.of(resultRef, Atom.ERROR, badarg) : Atoms.NORMAL;
        }
        process.end(reason);
    }

    static Set<SpawnOption> setOf(SpawnOption... options) {
        Set<SpawnOption> set = EnumSet.noneOf(SpawnOption.class);
        set.addAll(List.of(options));
        return set;
    }
}
