/** The shared-cookie handshake: distribution handshake version 6, both roles. */
module io.hawser.cookie {
    requires transitive io.hawser.core;

    exports io.hawser.cookie;
}
