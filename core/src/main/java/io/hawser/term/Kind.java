package io.hawser.term;

/** The kinds that Erlang's order tells apart, in that order. */
enum Kind {
    NUMBER,
    ATOM,
    REFERENCE,
    FUN,
    PORT,
    PID,
    TUPLE,
    NATIVE_RECORD,
    MAP,
    NIL,
    LIST,
    BITSTRING;

    /** Returns the kind of a term; the frequent ones are asked for first. */
    static Kind of(Term term) {
        if (term instanceof Atom) {
            return ATOM;
        } else if (term instanceof IntegerTerm || term instanceof FloatTerm) {
            return NUMBER;
        } else if (term instanceof Tuple) {
            return TUPLE;
        } else if (term instanceof ListTerm list) {
            return list.elements().isEmpty() ? NIL : LIST;
        } else if (term instanceof Binary || term instanceof Bitstring) {
            return BITSTRING;
        } else if (term instanceof MapTerm) {
            return MAP;
        } else if (term instanceof Pid) {
            return PID;
        } else if (term instanceof Reference) {
            return REFERENCE;
        } else if (term instanceof ImproperList) {
            return LIST;
        } else if (term instanceof Port) {
            return PORT;
        } else if (term instanceof NativeRecord) {
            return NATIVE_RECORD;
        }
        return FUN;
    }
}
