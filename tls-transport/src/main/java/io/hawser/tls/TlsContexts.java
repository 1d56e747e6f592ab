package io.hawser.tls;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.time.Clock;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The settings of TLS for both roles, made from one identity. Thread-safe: immutable. */
final class TlsContexts {
    private static final Logger LOG = LoggerFactory.getLogger(TlsContexts.class);

    /** Above the 7 days that a ticket may live (RFC 8446, 4.6.1) the JDK sends none. */
    private static final long NO_TICKETS_SECONDS = 8 * 24 * 3600;

    private final SslContext client;
    private final SslContext server;
    private final PeerTrust trust;
    private final TrustJudge judge;
    private final ApplicationProtocols protocols;
    private final String engineName;
    private final String versions;

    private TlsContexts(
            SslContext client,
            SslContext server,
            PeerTrust trust,
            TrustJudge judge,
            ApplicationProtocols protocols,
            String engineName,
            String versions) {
        this.client = client;
        this.server = server;
        this.trust = trust;
        this.judge = judge;
        this.protocols = protocols;
        this.engineName = engineName;
        this.versions = versions;
    }

    static TlsContexts of(
            TlsIdentity identity, TlsEngine wanted, TlsSuites suites, ApplicationProtocols protocols, Clock clock) {
        SslProvider provider = provider(wanted);
        var judge = new TrustJudge(identity.trust());
        var trust = new PeerTrust(judge, clock);
        KeyManagerFactory key = NodeKey.factory(identity, provider);
        try {
            SslContext client = settings(
                            SslContextBuilder.forClient().keyManager(key), provider, trust, suites, protocols)
                    .endpointIdentificationAlgorithm(null) // PeerTrust binds names
                    .build();
            SslContext server = settings(SslContextBuilder.forServer(key), provider, trust, suites, protocols)
                    .clientAuth(ClientAuth.REQUIRE)
                    .build();
            if (server.sessionContext() instanceof OpenSslSessionContext sessions) {
                sessions.setSessionCacheEnabled(false);
            }
            return new TlsContexts(
                    client,
                    server,
                    trust,
                    judge,
                    protocols,
                    provider == SslProvider.OPENSSL ? "BoringSSL" : "JDK",
                    String.join(" or ", suites.versions()));
        } catch (SSLException e) {
            throw new TlsConfigurationException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    private static SslProvider provider(TlsEngine wanted) {
        return switch (wanted) {
            case JDK -> SslProvider.JDK;
            case BORINGSSL -> {
                if (!OpenSsl.isAvailable()) {
                    throw new TlsConfigurationException(
                            "TLS engine BORINGSSL: its native library does not load (" + OpenSsl.unavailabilityCause()
                                    + "), use TlsEngine.AUTO or JDK",
                            OpenSsl.unavailabilityCause());
                }
                yield SslProvider.OPENSSL;
            }
            case AUTO -> OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
        };
    }

    private static SslContextBuilder settings(
            SslContextBuilder builder,
            SslProvider provider,
            PeerTrust trust,
            TlsSuites suites,
            ApplicationProtocols applicationProtocols) {
        if (provider == SslProvider.OPENSSL) {
            builder.option(OpenSslContextOption.GROUPS, NamedGroups.names());
        }
        return builder.sslProvider(provider)
                .applicationProtocolConfig(applicationProtocols.config(provider))
                .trustManager(trust)
                .protocols(suites.versions())
                .ciphers(suites.names())
                .sessionTimeout(NO_TICKETS_SECONDS);
    }

    /** Logs which engine was chosen, and why. */
    void logChoice(TlsEngine wanted) {
        String why = switch (wanted) {
            case JDK, BORINGSSL -> "as configured";
            case AUTO ->
                OpenSsl.isAvailable() ? "its native library loads" : "BoringSSL's native library does not load";
        };
        LOG.atInfo()
                .addKeyValue("engine", engineName)
                .addKeyValue("versions", versions)
                .log("TLS is done by {}: {}", engineName, why);
        if (wanted == TlsEngine.AUTO && !OpenSsl.isAvailable()) {
            LOG.debug("why BoringSSL does not load", OpenSsl.unavailabilityCause());
        }
    }

    /** Frees what the native library holds, once no connection uses it. */
    void release() {
        ReferenceCountUtil.release(client);
        ReferenceCountUtil.release(server);
    }

    SslContext client() {
        return client;
    }

    SslContext server() {
        return server;
    }

    PeerTrust trust() {
        return trust;
    }

    TrustJudge judge() {
        return judge;
    }

    ApplicationProtocols protocols() {
        return protocols;
    }

    String engineName() {
        return engineName;
    }

    String versions() {
        return versions;
    }
}
