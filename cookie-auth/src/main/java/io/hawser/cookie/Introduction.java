package io.hawser.cookie;

/**
 * What a node says of itself in a handshake, as it stands on the wire.
 *
 * @param name its name
 * @param creation its creation
 * @param flags its distribution flags
 */
record Introduction(String name, long creation, long flags) {}
