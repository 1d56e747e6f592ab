package io.hawser.cookie;

import java.nio.ByteBuffer;

/**
 * How the two sides of one handshake prove that they know a cookie: what the challenge, its reply and the ack hold. All
 * before that, names, status and the choice between connections, is the same for every proof.
 *
 * <p>What the peer says wrong is thrown as {@link io.hawser.handshake.HandshakeException}. Confined to the connection's
 * event loop.
 */
interface Proof {
    /** The proof as {@link io.hawser.handshake.Peer#proof()} has it. */
    String name();

    /** Whether an initiator may leave its creation and high flags to a complement, as nodes of OTP 23 did. */
    boolean takesOldNames();

    /** Acceptor: makes the challenge. Called once. */
    ByteBuffer challenge(Introduction acceptor);

    /** Initiator: reads the challenge. What it says is not proved yet. */
    Introduction readChallenge(ByteBuffer packet);

    /** Initiator: makes the reply, with the ring's offered cookie. */
    ByteBuffer reply(Introduction initiator, Introduction acceptor, CookieRing ring);

    /** Acceptor: judges the reply by all of the ring's cookies, and makes the ack with the one that is right. */
    ByteBuffer acknowledge(Introduction initiator, Introduction acceptor, CookieRing ring, ByteBuffer reply);

    /** Initiator: judges the ack. */
    void judge(ByteBuffer ack);

    /** The handshake is over, however it ended. Can be called twice. */
    void over();
}
