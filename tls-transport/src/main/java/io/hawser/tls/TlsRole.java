package io.hawser.tls;

/** What the peer is in a TLS handshake, and the extended key usage that allows it (RFC 5280, 4.2.1.12). */
enum TlsRole {
    SERVER("1.3.6.1.5.5.7.3.1", "serverAuth"),
    CLIENT("1.3.6.1.5.5.7.3.2", "clientAuth");

    private final String oid;
    private final String usage;

    TlsRole(String oid, String usage) {
        this.oid = oid;
        this.usage = usage;
    }

    String oid() {
        return oid;
    }

    String usage() {
        return usage;
    }
}
