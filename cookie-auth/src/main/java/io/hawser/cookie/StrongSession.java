package io.hawser.cookie;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What both sides of one strong handshake agree on, if nobody stands between them: who they are, what they drew and which
 * certificates they showed. Makes the proof of either side. {@code PROTOCOL.md} has the layout. Immutable.
 */
final class StrongSession {
    /** The application protocol, and the version of everything below. */
    static final String PROTOCOL = "hawser-strong-1";

    static final int NONCE_BYTES = 32;
    static final int CERTIFICATE_BYTES = 32;

    /** Which side proves. */
    enum Role {
        INITIATOR('I', "initiator"),
        ACCEPTOR('A', "acceptor");

        private final char mark;
        private final String key;

        Role(char mark, String key) {
            this.mark = mark;
            this.key = key;
        }
    }

    private final byte[] initiator;
    private final byte[] acceptor;

    private StrongSession(byte[] initiator, byte[] acceptor) {
        this.initiator = initiator;
        this.acceptor = acceptor;
    }

    /** Makes the session of two {@linkplain #side sides}. */
    static StrongSession of(byte[] initiator, byte[] acceptor) {
        return new StrongSession(initiator, acceptor);
    }

    // name length in 2 bytes, the name, creation in 4, flags in 8, nonce in 32, SHA-256 of the certificate in 32
    static byte[] side(Introduction said, byte[] nonce, byte[] certificate) {
        byte[] name = said.name().getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(
                        Short.BYTES + name.length + Integer.BYTES + Long.BYTES + NONCE_BYTES + CERTIFICATE_BYTES)
                .putShort((short) name.length)
                .put(name)
                .putInt((int) said.creation())
                .putLong(said.flags())
                .put(nonce)
                .put(certificate)
                .array();
    }

    // length of the protocol in 1 byte, the protocol, 'I' or 'A', the initiator's side, the acceptor's
    byte[] transcript(Role prover) {
        byte[] protocol = Hkdf.ascii(PROTOCOL);
        return ByteBuffer.allocate(1 + protocol.length + 1 + initiator.length + acceptor.length)
                .put((byte) protocol.length)
                .put(protocol)
                .put((byte) prover.mark)
                .put(initiator)
                .put(acceptor)
                .array();
    }

    /** Makes the proof of one side that it knows a cookie. */
    byte[] proof(Role prover, byte[] cookie) {
        byte[] extracted = Hkdf.extract(Hkdf.ascii(PROTOCOL), cookie);
        byte[] key = Hkdf.expand(extracted, Hkdf.ascii(PROTOCOL + " " + prover.key), Hkdf.HASH_BYTES);
        byte[] proof = Hkdf.hmac(key, transcript(prover));
        Arrays.fill(extracted, (byte) 0);
        Arrays.fill(key, (byte) 0);
        return proof;
    }
}
