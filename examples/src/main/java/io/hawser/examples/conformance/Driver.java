package io.hawser.examples.conformance;

import io.hawser.cluster.Global;
import io.hawser.cluster.ProcessGroups;
import io.hawser.etf.EtfException;
import io.hawser.etf.TermDecoder;
import io.hawser.etf.TermEncoder;
import io.hawser.node.AliasMode;
import io.hawser.node.CallException;
import io.hawser.node.ErlangException;
import io.hawser.node.Erpc;
import io.hawser.node.GenServer;
import io.hawser.node.Mailbox;
import io.hawser.node.MailboxOptions;
import io.hawser.node.NameTakenException;
import io.hawser.node.Node;
import io.hawser.node.Rpc;
import io.hawser.node.RpcException;
import io.hawser.term.Atom;
import io.hawser.term.Binary;
import io.hawser.term.Int;
import io.hawser.term.ListTerm;
import io.hawser.term.NodeName;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.TermOrder;
import io.hawser.term.TermParseException;
import io.hawser.term.TermParser;
import io.hawser.term.Tuple;
import io.hawser.transport.TransportException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The server {@code driver}: does what a test asks, through the public API. */
final class Driver implements GenServer.Callbacks {
    private static final Atom BADARG = Atom.of("badarg");
    private static final Atom NOPROC = Atom.of("noproc");
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final Node node;
    private final Puppets puppets;
    private final ProcessGroups groups;
    private final @Nullable Global global;
    private final ExecutorService waiting = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "driver-waits");
        thread.setDaemon(true);
        return thread;
    });

    Driver(Node node, Puppets puppets, ProcessGroups groups, @Nullable Global global) {
        this.node = node;
        this.puppets = puppets;
        this.groups = groups;
        this.global = global;
    }

    /** A command, or an argument of one, that the contract does not know. */
    private static final class BadCommand extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BadCommand() {
            super(null, null, false, false);
        }
    }

    /** What a command comes to: an answer now, or later. */
    @FunctionalInterface
    private interface Waiting {
        Term run() throws InterruptedException;
    }

    @Override
    public void onCall(Mailbox self, GenServer.Call call) {
        Term answer;
        try {
            answer = command(self, call);
        } catch (BadCommand | IllegalArgumentException | ClassCastException | IndexOutOfBoundsException e) {
            answer = badCommand(call.request());
        }
        if (answer != null) {
            call.reply(self, answer);
        }
    }

    private static Term badCommand(Term command) {
        return error(Tuple.of(Atom.of("bad_command"), command));
    }

    /** Carries out a command. Returns its answer, or null if it is given later. */
    private @Nullable Term command(Mailbox self, GenServer.Call call) {
        if (call.request() instanceof Atom atom) {
            return switch (atom.text()) {
                case "nodes" -> names(node.nodes());
                case "hidden_nodes" -> names(node.hiddenNodes());
                case "stats" -> Stats.of(node);
                default -> throw new BadCommand();
            };
        }
        if (!(call.request() instanceof Tuple command) || !(command.elements().get(0) instanceof Atom verb)) {
            throw new BadCommand();
        }
        var arguments = command.elements().subList(1, command.arity());
        return switch (verb.text() + "/" + arguments.size()) {
            case "spawn/1" -> spawn(list(arguments.get(0)));
            case "alive/1" -> alive(pid(arguments.get(0)));
            case "unregister/1" -> unregister((Atom) arguments.get(0));
            case "whereis/1" ->
                node.whereis((Atom) arguments.get(0)).map(Term.class::cast).orElse(Atom.UNDEFINED);
            case "connect/1" -> later(self, call, connect((Atom) arguments.get(0)));
            case "disconnect/1" -> later(self, call, disconnect((Atom) arguments.get(0)));
            case "call/3" -> later(self, call, genCall(arguments));
            case "rpc/5" -> later(self, call, rpc(arguments));
            case "erpc/5" -> later(self, call, erpc(arguments));
            case "join/2" -> later(self, call, join(arguments.get(0), pid(arguments.get(1))));
            case "leave/2" -> later(self, call, leave(arguments.get(0), pid(arguments.get(1))));
            case "members/1" -> new ListTerm(List.copyOf(groups.members(arguments.get(0))));
            case "global_register/2" -> later(self, call, globalRegister(arguments.get(0), pid(arguments.get(1))));
            case "global_unregister/1" -> later(self, call, globalUnregister(arguments.get(0)));
            case "global_whereis/1" -> later(self, call, globalWhereis(arguments.get(0)));
            case "encode/1" -> Binary.copyOf(TermEncoder.encode(arguments.get(0)));
            case "decode/1" -> decode((Binary) arguments.get(0));
            case "print/1" -> Binary.utf8(arguments.get(0).toString());
            case "parse/1" -> parse((Binary) arguments.get(0));
            case "compare/2" -> compare(arguments.get(0), arguments.get(1));
            default -> puppetCommand(verb.text(), arguments);
        };
    }

    private @Nullable Term later(Mailbox self, GenServer.Call call, Waiting work) {
        waiting.execute(() -> {
            try {
                call.reply(self, work.run());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                call.reply(self, badCommand(call.request()));
            }
        });
        return null;
    }

    // ---- puppets

    private Term spawn(List<Term> options) {
        boolean trapExit = false;
        Atom name = null;
        for (Term option : options) {
            if (option.equals(Atom.of("trap_exit"))) {
                trapExit = true;
            } else if (option instanceof Tuple pair
                    && pair.arity() == 2
                    && pair.element(0).equals(Atom.of("register"))
                    && pair.element(1) instanceof Atom wanted) {
                name = wanted;
            } else {
                throw new BadCommand();
            }
        }
        var mailbox = MailboxOptions.DEFAULT.withTrapExit(trapExit);
        try {
            return ok(puppets.spawn(node, name == null ? mailbox : mailbox.withName(name))
                    .self());
        } catch (NameTakenException e) {
            return error(Tuple.of(Atom.of("name_taken"), name == null ? Atom.UNDEFINED : name));
        }
    }

    private Term alive(Pid pid) {
        if (!puppets.isKnown(pid)) {
            return error(NOPROC);
        }
        return puppets.exitReason(pid)
                .<Term>map(reason -> Tuple.of(Atom.FALSE, reason))
                .orElse(Atom.TRUE);
    }

    private Term unregister(Atom name) {
        boolean isPuppets = node.whereis(name).filter(puppets::isKnown).isPresent();
        return isPuppets && node.unregister(name) ? Atom.OK : error(BADARG);
    }

    private Term puppetCommand(String verb, List<Term> arguments) {
        if (!PuppetCommand.isKnown(verb, arguments.size())) {
            throw new BadCommand();
        }
        Puppet puppet = puppets.living(pid(arguments.get(0)));
        if (puppet == null) {
            return error(NOPROC);
        }
        var rest = arguments.subList(1, arguments.size());
        Mailbox mailbox = puppet.mailbox();
        switch (PuppetCommand.valueOf(verb.toUpperCase(Locale.ROOT))) {
            case INBOX -> {
                return puppet.takeLog();
            }
            case MONITOR -> {
                return ok(puppet.monitor(target(rest.get(0)), rest.size() == 1 ? null : aliasMode(rest.get(1))));
            }
            case ALIAS -> {
                return ok(rest.isEmpty() ? mailbox.alias() : replyAlias(mailbox, rest.get(0)));
            }
            case REGISTER -> {
                return register((Atom) rest.get(0), mailbox);
            }
            case SEND -> mailbox.send(destination(rest.get(0)), rest.get(1));
            case LINK -> mailbox.link(pid(rest.get(0)));
            case UNLINK -> mailbox.unlink(pid(rest.get(0)));
            case DEMONITOR -> puppet.demonitor((Reference) rest.get(0));
            case UNALIAS -> mailbox.unalias((Reference) rest.get(0));
            case EXIT -> mailbox.exit(pid(rest.get(0)), rest.get(1));
            case TERMINATE -> mailbox.exit(rest.get(0));
            case MONITOR_NODES -> mailbox.monitorNodes(bool(rest.get(0)));
        }
        return Atom.OK;
    }

    private Term register(Atom name, Mailbox mailbox) {
        try {
            node.register(name, mailbox);
            return Atom.OK;
        } catch (IllegalArgumentException | IllegalStateException e) {
            return error(BADARG);
        }
    }

    private static Reference replyAlias(Mailbox mailbox, Term kind) {
        if (!kind.equals(Atom.of("reply"))) {
            throw new BadCommand();
        }
        return mailbox.replyAlias();
    }

    private static @Nullable AliasMode aliasMode(Term options) {
        AliasMode mode = null;
        for (Term option : list(options)) {
            if (!(option instanceof Tuple pair)
                    || pair.arity() != 2
                    || !pair.element(0).equals(Atom.of("alias"))) {
                throw new BadCommand();
            }
            mode = AliasMode.valueOf(((Atom) pair.element(1)).text().toUpperCase(Locale.ROOT));
        }
        return mode;
    }

    // ---- commands that wait

    private Waiting connect(Atom name) {
        return () -> {
            try {
                var peer = NodeName.parse(name.text());
                if (!peer.equals(node.name())) {
                    node.connect(peer, CONNECT_TIMEOUT);
                }
                return Atom.TRUE;
            } catch (TransportException | IllegalArgumentException e) {
                return Atom.FALSE;
            }
        };
    }

    private Waiting disconnect(Atom name) {
        return () -> {
            try {
                return Atom.of(node.disconnect(NodeName.parse(name.text())));
            } catch (IllegalArgumentException e) {
                return Atom.FALSE;
            }
        };
    }

    private Waiting genCall(List<Term> arguments) {
        Term server = target(arguments.get(0));
        Duration timeout = timeout(arguments.get(2));
        return () -> {
            try {
                return ok(GenServer.call(node, server, arguments.get(1), timeout));
            } catch (CallException e) {
                return error(e.reason());
            }
        };
    }

    private Waiting rpc(List<Term> arguments) {
        var mfa = new MfaCall(arguments);
        return () -> {
            try {
                return ok(Rpc.call(node, mfa.node(), mfa.module(), mfa.function(), mfa.arguments(), mfa.timeout()));
            } catch (RpcException e) {
                return error(e.reason());
            }
        };
    }

    private Waiting erpc(List<Term> arguments) {
        var mfa = new MfaCall(arguments);
        return () -> {
            try {
                return ok(Erpc.call(node, mfa.node(), mfa.module(), mfa.function(), mfa.arguments(), mfa.timeout()));
            } catch (ErlangException e) {
                return error(Tuple.of(e.kind().atom(), e.reason()));
            }
        };
    }

    private Waiting join(Term group, Pid pid) {
        if (puppets.living(pid) == null) {
            return () -> error(NOPROC);
        }
        return () -> groups.join(group, pid) ? Atom.OK : error(Atom.of("system_limit"));
    }

    private Waiting leave(Term group, Pid pid) {
        if (puppets.living(pid) == null) {
            return () -> error(NOPROC);
        }
        return () -> groups.leave(group, pid) ? Atom.OK : error(Atom.of("not_joined"));
    }

    private Waiting globalRegister(Term name, Pid pid) {
        return () -> Atom.of(global != null && global.registerName(name, pid) ? "yes" : "no");
    }

    private Waiting globalUnregister(Term name) {
        return () -> {
            if (global != null) {
                global.unregisterName(name);
            }
            return Atom.OK;
        };
    }

    private Waiting globalWhereis(Term name) {
        return () -> global == null
                ? Atom.UNDEFINED
                : global.whereisName(name).<Term>map(pid -> pid).orElse(Atom.UNDEFINED);
    }

    private record MfaCall(Atom node, Atom module, Atom function, List<Term> arguments, Duration timeout) {
        MfaCall(List<Term> given) {
            this(
                    (Atom) given.get(0),
                    (Atom) given.get(1),
                    (Atom) given.get(2),
                    list(given.get(3)),
                    Driver.timeout(given.get(4)));
        }
    }

    // ---- terms

    private static Term decode(Binary bytes) {
        try {
            return ok(TermDecoder.decode(bytes.toByteArray()));
        } catch (EtfException e) {
            return error(Binary.utf8(String.valueOf(e.getMessage())));
        }
    }

    private static Term parse(Binary text) {
        try {
            var decoder = StandardCharsets.UTF_8.newDecoder();
            return ok(TermParser.parse(
                    decoder.decode(ByteBuffer.wrap(text.toByteArray())).toString()));
        } catch (CharacterCodingException e) {
            return error(Atom.of("not_utf8"));
        } catch (TermParseException e) {
            return error(Binary.utf8(String.valueOf(e.getMessage())));
        }
    }

    private static Term compare(Term a, Term b) {
        int order = TermOrder.standard().compare(a, b);
        return Atom.of(order < 0 ? "lt" : order > 0 ? "gt" : "eq");
    }

    private static ListTerm names(List<NodeName> names) {
        return new ListTerm(names.stream().<Term>map(NodeName::atom).toList());
    }

    // ---- arguments

    private static Pid pid(Term term) {
        return (Pid) term;
    }

    private static List<Term> list(Term term) {
        return ((ListTerm) term).elements();
    }

    private static boolean bool(Term term) {
        if (!term.equals(Atom.TRUE) && !term.equals(Atom.FALSE)) {
            throw new BadCommand();
        }
        return term.equals(Atom.TRUE);
    }

    private static Duration timeout(Term term) {
        long millis = ((Int) term).value();
        if (millis < 0) {
            throw new BadCommand();
        }
        return Duration.ofMillis(millis);
    }

    /** A process that may be called or monitored: a pid, a name here, or a name at a node. */
    private static Term target(Term term) {
        if (term instanceof Reference) {
            throw new BadCommand();
        }
        return destination(term);
    }

    private static Term destination(Term term) {
        if (!Traffic.isDestination(term)) {
            throw new BadCommand();
        }
        return term;
    }

    private static Tuple ok(Term value) {
        return Tuple.of(Atom.OK, value);
    }

    private static Tuple error(Term why) {
        return Tuple.of(Atom.ERROR, why);
    }
}
