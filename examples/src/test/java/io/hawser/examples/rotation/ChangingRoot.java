package io.hawser.examples.rotation;

import static java.util.Objects.requireNonNull;

import io.hawser.certs.IssueRequest;
import io.hawser.certs.Namespace;
import io.hawser.certs.NodeName;
import io.hawser.certs.OrgConfig;
import io.hawser.certs.OrgPolicy;
import io.hawser.certs.OrgRequest;
import io.hawser.certs.OrgStore;
import io.hawser.certs.PemExport;
import io.hawser.certs.RenewRequest;
import io.hawser.certs.SecretSource;
import io.hawser.certs.StoreOptions;
import io.hawser.transport.ChannelSecurity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** An organisation that gets another root: two stores of certs-tool for one namespace, and the PEM files of its nodes. */
final class ChangingRoot {
    /** Which root. */
    enum Root {
        OLD,
        NEW;

        /** Whether the peer of a connection showed a certificate below this root when it was made. */
        boolean carries(ChannelSecurity security) {
            List<X509Certificate> chain = security.peerChain();
            return chain.get(chain.size() - 1)
                    .getIssuerX500Principal()
                    .getName()
                    .contains("O=" + org());
        }

        private String org() {
            return "orga-" + this;
        }
    }

    private final Path directory;
    private final Map<Root, OrgStore> stores = new EnumMap<>(Root.class);

    /** @param nodes all that will ever get certificates */
    ChangingRoot(Path directory, List<String> nodes) {
        this.directory = directory;
        NodeName[] names = nodes.stream().map(NodeName::parse).toArray(NodeName[]::new);
        for (Root root : Root.values()) {
            OrgStore store = OrgStore.at(directory.resolve(root + "-pki"), StoreOptions.of(Clock.systemUTC()));
            var config = new OrgConfig(root.org(), new Namespace("orga.test", "orga.test"), OrgPolicy.defaults());
            store.init(new OrgRequest(config, false, null), SecretSource.none());
            store.issue(IssueRequest.of(names), SecretSource.none());
            stores.put(root, store);
        }
    }

    /** Where a node's files are. */
    Path files(String node) {
        return directory.resolve("nodes").resolve(node);
    }

    /** Issues another certificate with another key; {@link #write} hands it out. */
    void renew(Root by, String node) {
        store(by)
                .renew(
                        new RenewRequest(List.of(NodeName.parse(node)), Duration.ofDays(1000), null, false),
                        SecretSource.none());
    }

    /** Writes a node's newest certificate by one root, and whom it trusts. */
    void write(String node, Root by, Root... trusted) {
        Path to = files(node);
        try {
            Files.createDirectories(to);
            replace(to.resolve("trust.pem"), together("trust.pem", node, trusted));
            replace(to.resolve("crl.pem"), together("crl.pem", node, Root.values()));
            Path own = export(by, node);
            for (String file : List.of("key.pem", "cert.pem")) {
                Path copy = to.resolve("." + file);
                Files.copy(own.resolve(file), copy, StandardCopyOption.COPY_ATTRIBUTES);
                Files.move(copy, to.resolve(file), StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String together(String file, String node, Root... of) throws IOException {
        var all = new StringBuilder();
        for (Root root : of) {
            all.append(Files.readString(export(root, node).resolve(file)));
        }
        return all.toString();
    }

    private static void replace(Path file, String content) throws IOException {
        Path other = Files.writeString(file.resolveSibling("." + file.getFileName()), content);
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private OrgStore store(Root root) {
        return requireNonNull(stores.get(root), "root");
    }

    private Path export(Root by, String node) {
        Path to = directory.resolve(by.name()).resolve(node);
        new PemExport(store(by)).write(NodeName.parse(node), to);
        return to;
    }
}
