package io.hawser.examples.conformance;

import io.hawser.node.ErlangException;
import io.hawser.node.Mailbox;
import io.hawser.node.NodeConfig;
import io.hawser.term.Atom;
import io.hawser.term.FloatTerm;
import io.hawser.term.Int;
import io.hawser.term.IntegerTerm;
import io.hawser.term.Pid;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.List;

/** What peers may call and spawn: the module {@code conformance}, and {@code erlang:node/0}. */
final class Functions {
    private Functions() {}

    static void register(NodeConfig.Builder config, Atom self, Puppets puppets) {
        config.function("conformance", "echo", 1, arguments -> arguments.get(0))
                .function("conformance", "add", 2, arguments -> add(arguments.get(0), arguments.get(1)))
                .function("conformance", "fail", 1, arguments -> {
                    throw ErlangException.error(arguments.get(0));
                })
                .function("conformance", "sleep", 1, Functions::sleep)
                .function("erlang", "node", 0, arguments -> self)
                .process("conformance", "run", 1, (mailbox, arguments) -> run(puppets, mailbox, arguments.get(0)));
    }

    private static Term add(Term a, Term b) {
        if (a instanceof IntegerTerm x && b instanceof IntegerTerm y) {
            return IntegerTerm.of(x.bigIntegerValue().add(y.bigIntegerValue()));
        }
        double sum = number(a) + number(b);
        if (!Double.isFinite(sum)) {
            throw ErlangException.error(Atom.of("badarith"));
        }
        return new FloatTerm(sum);
    }

    private static double number(Term term) {
        if (term instanceof FloatTerm number) {
            return number.value();
        }
        if (term instanceof IntegerTerm number) {
            return number.bigIntegerValue().doubleValue();
        }
        throw ErlangException.error(Atom.of("badarith"));
    }

    private static Term sleep(List<Term> arguments) throws InterruptedException {
        if (!(arguments.get(0) instanceof Int time) || time.value() < 0) {
            throw ErlangException.error(Atom.of("timeout_value"));
        }
        Thread.sleep(time.value());
        return Atom.OK;
    }

    private static void run(Puppets puppets, Mailbox mailbox, Term argument) {
        puppets.adopt(mailbox);
        if (argument instanceof Pid) {
            mailbox.send(argument, Tuple.of(Atom.of("puppet"), mailbox.self(), argument));
        }
    }
}
