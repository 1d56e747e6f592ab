package io.hawser.tls;

import io.hawser.term.NodeName;
import io.hawser.transport.Addresses;
import io.hawser.transport.ChannelBinding;
import io.hawser.transport.ChannelSecurity;
import io.hawser.transport.PeerIdentity;
import io.hawser.transport.TransportException;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.netty.util.NetUtil;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
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
    private static final AttributeKey<@Nullable NodeName> DIALLED = AttributeKey.valueOf(TlsSecurer.class, "dialled");

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
        channel.attr(DIALLED).set(dialled);
        channel.pipeline().addLast(new HandshakeCeiling());
        channel.pipeline().addLast(newHandler(channel));
    }

    /** Makes the handler of one session, with the newest settings. */
    private SslHandler newHandler(Channel channel) {
        NodeName dialled = channel.attr(DIALLED).get();
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
        handler.setHandshakeTimeoutMillis(0); // the deadline for setup, or for a renewal, covers it
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
        return handler;
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
        Found found = found(channel);
        LivePeers.LivePeer peer = live.add(channel, found.session().verified(), found.shown());
        judgeAgainIfReplaced(channel, peer);
        return new VerifiedPeer(found.session(), found.binding(), channel.remoteAddress(), peer);
    }

    /** The settings may have been replaced while a handshake was under way. */
    private void judgeAgainIfReplaced(Channel channel, LivePeers.LivePeer peer) {
        if (contexts() != channel.attr(CONTEXTS).get()) {
            live.judge(peer, contexts().judge());
        }
    }

    @Override
    public boolean isRenewable(Channel channel) {
        return ApplicationProtocols.agreed(channel.pipeline().get(SslHandler.class))
                .isPresent();
    }

    @Override
    public void secureAgain(Channel channel) {
        SslHandler next = newHandler(channel);
        ChannelHandlerContext before = channel.pipeline().context(SslHandler.class);
        channel.pipeline().addBefore(before.name(), null, new HandshakeCeiling());
        channel.pipeline().replace(before.handler(), null, next);
    }

    @Override
    public ChannelBinding identifyAgain(Channel channel, PeerIdentity identity) {
        VerifiedPeer peer = (VerifiedPeer) identity;
        TrustJudge.Verified before = peer.session().verified();
        Found found = found(channel);
        TrustJudge.Verified now = found.session().verified();
        if (!now.names().isStill(before.names(), now.binding())) {
            throw refusal(
                    channel,
                    "the peer's new certificate is for " + now.names().describe() + " (expected: "
                            + before.names().describe() + ", the node that is connected)",
                    TlsRefusal.NAME_MISMATCH);
        }
        peer.renewed(found.session());
        try {
            live.renewed(peer.live(), now, found.shown(), () -> contexts().judge());
        } catch (CertificateException e) {
            throw refusal(
                    channel, String.valueOf(e.getMessage()), TlsRefusal.of(e).orElse(TlsRefusal.TLS_FAILED));
        }
        return found.binding()
                .orElseThrow(() -> refusal(channel, "the peer agreed on no protocol again", TlsRefusal.RENEWAL_FAILED));
    }

    private static TransportException refusal(Channel channel, String sentence, TlsRefusal code) {
        return new TransportException(Addresses.text(channel.remoteAddress()) + ": " + sentence, null, code);
    }

    /** What a handshake that is done found. */
    private record Found(VerifiedPeer.Session session, List<X509Certificate> shown, Optional<ChannelBinding> binding) {}

    private static Found found(Channel channel) {
        SSLEngine engine = channel.pipeline().get(SslHandler.class).engine();
        TlsContexts made = channel.attr(CONTEXTS).get();
        TrustJudge.Verified verified = made.trust().take(engine);
        if (verified == null) {
            throw refusal(
                    channel,
                    "the peer's certificate was not checked (expected: a full handshake, not a resumed one)",
                    TlsRefusal.TLS_FAILED);
        }
        channel.pipeline().remove(HandshakeCeiling.class);
        SSLSession session = engine.getSession();
        if (!(engine instanceof ReferenceCountedOpenSslEngine)) {
            engine.setEnableSessionCreation(false); // TLS 1.2 cannot be renegotiated then; BoringSSL never does it
            session.invalidate();
        }
        List<X509Certificate> path = verified.path().certificates();
        List<X509Certificate> shown = shown(session);
        var security = new ChannelSecurity(
                session.getProtocol(),
                session.getCipherSuite(),
                made.engineName(),
                path,
                earliestEnd(path),
                earliestEnd(shown));
        return new Found(new VerifiedPeer.Session(verified, security), shown, binding(channel, session, verified));
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
                .orElse(Instant.MAX);
    }

    @Override
    public Optional<TransportException> explain(String where, Throwable failure, WireTap tap, boolean open) {
        return TlsFailures.explain(where, failure, tap, open, contexts().versions());
    }
}
