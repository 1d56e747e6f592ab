package io.hawser.certs;

import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lays out a Kubernetes Secret of type {@code kubernetes.io/tls} with what {@link PemExport} writes: {@code tls.crt} and
 * {@code tls.key}, {@code ca.crt} (the root), {@code crl.pem} and, with partners, {@code cross.pem}.
 */
public final class KubernetesExport {
    private final OrgStore store;
    private final @Nullable Path nodeKey;

    /**
     * Exports from a store.
     *
     * @param store where the node's certificate is
     */
    public KubernetesExport(OrgStore store) {
        this(store, null);
    }

    private KubernetesExport(OrgStore store, @Nullable Path nodeKey) {
        this.store = store;
        this.nodeKey = nodeKey;
    }

    /**
     * The same export for a node that keeps its own key.
     *
     * @param key the key's file; it must belong to the node's current certificate
     * @return an export that takes the key from there
     */
    public KubernetesExport withNodeKey(Path key) {
        return new KubernetesExport(store, key);
    }

    /**
     * Writes {@code secret.yaml}, readable by its owner only; brings an earlier export of the same node up to date.
     *
     * @param node which node
     * @param to the directory, made when it is not there
     * @return the directory, and what was written
     * @throws CertsException if there is no such node, its key is elsewhere ({@code KEY_ABSENT}), or the directory holds
     *     something else
     */
    public Change<Path> write(NodeName node, Path to) {
        ExportSource source = ExportSource.of(store, node, nodeKey);
        var target = new ExportDirectory(to, "k8s", source.node(), store, Map.of());
        var data = new LinkedHashMap<String, byte[]>();
        data.put("tls.crt", Pem.certificates(source.chain()));
        data.put("tls.key", PrivateKeys.plain(source.requireKey()));
        data.put("ca.crt", Pem.certificates(source.roots()));
        data.put("crl.pem", Pem.crls(source.crls()));
        if (!source.partners().isEmpty()) {
            data.put("cross.pem", Pem.certificates(source.cross()));
        }
        target.addSecret("secret.yaml", secret(source.node(), data));
        return target.write(source.notices());
    }

    /** Names and base64 need no quotes but those given; a name's characters are those of RFC 1123. */
    private static byte[] secret(NodeCertificate node, Map<String, byte[]> data) {
        List<String> lines = data.entrySet().stream()
                .map(entry -> "  " + entry.getKey() + ": " + Base64.getEncoder().encodeToString(entry.getValue()))
                .toList();
        return Pem.ascii("""
            # Written by certs-tool. Holds a private key: kubectl apply -f secret.yaml
            apiVersion: v1
            kind: Secret
            metadata:
              name: %s
              annotations:
                hawser.io/node: "%s"
                hawser.io/serial: "%s"
                hawser.io/not-after: "%s"
            type: kubernetes.io/tls
            data:
            %s
            """.formatted(
                        name(node.node()),
                        node.node(),
                        node.serial(),
                        node.notAfter(),
                        lines.stream().collect(Collectors.joining("\n"))));
    }

    static String name(NodeName node) {
        String name = node.toString().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.-]", "-");
        return name.replaceAll("(^|\\.)[.-]+", "$1").replaceAll("[.-]+(\\.|$)", "$1");
    }
}
