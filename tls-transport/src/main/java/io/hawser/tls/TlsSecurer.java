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
import io.netty.util.NetUtil;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Protects channels with mutual TLS. Thread-safe: one volatile field, set before the first channel. */
final class TlsSecurer implements ChannelSecurer {
    private static final int LENGTH_BYTES = 4;
    /** How long the last flushed bytes and close_notify may take to leave when we close. */
    private static final long CLOSE_FLUSH_MILLIS = 1000;

    private volatile TlsContexts contexts;

    TlsSecurer(TlsContexts contexts) {
        this.contexts = contexts;
    }

    TlsContexts contexts() {
        return contexts;
    }

    /** Replaces the settings. Called before the first channel. */
    void use(TlsContexts other) {
        TlsContexts before = contexts;
        contexts = other;
        before.release();
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
        // no host and port for the engine: they are the key of the JDK's session cache, and nothing is to be resumed
        SslHandler handler = (dialled == null ? contexts.server() : contexts.client()).newHandler(channel.alloc());
        handler.setHandshakeTimeoutMillis(0); // the setup deadline covers it
        handler.setCloseNotifyFlushTimeoutMillis(CLOSE_FLUSH_MILLIS);
        handler.setCloseNotifyReadTimeoutMillis(0);
        contexts.protocols().offer(handler.engine(), dialled == null);
        if (handler.engine() instanceof ReferenceCountedOpenSslEngine engine) {
            BoringSslTickets.disable(engine);
        }
        if (dialled != null) {
            contexts.trust().expect(handler.engine(), dialled);
            sendServerName(handler, dialled.host());
        }
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
        PeerTrust.Verified verified = contexts.trust().take(engine);
        if (verified == null) {
            throw new TransportException(Addresses.text(channel.remoteAddress())
                    + ": the peer's certificate was not checked (expected: a full handshake, not a resumed one)");
        }
        SSLSession session = engine.getSession();
        var security = new ChannelSecurity(
                session.getProtocol(),
                session.getCipherSuite(),
                contexts.engineName(),
                verified.path(),
                earliestEnd(verified.path()));
        return new VerifiedPeer(verified, security, binding(channel, session, verified), channel.remoteAddress());
    }

    /** The certificates are this session's own, so that replacing ours meanwhile does no harm. */
    private static Optional<ChannelBinding> binding(Channel channel, SSLSession session, PeerTrust.Verified verified) {
        Optional<String> agreed = ApplicationProtocols.agreed(channel.pipeline().get(SslHandler.class));
        Certificate[] shown = session.getLocalCertificates();
        if (agreed.isEmpty() || shown == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(ChannelBinding.of(
                    agreed.get(), shown[0].getEncoded(), verified.path().get(0).getEncoded()));
        } catch (CertificateEncodingException e) {
            throw new TransportException(
                    Addresses.text(channel.remoteAddress()) + ": a certificate of this connection has no DER", e);
        }
    }

    private static Instant earliestEnd(List<X509Certificate> path) {
        return path.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
    }

    @Override
    public Optional<TransportException> explain(String where, Throwable failure, WireTap tap, boolean open) {
        return TlsFailures.explain(where, failure, tap, open, contexts.versions());
    }
}
