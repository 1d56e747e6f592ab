package io.hawser.cluster;

import io.hawser.term.ListTerm;
import io.hawser.term.Term;
import io.hawser.term.Tuple;
import java.util.List;

/** A change of the table of names, as nodes tell each other when they meet. Immutable. */
sealed interface NameOperation {
    Term toTerm();

    /** The name has this owner now. */
    record Insert(GlobalName entry) implements NameOperation {
        @Override
        public Term toTerm() {
            return Tuple.of(Atoms.INSERT, entry.toTerm());
        }
    }

    /** The name has no owner any more. */
    record Delete(Term name) implements NameOperation {
        @Override
        public Term toTerm() {
            return Tuple.of(Atoms.DELETE, name);
        }
    }

    static List<NameOperation> parse(List<Term> operations) {
        return operations.stream().map(NameOperation::parse).toList();
    }

    private static NameOperation parse(Term operation) {
        Fields fields = Fields.of(operation, 2);
        return switch (fields.verb()) {
            case "insert/2" -> new Insert(GlobalName.parse(fields.term(1)));
            case "delete/2" -> new Delete(fields.term(1));
            default -> throw new Fields.MalformedException();
        };
    }

    static ListTerm toTerm(List<NameOperation> operations) {
        return new ListTerm(operations.stream().map(NameOperation::toTerm).toList());
    }
}
