/** Hawser core: terms, the distribution protocol, nodes and mailboxes. Needs no network library. */
@SuppressWarnings("requires-automatic") // Micrometer has no module descriptor, and is not needed to run
module io.hawser.core {
    requires java.naming; // SRV records, by the provider in jdk.naming.dns
    requires org.slf4j;
    requires static jdk.jfr; // flight recorder events, where it is there
    requires static micrometer.core; // for io.hawser.metrics alone
    requires static transitive org.jspecify;

    exports io.hawser.term;
    exports io.hawser.etf;
    exports io.hawser.mapping;
    exports io.hawser.transport;
    exports io.hawser.handshake;
    exports io.hawser.epmd;
    exports io.hawser.node;
    exports io.hawser.cluster;
    exports io.hawser.metrics;
}
