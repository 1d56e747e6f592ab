package io.hawser.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.hawser.transport.ChannelBinding;
import io.hawser.transport.TransportException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Puts a new TLS session under a connection that stands, when what it stands on has ended and both sides may have newer
 * certificates. Nothing that was sent is lost, and no process notices.
 *
 * <pre>
 *   dialler                         listener
 *      &lt;------------ ASK ------------      if it is the listener who needs it
 *      ----- BEGIN, nonce (32) -----&gt;      its last packet in the old session
 *      &lt;------ GO, nonce (32) -------      likewise; waits for a ClientHello then
 *      ======= TLS from anew ========      on the same TCP connection, keys of its own
 *      &lt;----- PROOF, HMAC (32) -----&gt;      of each the first packet in the new session
 * </pre>
 *
 * <p>Each is a packet of the connected phase: length (4), 'H', kind, content. Those of the distribution begin with 131 or
 * 112. The certificates are judged as on any handshake, by the whole policy, and must be for the node that is connected
 * already. The HMAC-SHA-256, under both nonces, is over the sender's role and both new certificates: who took over the TCP
 * connection in between knows no nonce, so whoever proved the cookie in the old session is at the other end of the new one.
 *
 * <p>It is only tried where the connection would be closed otherwise, so that one which fails makes nothing worse. It must be
 * done within {@link #DEADLINE}, and a peer may begin it a few times a minute: more would have us compute signatures
 * without end. Confined to the connection's event loop.
 */
final class Renewal {
    /** With the second in which changes are noticed it stays below the five in which connections close. */
    static final Duration DEADLINE = Duration.ofSeconds(3);

    /** How often a peer may begin it, and in which time. */
    private static final int MOST = 4;

    private static final Duration WINDOW = Duration.ofSeconds(60);

    static final byte TAG = 'H';
    static final byte ASK = 1;
    static final byte BEGIN = 2;
    static final byte GO = 3;
    static final byte PROOF = 4;
    static final int NONCE_BYTES = 32;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte[] LABEL = "hawser renewal 1".getBytes(US_ASCII);

    private enum State {
        /** No renewal is on its way. */
        NONE,
        /** The listener asked for one. */
        ASKED,
        /** The dialler sent its last packet. */
        BEGUN,
        /** The old session is over in both directions. */
        HANDSHAKE,
        PROVING
    }

    private final NettyConnection connection;
    private final Channel channel;
    private final ChannelSecurer securer;
    private final boolean dialled;

    private State state = State.NONE;
    private boolean again; // what was just shown does not pass any more
    private @Nullable Supplier<TransportException> outdated; // null: only the peer wants it
    private @Nullable ScheduledFuture<?> deadline;
    private byte[] ownNonce = {};
    private byte[] peerNonce = {};
    private byte[] expectedProof = {};
    private int begunByPeer; // in the present window
    private long windowNanos;

    /** @param channel one that {@linkplain ChannelSecurer#isRenewable can be renewed} */
    Renewal(NettyConnection connection, Channel channel, ChannelSecurer securer) {
        this.connection = connection;
        this.channel = channel;
        this.securer = securer;
        this.dialled = channel.pipeline().get(SslHandler.class).engine().getUseClientMode();
    }

    /**
     * Begins, unless one is on its way that does; {@code why} is asked for the reason if the connection closes over it.
     */
    void start(Supplier<TransportException> why) {
        outdated = why;
        if (state == State.NONE) {
            startClock();
            first();
        } else if (state == State.PROVING) {
            again = true;
        }
    }

    private void first() {
        if (dialled) {
            begin();
        } else {
            state = State.ASKED;
            send(ASK);
        }
    }

    private void startClock() {
        connection.readAhead();
        deadline = channel.eventLoop()
                .schedule(
                        () -> connection.closeOver(violation("not done within " + DEADLINE.toMillis() + " ms")),
                        DEADLINE.toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    /** Takes a packet that is about renewal; false for any other. */
    boolean takes(ByteBuffer packet) {
        if (packet.remaining() < 2 || packet.get(packet.position()) != TAG) {
            if (state == State.HANDSHAKE || state == State.PROVING) {
                throw violation("a packet of " + packet.remaining() + " bytes (expected: PROOF first)");
            }
            return false;
        }
        packet.get();
        byte kind = packet.get();
        byte[] content = new byte[packet.remaining() == NONCE_BYTES ? NONCE_BYTES : 0];
        packet.get(content);
        boolean asExpected = !packet.hasRemaining() && (content.length == 0) == (kind == ASK);
        if (asExpected && kind == ASK && dialled && (state == State.NONE || state == State.BEGUN)) {
            onAsk();
        } else if (asExpected && kind == BEGIN && !dialled && (state == State.NONE || state == State.ASKED)) {
            onBegin(content);
        } else if (asExpected && kind == GO && state == State.BEGUN) {
            peerNonce = content;
            handshake();
        } else if (asExpected && kind == PROOF && state == State.PROVING) {
            onProof(content);
        } else {
            throw violation("packet of kind " + kind + " while " + state);
        }
        return true;
    }

    private void onAsk() {
        if (state == State.NONE) { // else it crossed our BEGIN
            atThePeersWish();
            begin();
        }
    }

    private void begin() {
        state = State.BEGUN;
        connection.hold();
        send(BEGIN, newNonce());
    }

    private void onBegin(byte[] nonce) {
        if (state == State.NONE) {
            atThePeersWish();
        }
        state = State.BEGUN;
        peerNonce = nonce;
        connection.hold();
        send(GO, this::handshake, newNonce()); // not before: what the old session did not write yet would be dropped
    }

    private void atThePeersWish() {
        long now = System.nanoTime();
        if (begunByPeer == 0 || now - windowNanos > WINDOW.toNanos()) {
            begunByPeer = 0;
            windowNanos = now;
        }
        if (++begunByPeer > MOST) {
            throw violation("wanted too often (expected: " + MOST + " times in " + WINDOW.toMillis() + " ms at most)");
        }
        startClock();
    }

    private void handshake() {
        state = State.HANDSHAKE;
        securer.secureAgain(channel);
    }

    /** TLS is up again. */
    void onHandshakeDone() {
        if (state != State.HANDSHAKE || connection.isWithinPacket()) {
            throw violation("the old session ended within a packet");
        }
        ChannelBinding binding = securer.identifyAgain(channel, connection.peer());
        expectedProof = proof(!dialled, binding.peerCertificate(), binding.ownCertificate());
        state = State.PROVING;
        send(PROOF, proof(dialled, binding.ownCertificate(), binding.peerCertificate()));
    }

    private void onProof(byte[] proof) {
        if (!MessageDigest.isEqual(expectedProof, proof)) {
            throw violation("the proof is not of who was connected before");
        }
        state = State.NONE;
        if (again) {
            again = false;
            first(); // in what is left of the time
            return;
        }
        outdated = null;
        stop();
        connection.goOn();
    }

    /** The connection closes, or the renewal is done. */
    void stop() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    /** What to close the connection for: a renewal that fails, or is cut off, leaves what it was to mend. */
    @Nullable
    TransportException reason(@Nullable TransportException failure) {
        Supplier<TransportException> why = outdated;
        if (state == State.NONE || why == null) {
            return failure;
        }
        outdated = null;
        TransportException reason = why.get();
        if (failure != null) {
            reason.addSuppressed(failure);
        }
        return reason;
    }

    private byte[] newNonce() {
        ownNonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(ownNonce);
        return ownNonce;
    }

    private void send(byte kind, byte... content) {
        send(kind, () -> {}, content);
    }

    private void send(byte kind, Runnable onceWritten, byte... content) {
        ByteBuf packet = channel.alloc().buffer();
        packet.writeInt(2 + content.length).writeByte(TAG).writeByte(kind).writeBytes(content);
        channel.writeAndFlush(packet).addListener(done -> {
            if (done.isSuccess()) { // else the channel is closed
                connection.guarded(onceWritten);
            }
        });
    }

    private byte[] proof(boolean ofDialler, byte[] sender, byte[] receiver) {
        byte[] diallers = dialled ? ownNonce : peerNonce;
        byte[] listeners = dialled ? peerNonce : ownNonce;
        return proof(diallers, listeners, ofDialler, sender, receiver);
    }

    /** HMAC-SHA-256 under the dialler's nonce and the listener's. */
    static byte[] proof(byte[] diallers, byte[] listeners, boolean ofDialler, byte[] sender, byte[] receiver) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            var key = ByteBuffer.allocate(2 * NONCE_BYTES).put(diallers).put(listeners);
            mac.init(new SecretKeySpec(key.array(), "HmacSHA256"));
            mac.update(LABEL);
            mac.update((byte) (ofDialler ? 'D' : 'L'));
            mac.update(sender);
            return mac.doFinal(receiver);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256: not known to this JVM (expected: every JVM has it)", e);
        }
    }

    private TransportException violation(String what) {
        return new TransportException(
                connection.where() + ": renewal of the certificates: " + what, null, TlsRefusal.RENEWAL_FAILED);
    }
}
