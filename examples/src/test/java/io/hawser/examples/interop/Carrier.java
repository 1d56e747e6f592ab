package io.hawser.examples.interop;

/** How the nodes of a test are joined. */
enum Carrier {
    /** Plain TCP. */
    TCP,
    /** TLS with what {@code certs-tool export} writes for each runtime: full names are checked. */
    TLS_EXPORTED,
    /** TLS with plain PEM files, as of any other tool: host names are checked. */
    TLS_PEM
}
