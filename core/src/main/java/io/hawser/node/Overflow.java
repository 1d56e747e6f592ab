package io.hawser.node;

/** What a mailbox with a capacity does when a message comes that is one too many; see {@link MailboxOptions}. */
public enum Overflow {
    /** Drops the message that came. Those that wait stay, in order; {@link Mailbox#dropped} counts. */
    DROP_NEWEST,
    /** Ends the process with reason {@code mailbox_full}, which its links and monitors are told. */
    EXIT
}
