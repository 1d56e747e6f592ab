package io.hawser.examples.patterns;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.node.Message;
import io.hawser.term.Atom;
import io.hawser.term.Int;
import io.hawser.term.Pid;
import io.hawser.term.Reference;
import io.hawser.term.Term;
import io.hawser.term.TermParser;
import io.hawser.term.Tuple;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Terms and messages in a switch with record patterns. JDK 21 and newer; the build compiles this there alone. */
class RecordPatternsTest {
    static String describe(Message message) {
        return switch (message) {
            case Message.Sent(Tuple(var parts))
            when parts.size() == 3 && parts.get(0).equals(Atom.of("stored")) && parts.get(2) instanceof Int(long n) ->
                n + " of " + parts.get(1);
            case Message.Down(Reference ref, Term who, Term reason) -> who + " ended: " + reason;
            case Message.NodeDown(Atom(String node), Atom reason) -> node + " is gone";
            default -> "something else";
        };
    }

    @Test
    void saysTheSameAsTheOneWithPatterns() {
        var pid = new Pid(Atom.of("a@host"), 1, 2, 3);
        var ref = new Reference(Atom.of("a@host"), 1, 2, 3, 4);
        List<Message> messages = List.of(
                new Message.Sent(TermParser.parse("{stored,apple,3}")),
                new Message.Sent(TermParser.parse("{lost,apple,3}")),
                new Message.Sent(Atom.OK),
                new Message.Down(ref, pid, Atom.of("boom")),
                new Message.Exit(pid, Atom.of("boom")),
                new Message.NodeUp(Atom.of("a@host")),
                new Message.NodeDown(Atom.of("a@host"), Atom.of("net_tick_timeout")));
        for (Message message : messages) {
            assertThat(describe(message)).isEqualTo(News.describe(message));
        }
    }
}
