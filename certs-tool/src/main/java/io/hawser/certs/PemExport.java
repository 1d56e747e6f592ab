package io.hawser.certs;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lays out plain PEM files: for servers, proxies and tools that know nothing of this one. */
public final class PemExport {
    private final OrgStore store;
    private final @Nullable Path nodeKey;

    /**
     * Exports from a store.
     *
     * @param store where the node's certificate is
     */
    public PemExport(OrgStore store) {
        this(store, null);
    }

    private PemExport(OrgStore store, @Nullable Path nodeKey) {
        this.store = store;
        this.nodeKey = nodeKey;
    }

    /**
     * The same export for a node that keeps its own key.
     *
     * @param key the key's file; it must belong to the node's current certificate
     * @return an export that takes the key from there
     */
    public PemExport withNodeKey(Path key) {
        return new PemExport(store, key);
    }

    /**
     * Writes {@code key.pem}, {@code cert.pem} (own certificate, then intermediates), {@code trust.pem} (the root),
     * {@code crl.pem} and, with partners, {@code cross.pem}; brings an earlier export of the same node up to date.
     *
     * @param node which node
     * @param to the directory, made when it is not there
     * @return the directory, and what was written
     * @throws CertsException if there is no such node, or the directory holds something else
     */
    public Change<Path> write(NodeName node, Path to) {
        ExportSource source = ExportSource.of(store, node, nodeKey);
        var target = new ExportDirectory(to, "pem", source.node(), store, Map.of());
        List<Notice> notices = source.addKey(target);
        target.add("cert.pem", Pem.certificates(source.chain()));
        target.add("trust.pem", Pem.certificates(source.roots()));
        if (!source.partners().isEmpty()) {
            target.add("cross.pem", Pem.certificates(source.cross()));
        }
        target.add("crl.pem", Pem.crls(source.crls()));
        return target.write(notices);
    }
}
