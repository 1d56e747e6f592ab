package io.hawser.cookie;

import static java.util.Objects.requireNonNull;

import io.hawser.handshake.Handshake;
import io.hawser.handshake.HandshakeContext;
import io.hawser.handshake.Handshakes;
import io.hawser.term.NodeName;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Admits peers by a shared cookie, with one of two proofs.
 *
 * <p><b>OTP's</b> is an MD5 digest of the cookie and a 32-bit challenge. It shows that the peer knows the cookie or passes
 * on the answers of someone who does, and whoever watches a handshake in the clear can guess at the cookie afterwards.
 *
 * <p><b>The strong one</b>, between Hawser nodes over TLS, is an HMAC over both names, creations and flags, two nonces and
 * the certificates of this very connection: it cannot be passed on, replayed or used for the other direction. The repository's
 * {@code cookie-auth/PROTOCOL.md} defines it.
 *
 * <p>Neither replaces TLS. Thread-safe: immutable, but for tables that have locks of their own.
 *
 * @see <a href="https://www.erlang.org/doc/apps/erts/erl_dist_protocol.html#distribution-handshake">Distribution
 *     handshake</a>
 */
public final class CookieHandshakes implements Handshakes {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final CookieProof wanted;
    private final Function<NodeName, CookieRing> rings;
    private final Challenges challenges;
    private final Supplier<byte[]> nonces;
    private final Failures failures;
    private final StrongPeers strong;

    private CookieHandshakes(Builder builder) {
        wanted = builder.wanted;
        Map<NodeName, CookieRing> ofPeers = Map.copyOf(builder.ofPeers);
        Function<NodeName, CookieRing> others = builder.others;
        rings = peer -> {
            CookieRing own = ofPeers.get(peer);
            return own != null ? own : others.apply(peer);
        };
        challenges = builder.challenges;
        nonces = builder.nonces;
        failures = new Failures(builder.budget, builder.nanoTime, Failures.MAX_PEERS);
        strong = new StrongPeers(StrongPeers.MAX_PEERS);
    }

    /**
     * Admits peers with the proof that every Erlang node knows, and no other.
     *
     * @param cookie the cookie of all peers
     * @return the handshakes
     */
    public static CookieHandshakes otp(Cookie cookie) {
        return builder(CookieRing.of(cookie)).proof(CookieProof.OTP).build();
    }

    /**
     * Admits peers with the strong proof alone: Hawser nodes over TLS. A node with it does not start on another transport.
     *
     * @param cookie the cookie of all peers
     * @return the handshakes
     */
    public static CookieHandshakes strong(Cookie cookie) {
        return builder(CookieRing.of(cookie)).proof(CookieProof.STRONG).build();
    }

    /**
     * Admits peers with the strong proof where the peer speaks it, otherwise with OTP's. A peer that was once admitted by the
     * strong one does not fall back: see {@link #forgetStrong}.
     *
     * @param cookie the cookie of all peers
     * @return the handshakes
     */
    public static CookieHandshakes auto(Cookie cookie) {
        return builder(CookieRing.of(cookie)).build();
    }

    /**
     * Begins to configure handshakes with one ring of cookies for all peers that have none of their own.
     *
     * @param cookies the ring; what it holds can be changed at any time
     * @return a builder
     */
    public static Builder builder(CookieRing cookies) {
        requireNonNull(cookies, "cookies");
        return new Builder(peer -> cookies);
    }

    /**
     * Begins to configure handshakes with cookies that a function knows.
     *
     * @param cookies the ring of a peer, for both directions; a peer for which it returns null is refused. Called by
     *     several threads, among them event loops, so it must not block
     * @return a builder
     */
    public static Builder builder(Function<NodeName, CookieRing> cookies) {
        return new Builder(requireNonNull(cookies, "cookies"));
    }

    @Override
    public List<String> protocols() {
        return wanted == CookieProof.OTP ? List.of() : List.of(StrongSession.PROTOCOL);
    }

    @Override
    public boolean requiresProtocol() {
        return wanted == CookieProof.STRONG;
    }

    @Override
    public Handshake initiator(HandshakeContext context) {
        NodeName dialled = context.dialled()
                .orElseThrow(() -> new IllegalArgumentException("initiator: no name was dialled (expected: one)"));
        return watched(context, new InitiatorHandshake(context, dialled, rules(context), proof(context)));
    }

    @Override
    public Handshake acceptor(HandshakeContext context) {
        return watched(context, new AcceptorHandshake(context, rules(context), proof(context)));
    }

    /**
     * Returns the peers that were admitted by the strong proof since the node started, and so are refused with OTP's.
     *
     * @return a snapshot
     */
    public List<NodeName> strongPeers() {
        return strong.names();
    }

    /**
     * Forgets that a peer was admitted by the strong proof, after a node that only knows OTP's has rightly taken its name.
     *
     * @param peer the peer's name
     * @return false if it was not known
     */
    public boolean forgetStrong(NodeName peer) {
        return strong.forget(requireNonNull(peer, "peer"));
    }

    private ProofRules rules(HandshakeContext context) {
        return new ProofRules(context.self(), wanted, strong, rings);
    }

    private Proof proof(HandshakeContext context) {
        return context.peer()
                .binding()
                .filter(binding -> protocols().contains(binding.protocol()))
                .<Proof>map(binding -> new StrongProof(binding, nonces))
                .orElseGet(() -> new OtpProof(context.self(), challenges));
    }

    private Handshake watched(HandshakeContext context, Handshake handshake) {
        return new WatchedHandshake(handshake, context, failures, strong);
    }

    /**
     * Returns which proofs are accepted.
     *
     * @return a text that holds no cookie
     */
    @Override
    public String toString() {
        return "CookieHandshakes[" + wanted + "]";
    }

    /** Configures {@link CookieHandshakes}. Not thread-safe; used by one caller at a time. */
    public static final class Builder {
        private final Function<NodeName, CookieRing> others;
        private final Map<NodeName, CookieRing> ofPeers = new HashMap<>();
        private CookieProof wanted = CookieProof.AUTO;
        private FailureBudget budget = FailureBudget.DEFAULT;
        private Challenges challenges = Challenges.random();
        private Supplier<byte[]> nonces = Builder::randomNonce;
        private LongSupplier nanoTime = System::nanoTime;

        private Builder(Function<NodeName, CookieRing> others) {
            this.others = others;
        }

        private static byte[] randomNonce() {
            var nonce = new byte[StrongSession.NONCE_BYTES];
            RANDOM.nextBytes(nonce);
            return nonce;
        }

        /**
         * Sets which proofs are accepted; {@link CookieProof#AUTO} when not called.
         *
         * @param proof which
         * @return this builder
         */
        public Builder proof(CookieProof proof) {
            this.wanted = requireNonNull(proof, "proof");
            return this;
        }

        /**
         * Gives a peer cookies of its own, for both directions, as {@code erlang:set_cookie/2} does. Others are not accepted
         * from it.
         *
         * @param name the peer
         * @param cookies its cookies
         * @return this builder
         */
        public Builder peer(NodeName name, CookieRing cookies) {
            ofPeers.put(requireNonNull(name, "name"), requireNonNull(cookies, "cookies"));
            return this;
        }

        /**
         * Sets how many wrong proofs a peer may give; {@link FailureBudget#DEFAULT} when not called.
         *
         * @param failureBudget the budget
         * @return this builder
         */
        public Builder failureBudget(FailureBudget failureBudget) {
            this.budget = requireNonNull(failureBudget, "failureBudget");
            return this;
        }

        /** For tests: where challenges come from. */
        Builder challenges(Challenges source) {
            this.challenges = source;
            return this;
        }

        /** For tests: where nonces come from. */
        Builder nonces(Supplier<byte[]> source) {
            this.nonces = source;
            return this;
        }

        /** For tests: the time that pauses are measured with. */
        Builder nanoTime(LongSupplier source) {
            this.nanoTime = source;
            return this;
        }

        /**
         * Makes the handshakes.
         *
         * @return thread-safe handshakes
         */
        public CookieHandshakes build() {
            return new CookieHandshakes(this);
        }
    }
}
