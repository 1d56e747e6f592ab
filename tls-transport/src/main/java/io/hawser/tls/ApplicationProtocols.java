package io.hawser.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * What is offered and selected by ALPN. Where nothing is in common the connection goes on without, against RFC 7301, 3.2:
 * the peer may still speak OTP's handshake. Immutable.
 *
 * @param ids the protocols, the preferred one first
 */
record ApplicationProtocols(List<String> ids) {
    static final ApplicationProtocols NONE = new ApplicationProtocols(List.of());

    ApplicationProtocols {
        ids = List.copyOf(ids);
    }

    /**
     * The settings of a whole context: OpenSSL knows no others. The JDK's engines are told one by one, as Netty would wrap
     * them, and the trust manager is asked about the engine inside.
     */
    ApplicationProtocolConfig config(SslProvider provider) {
        return ids.isEmpty() || provider == SslProvider.JDK
                ? ApplicationProtocolConfig.DISABLED
                : new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        ids);
    }

    /** Tells an engine of the JDK; the context has told those of OpenSSL. */
    void offer(SSLEngine engine, boolean server) {
        if (ids.isEmpty() || engine instanceof ReferenceCountedOpenSslEngine) {
            return;
        }
        if (server) { // the empty string goes on without, null would be fatal
            engine.setHandshakeApplicationProtocolSelector((same, offered) ->
                    ids.stream().filter(offered::contains).findFirst().orElse(""));
        } else {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setApplicationProtocols(ids.toArray(String[]::new));
            engine.setSSLParameters(parameters);
        }
    }

    /** What was agreed on, once the handshake is done. */
    static Optional<String> agreed(SslHandler handler) {
        SSLEngine engine = handler.engine();
        String found = engine instanceof ReferenceCountedOpenSslEngine
                ? handler.applicationProtocol()
                : engine.getApplicationProtocol();
        return Optional.ofNullable(found).filter(id -> !id.isEmpty());
    }
}
