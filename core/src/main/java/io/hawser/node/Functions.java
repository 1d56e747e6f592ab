package io.hawser.node;

import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.ListTerm;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The functions that peers may call, and what becomes of a call. Peers' names only ever look something up here.
 *
 * <p>Thread-safe: a concurrent map.
 */
final class Functions {
    private static final Logger logger = LoggerFactory.getLogger(Functions.class);

    private final ConcurrentHashMap<FunctionKey, RemoteFunction> functions;
    private final SignalPolicy policy;

    Functions(Map<FunctionKey, RemoteFunction> functions, SignalPolicy policy) {
        this.functions = new ConcurrentHashMap<>(functions);
        this.policy = policy;
    }

    /** Returns false if there is one of that key already. */
    boolean add(FunctionKey key, RemoteFunction function) {
        return functions.putIfAbsent(key, function) == null;
    }

    void remove(FunctionKey key) {
        functions.remove(key);
    }

    boolean isEmpty() {
        return functions.isEmpty();
    }

    /** How a call ended: a value, or an exception with the stack trace that goes with it. */
    record Outcome(@Nullable Term value, @Nullable ErlangException raised, ListTerm stack) {
        /** The exit reason that {@code erpc:execute_call/4} ends with. */
        Term exitReason(Term resultRef) {
            if (value != null) {
                return Tuple.of(resultRef, Atoms.RETURN, value);
            }
            if (raised == null) {
                throw new IllegalStateException("outcome: neither a value nor an exception");
            }
            return raised.kind() == ErlangException.Kind.ERROR
                    ? Tuple.of(resultRef, raised.kind().atom(), raised.reason(), stack)
                    : Tuple.of(resultRef, raised.kind().atom(), raised.reason());
        }

        /** What {@code rpc:call} gives its caller. */
        Term rpcResult() {
            if (value != null) {
                return value;
            }
            if (raised == null) {
                throw new IllegalStateException("outcome: neither a value nor an exception");
            }
            return switch (raised.kind()) {
                case THROW -> raised.reason();
                case EXIT -> badRpc(raised.reason());
                case ERROR -> badRpc(Tuple.of(raised.reason(), stack));
            };
        }

        private static Term badRpc(Term reason) {
            return Tuple.of(Atoms.BADRPC, Tuple.of(Atoms.EXIT, reason));
        }
    }

    /**
     * Calls a function, on the node's executor.
     *
     * @param peer who calls; null for a process of this node
     */
    Outcome call(Kernel kernel, @Nullable PeerState peer, FunctionKey key, ListTerm arguments) {
        RemoteFunction function = functions.get(key);
        if (function == null || !allows(kernel, peer, key)) {
            return new Outcome(null, ErlangException.error(Atoms.UNDEF), stack(key, arguments));
        }
        ListTerm stack = stack(key, Int.of(key.arity()));
        Atom caller = peer == null ? kernel.node : peer.node();
        try {
            Term value = Objects.requireNonNull(function.call(caller, arguments.elements()), "value");
            return new Outcome(value, null, stack);
        } catch (ErlangException e) {
            return new Outcome(null, e, stack);
        } catch (CallException e) {
            return new Outcome(null, ErlangException.exit(e.exit()), stack);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody waits for the result any more
            return new Outcome(null, ErlangException.exit(Atoms.KILLED), stack);
        } catch (Exception | Error e) { // an error too: the caller waits for the end of the call
            logger.atWarn().addKeyValue("function", key).setCause(e).log("function failed");
            return new Outcome(null, ErlangException.error(LocalProcess.javaException(e)), stack);
        }
    }

    private boolean allows(Kernel kernel, @Nullable PeerState peer, FunctionKey key) {
        return peer == null || InboundSignals.allowed(kernel, policy, peer, SignalPolicy.Operation.CALL, key.toTerm());
    }

    /** A stack trace of one entry, {@code [{M, F, ArityOrArgs, []}]}. */
    static ListTerm stack(FunctionKey key, Term arityOrArguments) {
        return ListTerm.of(Tuple.of(key.module(), key.function(), arityOrArguments, ListTerm.EMPTY));
    }

    /** The reason that a process of an undefined function ends with. */
    static Term undefined(FunctionKey key, ListTerm arguments) {
        return Tuple.of(Atoms.UNDEF, stack(key, arguments));
    }
}
