package io.hawser.tls;

import static java.util.Objects.requireNonNull;

import io.hawser.term.NodeName;
import io.hawser.transport.AcceptLimits;
import io.hawser.transport.ConnectionHandler;
import io.hawser.transport.Scheduler;
import io.hawser.transport.SystemScheduler;
import io.hawser.transport.Transport;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Moves packets over mutually authenticated TLS: both sides show a certificate, both check the other's, and a
 * certificate is only good for the node names it carries (see {@link NameBinding}).
 *
 * <p>TLS 1.3 only unless {@linkplain Builder#allowTls12() told otherwise}; no resumption, no renegotiation. All packets
 * have 4-byte lengths, as with OTP's {@code inet_tls}. Thread-safe.
 *
 * @see <a href="https://www.erlang.org/doc/apps/ssl/ssl_distribution.html">Using TLS for Erlang distribution</a>
 */
public final class TlsTransport implements Transport {
    /** How often files and deadlines are looked at: a change is in effect well within five seconds. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    private final Builder builder;
    private final LivePeers live;
    private final TlsSecurer securer;
    private final NettyTransport netty;
    private final Scheduler scheduler;
    private final @Nullable SystemScheduler ownScheduler;
    private final TlsCredentials.Adopter adopter = this::prepare;
    private volatile ApplicationProtocols protocols = ApplicationProtocols.NONE;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicReference<@Nullable TlsIdentity> known = new AtomicReference<>();
    private volatile Consumer<Instant> whenChanged = ends -> {};

    private TlsTransport(Builder given) {
        builder = given.copy();
        live = new LivePeers(builder.clock);
        securer = new TlsSecurer(live);
        ownScheduler = builder.scheduler == null ? Scheduler.system("hawser-tls") : null;
        scheduler = ownScheduler == null ? requireNonNull(builder.scheduler) : ownScheduler;
        try {
            builder.credentials.use(adopter);
        } catch (TlsConfigurationException e) {
            closeScheduler();
            throw e;
        }
        securer.contexts().logChoice(builder.engine);
        netty = new NettyTransport(securer);
        lookLater();
    }

    private TlsContexts contexts(TlsIdentity identity) {
        return TlsContexts.of(
                identity, builder.engine, new TlsSuites(builder.tls12, builder.suites), protocols, builder.clock);
    }

    private TlsCredentials.Adoption prepare(TlsIdentity identity) {
        TlsContexts made = contexts(identity);
        return new TlsCredentials.Adoption() {
            @Override
            public void commit() {
                securer.use(made);
                scheduler.schedule(Duration.ZERO, () -> {
                    live.judge(made.judge());
                    tellIfChanged(identity);
                });
            }

            @Override
            public void discard() {
                made.release();
            }
        };
    }

    private void tellIfChanged(TlsIdentity identity) {
        TlsIdentity before = known.getAndSet(identity);
        if (before != null && before != identity) {
            whenChanged.accept(identity.certificate().getNotAfter().toInstant());
        }
    }

    @Override
    public void whenCredentialsChange(Consumer<Instant> told) {
        whenChanged = told;
    }

    private void lookLater() {
        scheduler.schedule(LOOK_EVERY, () -> {
            if (closed.get()) {
                return;
            }
            try {
                builder.credentials.look(scheduler.nanoTime());
            } finally {
                expireAndLookLater();
            }
        });
    }

    /** Whatever befell the files, connections end at their deadline. */
    private void expireAndLookLater() {
        try {
            live.expire(securer.contexts().judge());
        } finally {
            lookLater();
        }
    }

    private void closeScheduler() {
        if (ownScheduler != null) {
            ownScheduler.close();
        }
    }

    /**
     * Starts a transport with the defaults of {@link #builder} and an identity that does not change.
     *
     * @param identity what is shown to peers, and who is trusted
     * @return the transport, with threads of its own until it is closed
     */
    public static TlsTransport mutual(TlsIdentity identity) {
        return builder(identity).build();
    }

    /**
     * Starts a transport with the defaults of {@link #builder}, whose connections follow each change of what is trusted.
     *
     * @param credentials what is shown to peers, and who is trusted, as they change
     * @return the transport, with threads of its own until it is closed
     */
    public static TlsTransport mutual(TlsCredentials credentials) {
        return builder(credentials).build();
    }

    /**
     * Begins to configure a transport whose identity does not change.
     *
     * @param identity what is shown to peers, and who is trusted
     * @return a builder
     */
    public static Builder builder(TlsIdentity identity) {
        return new Builder(TlsCredentials.of(identity));
    }

    /**
     * Begins to configure a transport.
     *
     * @param credentials what is shown to peers, and who is trusted, as they change
     * @return a builder
     */
    public static Builder builder(TlsCredentials credentials) {
        return new Builder(credentials);
    }

    /**
     * Returns what does the cryptography.
     *
     * @return {@code BoringSSL} or {@code JDK}
     */
    public String engine() {
        return securer.contexts().engineName();
    }

    @Override
    public String name() {
        return netty.name();
    }

    /**
     * Checks that the own certificate carries the name, as the policy's binding demands it of peers.
     *
     * @throws TlsConfigurationException if it is for another node, and {@link Builder#insecureAnyOwnName()} was not called
     */
    @Override
    public void runAs(NodeName self) {
        TlsIdentity identity = builder.credentials.identity();
        Optional<String> refusal =
                CertificateNames.of(identity.certificate()).refusal(self, identity.binding(), identity.trustDomain());
        if (refusal.isPresent() && !builder.insecureAnyOwnName) {
            throw new TlsConfigurationException(
                    self + ": " + refusal.get().replace("the peer's", "our") + ", every peer would refuse it");
        }
    }

    /** Agrees by ALPN, which OTP neither offers nor answers; what is agreed is the listener's choice. */
    @Override
    public boolean offerProtocols(List<String> wanted) {
        protocols = new ApplicationProtocols(wanted);
        builder.credentials.leave(adopter);
        builder.credentials.use(adopter);
        return true;
    }

    @Override
    public Listener listen(InetSocketAddress address, AcceptLimits limits, Supplier<ConnectionHandler> handlers) {
        return netty.listen(address, limits, handlers);
    }

    @Override
    public void connect(NodeName peer, InetSocketAddress address, Duration deadline, ConnectionHandler handler) {
        netty.connect(peer, address, deadline, handler);
    }

    @Override
    public void close() {
        netty.close();
        if (closed.compareAndSet(false, true)) {
            builder.credentials.leave(adopter);
            closeScheduler();
            securer.contexts().release();
        }
    }

    /** Configures a {@link TlsTransport}. Not thread-safe; used by one caller at a time. */
    public static final class Builder {
        private final TlsCredentials credentials;
        private @Nullable Scheduler scheduler;
        private Clock clock = Clock.systemUTC();
        private TlsEngine engine = TlsEngine.AUTO;
        private boolean tls12;
        private boolean insecureAnyOwnName;
        private List<String> suites = List.of();

        private Builder(TlsCredentials credentials) {
            this.credentials = requireNonNull(credentials, "credentials");
        }

        private Builder copy() {
            var copy = new Builder(credentials);
            copy.scheduler = scheduler;
            copy.clock = clock;
            copy.engine = engine;
            copy.tls12 = tls12;
            copy.insecureAnyOwnName = insecureAnyOwnName;
            copy.suites = suites;
            return copy;
        }

        /** Sets the time for tests: when files and deadlines are looked at, and what certificates are valid at. */
        Builder time(Scheduler steps, Clock now) {
            this.scheduler = steps;
            this.clock = now;
            return this;
        }

        /**
         * Sets what does the cryptography; {@link TlsEngine#AUTO} when not called.
         *
         * @param wanted the engine
         * @return this
         */
        public Builder engine(TlsEngine wanted) {
            this.engine = requireNonNull(wanted, "wanted");
            return this;
        }

        /**
         * Allows TLS 1.2 as well, with ECDHE and authenticated encryption only; not allowed when not called. For OTP
         * nodes whose option file does not say {@code {versions, ['tlsv1.3']}}: they speak nothing newer.
         *
         * @return this
         */
        public Builder allowTls12() {
            this.tls12 = true;
            return this;
        }

        /**
         * Allows these cipher suites only; all of {@link #allowedCipherSuites()} when not called. Suites without
         * encryption, without authentication or without forward secrecy are not among them.
         *
         * @param wanted some of {@link #allowedCipherSuites()}, one for TLS 1.3 at least
         * @return this
         * @throws TlsConfigurationException if one is not allowed
         */
        public Builder cipherSuites(List<String> wanted) {
            this.suites = TlsSuites.checked(wanted);
            return this;
        }

        /**
         * Returns the cipher suites there are to choose from.
         *
         * @return those of TLS 1.3, then those of TLS 1.2 that {@link #allowTls12()} adds, as IANA names them
         */
        public static List<String> allowedCipherSuites() {
            return TlsSuites.ALL;
        }

        /**
         * Lets a node run under a name that its own certificate does not carry. Each peer that binds names refuses it; an
         * OTP node that dials does not. For tests of that; insecure, for nobody can tell who such a node is.
         *
         * @return this
         */
        public Builder insecureAnyOwnName() {
            this.insecureAnyOwnName = true;
            return this;
        }

        /**
         * Starts the transport.
         *
         * @return the transport, with threads of its own until it is closed
         * @throws TlsConfigurationException if the engine does not load or does not take the identity
         */
        public TlsTransport build() {
            return new TlsTransport(this);
        }
    }
}
