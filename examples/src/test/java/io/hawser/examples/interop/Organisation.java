package io.hawser.examples.interop;

import io.hawser.certs.IssueRequest;
import io.hawser.certs.JavaExport;
import io.hawser.certs.Namespace;
import io.hawser.certs.NodeName;
import io.hawser.certs.OrgConfig;
import io.hawser.certs.OrgPolicy;
import io.hawser.certs.OrgRequest;
import io.hawser.certs.OrgStore;
import io.hawser.certs.OtpExport;
import io.hawser.certs.PemExport;
import io.hawser.certs.RevocationReason;
import io.hawser.certs.RevokeRequest;
import io.hawser.certs.SecretSource;
import io.hawser.certs.StoreOptions;
import io.hawser.tls.TlsIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** An organisation of certs-tool for names below orga.test, and the certificates of its nodes. Thread-safe: its store refuses a second writer. */
public final class Organisation {
    private final Path directory;
    private final OrgStore store;

    /**
     * @param directory for the store and the exports; must exist, or be creatable
     * @param clock what the certificates are dated by
     */
    public Organisation(Path directory, Clock clock) {
        this.directory = directory;
        this.store = OrgStore.at(directory.resolve("pki"), StoreOptions.of(clock));
        var config = new OrgConfig("orga", new Namespace("orga.test", "orga.test"), OrgPolicy.defaults());
        store.init(new OrgRequest(config, false, null), SecretSource.none());
    }

    /** Issues certificates. */
    public synchronized Organisation issue(String... nodes) {
        NodeName[] names = List.of(nodes).stream().map(NodeName::parse).toArray(NodeName[]::new);
        store.issue(IssueRequest.of(names), SecretSource.none());
        return this;
    }

    /** Revokes what a node has. */
    public synchronized Organisation revoke(String node) {
        store.revoke(RevokeRequest.of(NodeName.parse(node), RevocationReason.KEY_COMPROMISE), SecretSource.none());
        return this;
    }

    /** Returns a directory as {@code certs-tool export java} writes it. */
    public synchronized Path exportJava(String node) {
        Path to = place("java", node);
        new JavaExport(store).write(NodeName.parse(node), to, SecretSource.none());
        return to;
    }

    /** Returns a directory of plain PEM files. */
    synchronized Path exportPem(String node) {
        Path to = place("pem", node);
        new PemExport(store).write(NodeName.parse(node), to);
        return to;
    }

    /** Returns what a Hawser node is given. */
    TlsIdentity identity(Carrier carrier, String node) {
        return TlsIdentity.load(carrier == Carrier.TLS_PEM ? exportPem(node) : exportJava(node));
    }

    /** Returns what {@code erl} is given, for either kind of TLS. */
    List<String> otpArguments(Carrier carrier, String node) {
        Path options = carrier == Carrier.TLS_PEM ? writeOptions(exportPem(node)) : exportOtp(node);
        return List.of("-proto_dist", "inet_tls", "-ssl_dist_optfile", options.toString());
    }

    private synchronized Path exportOtp(String node) {
        Path to = place("otp", node);
        new OtpExport(store).write(NodeName.parse(node), to);
        return to.resolve("ssl_dist.conf");
    }

    /** What the manual of OTP's ssl application shows, for files of any origin. */
    private static Path writeOptions(Path pem) {
        String both = """
                {certfile, "%1$s/cert.pem"}, {keyfile, "%1$s/key.pem"}, {cacertfile, "%1$s/trust.pem"},
                {versions, ['tlsv1.3']}, {verify, verify_peer}""".formatted(pem);
        try {
            return Files.writeString(
                    pem.resolve("ssl_dist.conf"),
                    "[{server, [%1$s, {fail_if_no_peer_cert, true}]}, {client, [%1$s]}].%n".formatted(both));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path place(String kind, String node) {
        return directory.resolve(kind).resolve(node);
    }
}
