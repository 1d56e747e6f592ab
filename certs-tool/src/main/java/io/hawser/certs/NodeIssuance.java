package io.hawser.certs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One run of issuing: decides what is missing, signs it, writes it, and brings roster and links up to date. */
final class NodeIssuance {
    private static final Duration CRL_REFRESH = Duration.ofDays(1);

    private final OrgStore store;
    private final OrgConfig config;
    private final FileWriter writer;
    private final Instant now;
    private final SecureRandom random = new SecureRandom();
    private final List<Notice> notices = new ArrayList<>();

    NodeIssuance(OrgStore store, OrgConfig config, FileWriter writer) {
        this.store = store;
        this.config = config;
        this.writer = writer;
        this.now = store.options().clock().instant();
    }

    /** Refuses every name and lifetime that the policy forbids, before anything is read or written. */
    void checkNames(IssueRequest request) {
        request.nodes().forEach(config.namespace()::uri);
        if (request.life() != null) {
            config.policy().checkNodeLife(request.life());
        }
    }

    Change<List<NodeCertificate>> run(IssueRequest request, SecretSource secrets) {
        var nodes = new LinkedHashSet<>(request.nodes());
        checkHosts(nodes, request.sharedHost());
        X509Certificate issuer = store.certificate("issuing");
        var missing = new ArrayList<NodeName>();
        for (NodeName node : nodes) {
            if (!satisfied(node, request, issuer)) {
                missing.add(node);
            }
        }
        var issued = new TreeMap<NodeName, NodeCertificate>();
        if (!missing.isEmpty()) {
            CertificateAuthority authority = authority(issuer, secrets);
            refreshCrl(authority);
            for (NodeName node : missing) {
                issued.put(node, issue(authority, node, request));
                store.options().progress().accept(node, issued.size());
            }
        }
        var all = new TreeMap<NodeName, NodeCertificate>();
        store.nodes().forEach(node -> all.put(node.node(), node));
        all.putAll(issued);
        repair(all);
        return new Change<>(nodes.stream().map(all::get).toList(), writer.written(), notices);
    }

    private boolean satisfied(NodeName node, IssueRequest request, X509Certificate issuer) {
        Optional<NodeCertificate> found = store.find(node);
        if (found.isEmpty()) {
            return false;
        }
        NodeCertificate current = found.get();
        if (!now.isBefore(current.due(config.policy()))) {
            return false; // due, or over
        }
        Duration life = request.life();
        Instant issuedAt = current.notBefore().plus(CertificateAuthority.BACKDATE);
        if (life == null || current.notAfter().equals(CertificateAuthority.end(issuer, issuedAt, life))) {
            return true;
        }
        if (request.newGeneration()) {
            return false;
        }
        throw new CertsException(
                        ErrorCode.NODE_EXISTS,
                        node + ": has a certificate with lifetime "
                                + LifeSpan.format(Duration.between(issuedAt, current.notAfter())) + ", not "
                                + LifeSpan.format(life))
                .hint("Add --new-generation to issue another one beside it, or leave --life away to keep it")
                .about(node);
    }

    /** Erlang checks the host alone, so that two nodes of one host could take each other's place. */
    private void checkHosts(Set<NodeName> wanted, boolean shared) {
        var owners = new TreeMap<String, NodeName>();
        store.nodes().forEach(node -> owners.putIfAbsent(node.node().host(), node.node()));
        for (NodeName node : wanted) {
            NodeName owner = owners.putIfAbsent(node.host(), node);
            if (owner == null || owner.equals(node) || store.find(node).isPresent()) {
                continue;
            }
            String message = node + ": the host belongs to " + owner
                    + " already, and an Erlang node cannot tell two nodes of one host apart";
            if (!shared) {
                throw new CertsException(ErrorCode.HOST_SHARED, message)
                        .hint("Give it a host of its own, such as " + node.alive() + "." + node.host()
                                + ", or add --shared-host where all nodes run Java")
                        .about(node);
            }
            notices.add(new Notice("HOST_SHARED", message));
        }
    }

    private CertificateAuthority authority(X509Certificate issuer, SecretSource secrets) {
        if (!now.isBefore(issuer.getNotAfter().toInstant())) {
            throw new CertsException(
                            ErrorCode.VERIFICATION_FAILED,
                            "the issuing CA's certificate ended at "
                                    + issuer.getNotAfter().toInstant())
                    .hint("It must be replaced before nodes can get certificates");
        }
        PrivateKey key = store.key("issuing", secrets);
        return new CertificateAuthority(issuer, key, store.options().clock(), random);
    }

    /** A CRL that has run out locks every node out, so whoever has the key at hand renews it. */
    private void refreshCrl(CertificateAuthority authority) {
        X509CRL crl = store.crl("issuing");
        if (now.isBefore(crl.getThisUpdate().toInstant().plus(CRL_REFRESH))) {
            return;
        }
        X509CRL next = new CrlIssuer(authority).next(crl, config.policy().crlLife());
        writer.open(store.layout().authority("issuing").resolve("crl.pem"), Pem.crls(List.of(next)));
    }

    private NodeCertificate issue(CertificateAuthority authority, NodeName node, IssueRequest request) {
        Optional<NodeCertificate> before = store.find(node);
        Duration life = request.life() == null ? config.policy().nodeLife() : request.life();
        PrivateKey key;
        PublicKey publicKey;
        if (request.reuseKey() && before.isPresent()) {
            key = store.key(before.get());
            publicKey = before.get().certificate().getPublicKey();
        } else {
            KeyPair pair = config.policy().key().generate(random);
            key = pair.getPrivate();
            publicKey = pair.getPublic();
        }
        X509Certificate leaf = authority.node(config, node, publicKey, life);
        List<X509Certificate> chain = List.of(leaf, authority.certificate());
        ChainVerifier.verify(chain, store.certificate("root"), List.of(), now, node);
        if (leaf.getNotAfter().toInstant().isBefore(now.plus(life).minusSeconds(1))) {
            notices.add(new Notice(
                    "LIFE_CLAMPED",
                    node + ": ends with the issuing CA at " + leaf.getNotAfter().toInstant()
                            + ", earlier than asked for"));
        }
        int generation = before.map(NodeCertificate::generation).orElse(0) + 1;
        Path directory = write(node, generation, PrivateKeys.plain(key), chain);
        return new NodeCertificate(node, config.namespace().uri(node), generation, chain, directory);
    }

    private Path write(NodeName node, int generation, byte[] key, List<X509Certificate> chain) {
        StoreLayout layout = store.layout();
        Path directory = layout.generation(node, generation);
        Path temporary = layout.node(node).resolve(".next");
        writer.discard(temporary);
        writer.directories(temporary);
        writer.secret(temporary.resolve("key.pem"), key);
        writer.open(temporary.resolve("cert.pem"), Pem.certificates(chain.subList(0, 1)));
        writer.open(temporary.resolve("chain.pem"), Pem.certificates(chain));
        writer.publish(temporary, directory);
        return directory;
    }

    /** Links and roster follow from the generations; also mends what a killed run left. */
    private void repair(Map<NodeName, NodeCertificate> nodes) {
        StoreLayout layout = store.layout();
        for (NodeCertificate node : nodes.values()) {
            Path link = layout.current(node.node());
            String target = StoreLayout.generationName(node.generation());
            if (!target.equals(linkTarget(link))) {
                writer.link(link, target);
            }
        }
        Roster roster = Roster.of(config, List.copyOf(nodes.values()));
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
