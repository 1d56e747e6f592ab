package io.hawser.certs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes the generations of nodes, and what follows from them. Not thread-safe; used by one operation. */
final class NodeFiles {
    private final StoreLayout layout;
    private final OrgConfig config;
    private final FileWriter writer;

    NodeFiles(StoreLayout layout, OrgConfig config, FileWriter writer) {
        this.layout = layout;
        this.config = config;
        this.writer = writer;
    }

    /** Fills a directory under a temporary name, then gives it its own. */
    void write(NodeCertificate node, @Nullable PrivateKey key, byte @Nullable [] request) {
        Path temporary = layout.node(node.node()).resolve(".next");
        writer.temporaryDirectory(temporary);
        if (key != null) {
            writer.fill(temporary.resolve("key.pem"), PrivateKeys.plain(key), true);
        }
        if (request != null) {
            writer.fill(temporary.resolve("request.csr"), request, false);
        }
        writer.fill(temporary.resolve("cert.pem"), Pem.certificates(node.chain().subList(0, 1)), false);
        writer.fill(temporary.resolve("chain.pem"), Pem.certificates(node.chain()), false);
        writer.publish(temporary, node.directory());
        link(node);
    }

    private void link(NodeCertificate node) {
        Path link = layout.current(node.node());
        String target = StoreLayout.generationName(node.generation());
        if (!target.equals(linkTarget(link))) {
            writer.link(link, target);
        }
    }

    /** The same for all nodes there are. */
    void repair(Collection<NodeCertificate> nodes, Revocations revocations) {
        var all = new TreeMap<NodeName, NodeCertificate>();
        nodes.forEach(node -> all.put(node.node(), node));
        repair(all, revocations);
    }

    /** Links and roster follow from the generations; also mends what a killed run left. */
    void repair(Map<NodeName, NodeCertificate> nodes, Revocations revocations) {
        nodes.values().forEach(this::link);
        Roster roster = Roster.of(config, nodes.values(), revocations);
        writer.openIfChanged(layout.rosterJson(), roster.toJson());
        writer.openIfChanged(layout.rosterTerm(), roster.toTerm());
    }

    private static @Nullable String linkTarget(Path link) {
        try {
            return Files.isSymbolicLink(link) ? Files.readSymbolicLink(link).toString() : null;
        } catch (IOException e) {
            throw CertsException.io("reading", link, e);
        }
    }
}
