package io.hawser.dist;

/** The flag bits of {@code ALTACT_SIG_SEND}. The priority bit and unknown ones are ignored. */
final class AltactFlag {
    /** A fifth element holds a trace token. */
    static final int TOKEN = 2;
    /** The receiver is an alias. */
    static final int ALIAS = 4;
    /** The receiver is a registered name. */
    static final int NAME = 8;
    /** An exit signal; the payload is its reason. */
    static final int EXIT = 16;

    private AltactFlag() {}
}
