package io.hawser.node;

/** Which peers are meant. */
public enum NodeKind {
    /** Those connected as visible nodes. */
    VISIBLE,
    /** Those connected as hidden nodes. */
    HIDDEN,
    /** Both. */
    ALL
}
