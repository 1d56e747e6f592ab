package io.hawser.node;

/**
 * When a monitor's reference, made an alias too, stops being one: the option {@code {alias, Mode}} of
 * {@code erlang:monitor/3}.
 */
public enum AliasMode {
    /** Only by {@link Mailbox#unalias}. */
    EXPLICIT_UNALIAS,
    /** With the monitor: by {@link Mailbox#demonitor} or when the {@code DOWN} arrives. */
    DEMONITOR,
    /** As {@link #DEMONITOR}, and with the first message sent through it, which ends the monitor too. */
    REPLY_DEMONITOR
}
