package io.hawser.tls;

/** How a peer's certificate must carry the node name that the peer claims or was dialled by. */
public enum NameBinding {
    /**
     * The whole name: exactly one URI {@code spiffe://<trust-domain>/node/<host>/<alive>}, at least one DNS name, and one
     * of those equal to the host. What {@code certs-tool} issues. Demands the extended key usage of the peer's role,
     * {@code digitalSignature}, and an EC key (P-256, P-384) or RSA of at least 3072 bits.
     */
    FULL,

    /**
     * The host part only: any node of the host may use the certificate. For certificates made for stock OTP nodes. A DNS
     * name must equal the host, without regard to case and without wildcards; for a host that is an IP address an IP
     * name does too. Never the common name. Key usages are checked where the certificate has them; RSA keys may have
     * 2048 bits.
     */
    HOST
}
