package io.hawser.node;

/** What a {@linkplain Mailbox#spawnRequest spawn request} sets up between the two processes. */
public enum SpawnOption {
    /** A link. */
    LINK,
    /** A monitor; its reference is the request's. */
    MONITOR
}
