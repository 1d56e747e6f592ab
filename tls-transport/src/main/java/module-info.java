/** Hawser tls-transport: mutually authenticated TLS, and TCP, on Netty. Netty stays inside. */
module io.hawser.tls {
    requires transitive io.hawser.core;
    requires com.fasterxml.jackson.core;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.tcnative.classes.openssl;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports io.hawser.tls;
}
