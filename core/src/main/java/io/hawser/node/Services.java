package io.hawser.node;

import io.hawser.term.Atom;
import io.hawser.term.ListTerm;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * The processes every node owes its peers: {@code net_kernel}, which answers pings; {@code rex}, which answers the old form
 * of rpc; and the group leader of what this node spawns on others, which takes their output and drops it. They answer
 * where the message arrives, without a thread of their own.
 *
 * <p>Thread-safe: immutable.
 *
 * @see <a href="https://www.erlang.org/doc/apps/stdlib/io_protocol.html">The Erlang I/O protocol</a>
 */
final class Services {
    private static final Atom IO_REQUEST = Atom.of("io_request");
    private static final Atom IO_REPLY = Atom.of("io_reply");
    private static final Atom PUT_CHARS = Atom.of("put_chars");
    private static final Atom REQUESTS = Atom.of("requests");
    private static final Atom REQUEST = Atom.of("request");
    private static final Atom EOF = Atom.of("eof");
    private static final Atom ENOTSUP = Atom.of("enotsup");

    private final Kernel kernel;
    private final Functions functions;
    private final PeerTasks tasks;
    private final Pid netKernel;
    private final Pid rex;
    private final Pid groupLeader;

    /** Registers the processes. */
    Services(Kernel kernel, Functions functions, PeerTasks tasks) {
        this.kernel = kernel;
        this.functions = functions;
        this.tasks = tasks;
        this.netKernel = start(Atoms.NET_KERNEL, this::onNetKernel);
        this.rex = start(Atoms.REX, this::onRex);
        this.groupLeader = start(null, this::onGroupLeader);
    }

    /** How many processes these are. */
    static final int COUNT = 3;

    /** The sender of what nobody in particular sends. */
    Pid anonymous() {
        return netKernel;
    }

    Pid groupLeader() {
        return groupLeader;
    }

    /** What a service does with a message; the peer is null when it was sent here. */
    private interface Service {
        void on(Term message, @Nullable PeerState peer);
    }

    private Pid start(@Nullable Atom name, Service service) {
        var process = new LocalProcess(kernel, kernel.processes.newPid(), new Receiver() {
            @Override
            public void add(Message message, @Nullable PeerState from, int heapBytes) {
                if (message instanceof Message.Sent sent) {
                    service.on(sent.term(), from);
                }
                if (from != null) {
                    from.connection.consumed(heapBytes);
                }
            }

            @Override
            public void wake() {}

            @Override
            public void end() {}
        });
        process.ignoreExits();
        kernel.processes.add(process);
        if (name != null) {
            kernel.processes.register(name, process);
        }
        return process.pid();
    }

    // ---- net_kernel

    private void onNetKernel(Term message, @Nullable PeerState peer) {
        GenServer.Call.parse(message).ifPresent(call -> {
            if (call.request() instanceof Tuple t
                    && t.arity() == 2
                    && t.element(0).equals(Atoms.IS_AUTH)) {
                kernel.reply(peer, netKernel, call.replyTo(), Tuple.of(call.tag(), Atoms.YES));
            }
        });
    }

    // ---- rex

    private void onRex(Term message, @Nullable PeerState peer) {
        GenServer.Call.parse(message).ifPresentOrElse(call -> onRexCall(call, peer), () -> onRexInfo(message, peer));
    }

    private void onRexCall(GenServer.Call call, @Nullable PeerState peer) {
        Term kind = kind(call.request());
        if (kind.equals(Atoms.CALL) || kind.equals(Atoms.BLOCK_CALL)) {
            run(call.request(), peer, result -> kernel.reply(peer, rex, call.replyTo(), Tuple.of(call.tag(), result)));
        } else {
            kernel.reply(peer, rex, call.replyTo(), Tuple.of(call.tag(), undef(Atoms.REX, kind)));
        }
    }

    private void onRexInfo(Term message, @Nullable PeerState peer) {
        if (!(message instanceof Tuple tuple) || tuple.arity() != 2) {
            return;
        }
        Term second = tuple.element(1);
        if (tuple.element(0).equals(Atoms.GEN_CAST) && kind(second).equals(Atoms.CAST)) {
            run(second, peer, result -> {});
        } else if (tuple.element(0) instanceof Pid from && second.equals(Atoms.FEATURES_REQUEST)) {
            kernel.reply(peer, rex, from, Tuple.of(Atoms.FEATURES_REPLY, kernel.node, ListTerm.EMPTY));
        } else if (tuple.element(0) instanceof Pid from && kind(second).equals(Atoms.CALL)) {
            run(second, peer, result -> kernel.reply(peer, rex, from, Tuple.of(Atoms.REX, result)));
        }
    }

    private static Term kind(Term request) {
        return request instanceof Tuple t && t.arity() > 0 ? t.element(0) : request;
    }

    private interface Answer {
        void give(Term result);
    }

    /** Runs {@code {Kind, M, F, Args, GroupLeader}} on the node's executor. */
    private void run(Term request, @Nullable PeerState peer, Answer answer) {
        if (!(request instanceof Tuple t)
                || t.arity() != 5
                || !(t.element(1) instanceof Atom module)
                || !(t.element(2) instanceof Atom function)
                || !(t.element(3) instanceof ListTerm arguments)
                || arguments.elements().size() > 255) {
            answer.give(undef(Atoms.REX, kind(request)));
            return;
        }
        var key = new FunctionKey(module, function, arguments.elements().size());
        if (!tasks.run(
                peer,
                () -> answer.give(functions.call(kernel, peer, key, arguments).rpcResult()))) {
            answer.give(Tuple.of(Atoms.BADRPC, Atoms.SYSTEM_LIMIT));
        }
    }

    private static Term undef(Atom module, Term function) {
        Term stack = ListTerm.of(Tuple.of(module, function, ListTerm.EMPTY, ListTerm.EMPTY));
        return Tuple.of(Atoms.BADRPC, Tuple.of(Atoms.EXIT, Tuple.of(Atoms.UNDEF, stack)));
    }

    // ---- group leader

    private void onGroupLeader(Term message, @Nullable PeerState peer) {
        if (message instanceof Tuple t
                && t.arity() == 4
                && t.element(0).equals(IO_REQUEST)
                && t.element(1) instanceof Pid from) {
            kernel.reply(peer, groupLeader, from, Tuple.of(IO_REPLY, t.element(2), ioResult(t.element(3))));
        }
    }

    /** Takes output, and has no input. */
    private static Term ioResult(Term request) {
        Term kind = kind(request);
        if (kind.equals(PUT_CHARS)) {
            return Atom.OK;
        }
        if (kind.equals(REQUESTS)
                && request instanceof Tuple t
                && t.arity() == 2
                && t.element(1) instanceof ListTerm all) {
            return all.elements().stream().allMatch(each -> kind(each).equals(PUT_CHARS))
                    ? Atom.OK
                    : Tuple.of(Atom.ERROR, REQUEST);
        }
        if (kind instanceof Atom name
                && name.text().startsWith("get_")
                && !name.text().equals("get_geometry")) {
            return EOF;
        }
        return Tuple.of(
                Atom.ERROR, kind.equals(Atom.of("setopts")) || kind.equals(Atom.of("getopts")) ? ENOTSUP : REQUEST);
    }
}
