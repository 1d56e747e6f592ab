package io.hawser.node;

import io.hawser.term.Atom;
import java.util.Optional;

/**
 * How a mailbox begins. Immutable.
 *
 * @param name the name it is registered under; empty for none
 * @param trapExit whether exit signals arrive as messages from the start
 */
public record MailboxOptions(Optional<Atom> name, boolean trapExit) {
    /** No name, does not trap exits. */
    public static final MailboxOptions DEFAULT = new MailboxOptions(Optional.empty(), false);

    /**
     * Returns these options with a name.
     *
     * @param name the name to register
     * @return the new options
     */
    public MailboxOptions withName(String name) {
        return withName(Atom.of(name));
    }

    /**
     * Returns these options with a name.
     *
     * @param name the name to register
     * @return the new options
     */
    public MailboxOptions withName(Atom name) {
        return new MailboxOptions(Optional.of(name), trapExit);
    }

    /**
     * Returns these options with exits trapped or not.
     *
     * @param trapExit whether exit signals arrive as messages
     * @return the new options
     */
    public MailboxOptions withTrapExit(boolean trapExit) {
        return new MailboxOptions(name, trapExit);
    }
}
