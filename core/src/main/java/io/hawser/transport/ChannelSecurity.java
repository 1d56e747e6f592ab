package io.hawser.transport;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * What protects a connection that is protected. Immutable.
 *
 * @param protocol the protocol as JSSE names it, such as {@code TLSv1.3}
 * @param cipherSuite the cipher suite as IANA names it, such as {@code TLS_AES_128_GCM_SHA256}
 * @param engine what does the cryptography, {@code BoringSSL} or {@code JDK}
 * @param peerChain the peer's certificates, its own first
 * @param peerExpires when the first certificate of the peer's chain ends
 * @param ownExpires when the first of the certificates that we showed ends
 */
public record ChannelSecurity(
        String protocol,
        String cipherSuite,
        String engine,
        List<X509Certificate> peerChain,
        Instant peerExpires,
        Instant ownExpires) {
    /**
     * Copies the chain.
     *
     * @param protocol the protocol
     * @param cipherSuite the cipher suite
     * @param engine what does the cryptography
     * @param peerChain the peer's certificates; copied
     * @param peerExpires when the first of them ends
     * @param ownExpires when the first of ours ends
     */
    public ChannelSecurity {
        peerChain = List.copyOf(peerChain);
    }
}
