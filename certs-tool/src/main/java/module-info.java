/** A certificate authority for Erlang nodes: a library, and the command line tool {@code certs-tool}. */
module io.hawser.certs {
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.dataformat.yaml;
    requires info.picocli;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;
    requires static transitive org.jspecify;

    exports io.hawser.certs;

    opens io.hawser.certs.cli to
            info.picocli;
}
