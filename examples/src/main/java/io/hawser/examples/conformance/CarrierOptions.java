package io.hawser.examples.conformance;

import io.hawser.tls.NameBinding;
import io.hawser.tls.TcpTransport;
import io.hawser.tls.TlsIdentity;
import io.hawser.tls.TlsTransport;
import io.hawser.transport.Transport;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that choose the carrier and its certificates. */
final class CarrierOptions {
    @Option(names = "--transport", paramLabel = "tls|tcp", defaultValue = "tls", description = "carrier (tls)")
    private String transport = "tls";

    @Option(
            names = "--certs",
            paramLabel = "DIR",
            description = "key.pem, cert.pem, trust.pem and optionally crl.pem, or what 'certs-tool export java' wrote")
    private @Nullable Path certs;

    @Option(names = "--cert", paramLabel = "FILE", description = "own certificate and intermediates, PEM")
    private @Nullable Path cert;

    @Option(names = "--key", paramLabel = "FILE", description = "private key, PEM")
    private @Nullable Path key;

    @Option(names = "--trust", paramLabel = "FILE", description = "CA certificates, PEM")
    private @Nullable Path trust;

    @Option(names = "--crl", paramLabel = "FILE", description = "certificate revocation lists, PEM")
    private @Nullable Path crl;

    @Option(
            names = "--binding",
            paramLabel = "full|host",
            description = "what of a peer's name its certificate binds (full for an exported directory, else host)")
    private @Nullable String binding;

    Transport transport() {
        return switch (transport) {
            case "tcp" -> TcpTransport.plain();
            case "tls" -> TlsTransport.mutual(bound(identity()));
            default -> throw new IllegalArgumentException("--transport: " + transport + " (expected: tls or tcp)");
        };
    }

    private TlsIdentity identity() {
        boolean oneByOne = cert != null || key != null || trust != null || crl != null;
        if (certs != null && oneByOne) {
            throw new IllegalArgumentException(
                    "--certs: given with --cert, --key, --trust or --crl (expected: a directory, or files one by one)");
        }
        if (certs != null) {
            return TlsIdentity.insecureLoadWithoutRevocation(certs); // crl.pem is optional here
        }
        if (cert == null || key == null || trust == null) {
            throw new IllegalArgumentException(
                    "--transport tls: no certificates (expected: --certs DIR, or --cert, --key and --trust)");
        }
        return crl == null
                ? TlsIdentity.insecureOfPemWithoutRevocation(cert, key, trust)
                : TlsIdentity.ofPem(cert, key, trust, crl);
    }

    private TlsIdentity bound(TlsIdentity identity) {
        if (binding == null) {
            return identity;
        }
        return switch (binding.toLowerCase(Locale.ROOT)) {
            case "full" -> identity.withBinding(NameBinding.FULL);
            case "host" -> identity.withBinding(NameBinding.HOST);
            default -> throw new IllegalArgumentException("--binding: " + binding + " (expected: full or host)");
        };
    }
}
