package io.hawser.examples.cache;

import io.hawser.cluster.ProcessGroups;
import io.hawser.node.GenServer;
import io.hawser.node.Mailbox;
import io.hawser.node.Message;
import io.hawser.node.Node;
import io.hawser.term.Atom;
import io.hawser.term.Bindings;
import io.hawser.term.ListTerm;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import io.hawser.term.TermPattern;
import io.hawser.term.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One copy of the cache: a gen_server that answers {@code {put, Key, Value}} with {@code ok} and {@code {get, Key}} with
 * {@code {ok, Value}} or {@code not_found}. All copies are members of one process group, and so know each other: what is
 * put into one is in all that can be reached when {@code ok} is answered, and copies that meet, because one has started or a
 * partition has healed, tell each other all they have.
 *
 * <p>Used by one caller at a time, as {@link GenServer} promises.
 */
final class CacheServer implements GenServer.Callbacks {
    /** The name every copy is registered under, and the group they are in. */
    static final Atom NAME = Atom.of("simple_cache");

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Atom NOT_FOUND = Atom.of("not_found");
    private static final Tuple UNKNOWN_REQUEST = Tuple.of(Atom.ERROR, Atom.of("unknown_request"));
    private static final TermPattern PUT = TermPattern.parse("{put, Key, Value}");
    private static final TermPattern GET = TermPattern.parse("{get, Key}");
    private static final TermPattern ENTRIES = TermPattern.parse("{entries, All}");
    private static final TermPattern JOINED = TermPattern.parse("{_, join, _, Pids}");
    private static final Atom TELL = Atom.of("entries");

    private final Entries entries = new Entries();
    private final ProcessGroups groups;

    private CacheServer(ProcessGroups groups) {
        this.groups = groups;
    }

    /** Starts a copy, which lives as long as its node. */
    static void start(Node node, ProcessGroups groups) throws InterruptedException {
        Mailbox self = node.register(NAME);
        GenServer.start(self, new CacheServer(groups));
        groups.monitor(self, NAME);
        groups.join(NAME, self.self());
    }

    @Override
    public void onCall(Mailbox self, GenServer.Call call) {
        Bindings put = PUT.match(call.request()).orElse(null);
        Bindings get = GET.match(call.request()).orElse(null);
        if (put != null) {
            Term entry =
                    entries.put(put.get("Key"), put.get("Value"), self.self().node());
            whenTold(self, entry, () -> call.reply(self.node(), Atom.OK));
        } else if (get != null) {
            Term value = entries.get(get.get("Key"));
            call.reply(self, value == null ? NOT_FOUND : Tuple.of(Atom.OK, value));
        } else {
            call.reply(self, entries.merge(call.request()) ? Atom.OK : UNKNOWN_REQUEST);
        }
    }

    /** Does something once every other copy has an entry, or is gone. The server goes on meanwhile. */
    @SuppressWarnings("FutureReturnValueIgnored") // an answer that fails counts as one
    private void whenTold(Mailbox self, Term entry, Runnable then) {
        CompletableFuture.allOf(groups.members(NAME).stream()
                        .filter(copy -> !copy.equals(self.self()))
                        .map(copy -> GenServer.callAsync(self.node(), copy, entry, TIMEOUT)
                                .exceptionally(failure -> Atom.ERROR))
                        .toArray(CompletableFuture[]::new))
                .thenRun(then);
    }

    /** Another copy tells all it has. */
    @Override
    public void onCast(Mailbox self, Term request) {
        ENTRIES.match(request).ifPresent(told -> {
            if (told.get("All") instanceof ListTerm all) {
                all.elements().forEach(entries::merge);
            }
        });
    }

    /** Copies have come: each side of a meeting hears of the other, and tells it what it has. */
    @Override
    public void onInfo(Mailbox self, Message message) {
        JOINED.match(message.toTerm()).ifPresent(joined -> {
            for (Term copy : joined.get("Pids") instanceof ListTerm pids ? pids.elements() : List.<Term>of()) {
                if (copy instanceof Pid && !copy.equals(self.self())) {
                    GenServer.cast(self, copy, Tuple.of(TELL, entries.all()));
                }
            }
        });
    }
}
