package io.hawser.term;

/**
 * An Erlang term: an immutable value of one of the kinds below.
 *
 * <p>{@code equals} is Erlang's {@code =:=} as of OTP 27: {@code 1} and {@code 1.0} differ, and so do {@code 0.0} and
 * {@code -0.0}. Erlang's {@code ==} and its term order are in {@link TermOrder}. {@code toString} prints
 * Erlang syntax on one line, see {@link TermPrinter}; {@link TermParser} reads it.
 *
 * <p>Thread-safe: immutable.
 */
public sealed interface Term
        permits IntegerTerm,
                FloatTerm,
                Atom,
                Reference,
                LocalFun,
                ExternalFun,
                Port,
                Pid,
                Tuple,
                NativeRecord,
                MapTerm,
                ListTerm,
                ImproperList,
                Binary,
                Bitstring {}
