package io.hawser.examples.cache;

import io.hawser.node.GenServer;
import io.hawser.node.Mailbox;
import io.hawser.term.Atom;
import io.hawser.term.NodeName;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One copy of the cache: a gen_server that answers {@code {put, Key, Value}} with {@code ok} and {@code {get, Key}} with
 * {@code {ok, Value}} or {@code not_found}. What is put into one copy is sent to the others.
 *
 * <p>Used by one caller at a time, as {@link GenServer} promises.
 */
final class CacheServer implements GenServer.Callbacks {
    /** The name every copy is registered under. */
    static final Atom NAME = Atom.of("simple_cache");

    private static final Atom PUT = Atom.of("put");
    private static final Atom GET = Atom.of("get");
    private static final Atom NOT_FOUND = Atom.of("not_found");
    private static final Tuple UNKNOWN_REQUEST = Tuple.of(Atom.ERROR, Atom.of("unknown_request"));

    private final Map<Term, Term> entries = new HashMap<>();
    private final List<NodeName> others;

    CacheServer(List<NodeName> others) {
        this.others = List.copyOf(others);
    }

    @Override
    public void onCall(Mailbox self, GenServer.Call call) {
        call.reply(self, answer(self, call.request()));
    }

    private Term answer(Mailbox self, Term request) {
        if (!(request instanceof Tuple tuple)) {
            return UNKNOWN_REQUEST;
        }
        if (tuple.arity() == 3 && tuple.element(0).equals(PUT)) {
            entries.put(tuple.element(1), tuple.element(2));
            for (NodeName other : others) {
                GenServer.cast(self, Tuple.of(NAME, other.atom()), request);
            }
            return Atom.OK;
        }
        if (tuple.arity() == 2 && tuple.element(0).equals(GET)) {
            Term value = entries.get(tuple.element(1));
            return value == null ? NOT_FOUND : Tuple.of(Atom.OK, value);
        }
        return UNKNOWN_REQUEST;
    }

    /** Another copy sent what was put there. */
    @Override
    public void onCast(Mailbox self, Term request) {
        if (request instanceof Tuple tuple
                && tuple.arity() == 3
                && tuple.element(0).equals(PUT)) {
            entries.put(tuple.element(1), tuple.element(2));
        }
    }
}
