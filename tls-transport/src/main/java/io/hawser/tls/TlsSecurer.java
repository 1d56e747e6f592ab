package io.hawser.tls;

import io.hawser.term.NodeName;
import io.hawser.transport.Addresses;
import io.hawser.transport.ChannelBinding;
import io.hawser.transport.ChannelSecurity;
import io.hawser.transport.PeerIdentity;
import io.hawser.transport.TransportException;
import io.netty.channel.Channel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.netty.util.NetUtil;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Protects channels with mutual TLS, each with the settings that are the newest when it begins.
 *
 * <p>Thread-safe: one lock around the settings. The engines made from replaced settings keep what they need of them.
 */
final class TlsSecurer implements ChannelSecurer {
    private static final int LENGTH_BYTES = 4;
    /** How long the last flushed bytes and close_notify may take to leave when we close. */
    private static final long CLOSE_FLUSH_MILLIS = 1000;

    private static final AttributeKey<TlsContexts> CONTEXTS = AttributeKey.valueOf(TlsSecurer.class, "contexts");

    private final LivePeers live;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable TlsContexts contexts;

    TlsSecurer(LivePeers live) {
        this.live = live;
    }

    TlsContexts contexts() {
        TlsContexts now = contexts;
        if (now == null) {
            throw new IllegalStateException("TLS: not set up yet");
        }
        return now;
    }

    /** Replaces the settings; connections that stand are not judged by it. */
    void use(TlsContexts other) {
        TlsContexts before;
        lock.lock();
        try {
            before = contexts;
            contexts = other;
        } finally {
            lock.unlock();
        }
        if (before != null) {
            before.release();
        }
    }

    @Override
    public String name() {
        return "tls";
    }

    @Override
    public int handshakeLengthBytes() {
        return LENGTH_BYTES;
    }

    @Override
    public void secure(SocketChannel channel, @Nullable NodeName dialled) {
        TlsContexts now;
        SslHandler handler;
        lock.lock(); // a context that was released makes no engines
        try {
            now = contexts();
            // no host and port for the engine: they are the key of the JDK's session cache, and nothing is to be
            // resumed
            handler = (dialled == null ? now.server() : now.client()).newHandler(channel.alloc());
        } finally {
            lock.unlock();
        }
        channel.attr(CONTEXTS).set(now);
        handler.setHandshakeTimeoutMillis(0); // the setup deadline covers it
        handler.setCloseNotifyFlushTimeoutMillis(CLOSE_FLUSH_MILLIS);
        handler.setCloseNotifyReadTimeoutMillis(0);
        now.protocols().offer(handler.engine(), dialled == null);
        if (handler.engine() instanceof ReferenceCountedOpenSslEngine engine) {
            BoringSslTickets.disable(engine);
        } else {
            NamedGroups.apply(handler.engine());
        }
        if (dialled != null) {
            now.trust().expect(handler.engine(), dialled);
            sendServerName(handler, dialled.host());
        }
        channel.pipeline().addLast(new HandshakeCeiling());
        channel.pipeline().addLast(handler);
    }

    /** RFC 6066, 3: only for DNS names. */
    private static void sendServerName(SslHandler handler, String host) {
        if (NetUtil.createByteArrayFromIpAddressString(host) != null) {
            return;
        }
        try {
            var name = new SNIHostName(host);
            SSLParameters parameters = handler.engine().getSSLParameters();
            parameters.setServerNames(List.of(name));
            handler.engine().setSSLParameters(parameters);
        } catch (IllegalArgumentException e) {
            return; // a node name that is no DNS name goes without
        }
    }

    @Override
    public boolean hasHandshake() {
        return true;
    }

    @Override
    public PeerIdentity identify(Channel channel) {
        var engine = channel.pipeline().get(SslHandler.class).engine();
        TlsContexts made = channel.attr(CONTEXTS).get();
        TrustJudge.Verified verified = made.trust().take(engine);
        if (verified == null) {
            throw new TransportException(Addresses.text(channel.remoteAddress())
                    + ": the peer's certificate was not checked (expected: a full handshake, not a resumed one)");
        }
        channel.pipeline().remove(HandshakeCeiling.class);
        SSLSession session = engine.getSession();
        if (!(engine instanceof ReferenceCountedOpenSslEngine)) {
            engine.setEnableSessionCreation(false); // TLS 1.2 cannot be renegotiated then; BoringSSL never does it
            session.invalidate();
        }
        var security = new ChannelSecurity(
                session.getProtocol(),
                session.getCipherSuite(),
                made.engineName(),
                verified.path().certificates(),
                earliestEnd(verified.path().certificates()));
        Consumer<TrustJudge> again = live.add(channel, verified, shown(session));
        if (contexts() != made) { // replaced while this handshake was under way
            again.accept(contexts().judge());
        }
        return new VerifiedPeer(verified, security, binding(channel, session, verified), channel.remoteAddress());
    }

    /** The certificates are this session's own, so that replacing ours meanwhile does no harm. */
    private static Optional<ChannelBinding> binding(Channel channel, SSLSession session, TrustJudge.Verified verified) {
        Optional<String> agreed = ApplicationProtocols.agreed(channel.pipeline().get(SslHandler.class));
        Certificate[] shown = session.getLocalCertificates();
        if (agreed.isEmpty() || shown == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(ChannelBinding.of(
                    agreed.get(), shown[0].getEncoded(), verified.path().leaf().getEncoded()));
        } catch (CertificateEncodingException e) {
            throw new TransportException(
                    Addresses.text(channel.remoteAddress()) + ": a certificate of this connection has no DER", e);
        }
    }

    private static List<X509Certificate> shown(SSLSession session) {
        Certificate[] local = session.getLocalCertificates();
        return local == null
                ? List.of()
                : Arrays.stream(local).map(X509Certificate.class::cast).toList();
    }

    private static Instant earliestEnd(List<X509Certificate> path) {
        return path.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
    }

    @Override
    public Optional<TransportException> explain(String where, Throwable failure, WireTap tap, boolean open) {
        return TlsFailures.explain(where, failure, tap, open, contexts().versions());
    }
}
