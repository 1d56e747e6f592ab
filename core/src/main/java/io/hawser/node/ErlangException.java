package io.hawser.node;

import io.hawser.term.Atom;
import io.hawser.term.Printable;
import io.hawser.term.Term;
import java.util.Objects;

/**
 * An Erlang exception: a class and a reason. A {@link RemoteFunction} throws one to raise it at its caller; {@link Erpc}
 * throws one for what {@code erpc:call} raises.
 */
public final class ErlangException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The classes of Erlang exceptions. */
    public enum Kind {
        /** {@code error}: {@code erlang:error/1}. */
        ERROR,
        /** {@code exit}: {@code exit/1}. */
        EXIT,
        /** {@code throw}: {@code throw/1}. */
        THROW;

        /**
         * Returns the class as Erlang names it.
         *
         * @return {@code error}, {@code exit} or {@code throw}
         */
        public Atom atom() {
            return switch (this) {
                case ERROR -> Atom.ERROR;
                case EXIT -> Atoms.EXIT_CLASS;
                case THROW -> Atoms.THROW;
            };
        }
    }

    /** Its class. */
    private final Kind kind;

    private final transient Term reason;

    /**
     * Makes an exception.
     *
     * @param kind its class
     * @param reason its reason
     */
    public ErlangException(Kind kind, Term reason) {
        super(describe(kind, reason));
        this.kind = kind;
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /** @param where what raised it */
    ErlangException(String where, Kind kind, Term reason) {
        super(where + ": " + describe(kind, reason));
        this.kind = kind;
        this.reason = reason;
    }

    private static String describe(Kind kind, Term reason) {
        return kind.atom().text() + ": " + Printable.of(reason);
    }

    /**
     * Makes an exception of class {@code error}.
     *
     * @param reason its reason
     * @return the exception
     */
    public static ErlangException error(Term reason) {
        return new ErlangException(Kind.ERROR, reason);
    }

    /**
     * Makes an exception of class {@code exit}.
     *
     * @param reason its reason
     * @return the exception
     */
    public static ErlangException exit(Term reason) {
        return new ErlangException(Kind.EXIT, reason);
    }

    /**
     * Makes an exception of class {@code throw}.
     *
     * @param value what is thrown
     * @return the exception
     */
    public static ErlangException thrown(Term value) {
        return new ErlangException(Kind.THROW, value);
    }

    /**
     * Returns its class.
     *
     * @return the class
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Returns its reason.
     *
     * @return the reason
     */
    public Term reason() {
        return reason;
    }
}
