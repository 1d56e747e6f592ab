package io.hawser.tls;

import io.hawser.term.NodeName;
import io.hawser.transport.AcceptLimits;
import io.hawser.transport.ConnectionHandler;
import io.hawser.transport.Transport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

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
    private final Builder builder;
    private final TlsSecurer securer;
    private final NettyTransport netty;
    private final AtomicBoolean closed = new AtomicBoolean();

    private TlsTransport(Builder given) {
        builder = given.copy();
        TlsContexts contexts = contexts(ApplicationProtocols.NONE);
        contexts.logChoice(builder.engine);
        securer = new TlsSecurer(contexts);
        netty = new NettyTransport(securer);
    }

    private TlsContexts contexts(ApplicationProtocols protocols) {
        return TlsContexts.of(builder.identity, builder.engine, builder.tls12, protocols);
    }

    /**
     * Starts a transport with the defaults of {@link #builder}.
     *
     * @param identity what is shown to peers, and who is trusted
     * @return the transport, with threads of its own until it is closed
     */
    public static TlsTransport mutual(TlsIdentity identity) {
        return builder(identity).build();
    }

    /**
     * Begins to configure a transport.
     *
     * @param identity what is shown to peers, and who is trusted
     * @return a builder
     */
    public static Builder builder(TlsIdentity identity) {
        return new Builder(identity);
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

    /** Agrees by ALPN, which OTP neither offers nor answers; what is agreed is the listener's choice. */
    @Override
    public boolean offerProtocols(List<String> protocols) {
        securer.use(contexts(new ApplicationProtocols(protocols)));
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
            securer.contexts().release();
        }
    }

    /** Configures a {@link TlsTransport}. Not thread-safe; used by one caller at a time. */
    public static final class Builder {
        private final TlsIdentity identity;
        private TlsEngine engine = TlsEngine.AUTO;
        private boolean tls12;

        private Builder(TlsIdentity identity) {
            this.identity = Objects.requireNonNull(identity, "identity");
        }

        private Builder copy() {
            var copy = new Builder(identity);
            copy.engine = engine;
            copy.tls12 = tls12;
            return copy;
        }

        /**
         * Sets what does the cryptography; {@link TlsEngine#AUTO} when not called.
         *
         * @param wanted the engine
         * @return this
         */
        public Builder engine(TlsEngine wanted) {
            this.engine = Objects.requireNonNull(wanted, "wanted");
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
