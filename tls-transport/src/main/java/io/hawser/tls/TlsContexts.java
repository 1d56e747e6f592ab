package io.hawser.tls;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The settings of TLS for both roles, made from one identity. Thread-safe: immutable. */
final class TlsContexts {
    private static final Logger LOG = LoggerFactory.getLogger(TlsContexts.class);

    /** RFC 8446, 9.1. Which one is used is the engines' choice; all are sound. */
    private static final List<String> TLS13_SUITES =
            List.of("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256");

    /** RFC 9325, 4.2: forward secrecy and authenticated encryption. */
    private static final List<String> TLS12_SUITES = List.of(
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

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
            TlsIdentity identity, TlsEngine wanted, boolean tls12, ApplicationProtocols protocols, Clock clock) {
        SslProvider provider = provider(wanted);
        var judge = new TrustJudge(identity.trust());
        var trust = new PeerTrust(judge, clock);
        var key = new NodeKey(identity);
        try {
            SslContext client = settings(
                            SslContextBuilder.forClient().keyManager(key), provider, trust, tls12, protocols)
                    .endpointIdentificationAlgorithm(null) // PeerTrust binds names
                    .build();
            SslContext server = settings(SslContextBuilder.forServer(key), provider, trust, tls12, protocols)
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
                    tls12 ? "TLSv1.3 or TLSv1.2" : "TLSv1.3");
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
            boolean tls12,
            ApplicationProtocols applicationProtocols) {
        var protocols = new ArrayList<>(List.of("TLSv1.3"));
        var suites = new ArrayList<>(TLS13_SUITES);
        if (tls12) {
            protocols.add("TLSv1.2");
            suites.addAll(TLS12_SUITES);
        }
        return builder.sslProvider(provider)
                .applicationProtocolConfig(applicationProtocols.config(provider))
                .trustManager(trust)
                .protocols(protocols)
                .ciphers(suites)
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
