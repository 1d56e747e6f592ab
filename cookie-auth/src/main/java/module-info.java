/** The shared-cookie handshake: distribution handshake version 6, both roles. */
module io.hawser.cookie {
    requires transitive io.hawser.core;
    requires org.slf4j;

    exports io.hawser.cookie;
}
