package io.hawser.transport;

import static java.util.Objects.requireNonNull;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What a handshake can bind its proof to, so that the proof is worth nothing on any other connection: the application
 * protocol that both transports agreed on, and the certificates that the two sides showed on this very connection,
 * whatever may have become of them since.
 *
 * <p>Thread-safe: immutable.
 */
public final class ChannelBinding {
    private final String protocol;
    private final byte[] ownCertificate;
    private final byte[] peerCertificate;

    private ChannelBinding(String protocol, byte[] ownCertificate, byte[] peerCertificate) {
        this.protocol = protocol;
        this.ownCertificate = ownCertificate;
        this.peerCertificate = peerCertificate;
    }

    /**
     * Makes a binding.
     *
     * @param protocol the application protocol
     * @param ownCertificate the certificate we showed, as DER; not kept
     * @param peerCertificate the certificate the peer showed, as DER; not kept
     * @return the binding
     */
    public static ChannelBinding of(String protocol, byte[] ownCertificate, byte[] peerCertificate) {
        return new ChannelBinding(
                requireNonNull(protocol, "protocol"), sha256(ownCertificate), sha256(peerCertificate));
    }

    /**
     * Returns the application protocol that was agreed on.
     *
     * @return its id, one of those given to {@link Transport#offerProtocols}
     */
    public String protocol() {
        return protocol;
    }

    /**
     * Returns what stands for the certificate we showed.
     *
     * @return the SHA-256 of its DER, 32 bytes; a copy
     */
    public byte[] ownCertificate() {
        return ownCertificate.clone();
    }

    /**
     * Returns what stands for the certificate the peer showed.
     *
     * @return the SHA-256 of its DER, 32 bytes; a copy
     */
    public byte[] peerCertificate() {
        return peerCertificate.clone();
    }

    private static byte[] sha256(byte[] der) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(der);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256: not known to this JVM (expected: every JVM has it)", e);
        }
    }

    /**
     * Returns the protocol.
     *
     * @return a text without the certificates
     */
    @Override
    public String toString() {
        return "ChannelBinding[" + protocol + "]";
    }
}
