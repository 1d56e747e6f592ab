package io.hawser.certs;

import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** One run of issuing or renewing: decides what is missing, signs it, and brings roster and links up to date. */
final class NodeIssuance {
    private final OrgStore store;
    private final OrgConfig config;
    private final FileWriter writer;
    private final SecureRandom random = new SecureRandom();
    private final NodeSigner signer;
    private final Instant now;

    /** One certificate that is to be made. */
    private record Wanted(NodeName node, Duration life, boolean reuseKey, boolean reinstated) {}

    NodeIssuance(OrgStore store, OrgConfig config, FileWriter writer) {
        this.store = store;
        this.config = config;
        this.writer = writer;
        this.signer = new NodeSigner(store, config, writer, random);
        this.now = signer.now();
    }

    /** Refuses every name and lifetime that the policy forbids, before anything is read or written. */
    static void checkNames(OrgConfig config, IssueRequest request) {
        request.nodes().forEach(config.namespace()::uri);
        if (request.life() != null) {
            config.policy().checkNodeLife(request.life());
        }
    }

    Change<List<NodeCertificate>> run(IssueRequest request, SecretSource secrets) {
        var nodes = new LinkedHashSet<>(request.nodes());
        signer.checkHosts(nodes, request.sharedHost());
        X509Certificate issuer = store.certificate("issuing");
        Duration life = request.life() == null ? config.policy().nodeLife() : request.life();
        var missing = new ArrayList<Wanted>();
        for (NodeName node : nodes) {
            boolean revoked = signer.requireReinstated(node, request.reinstate());
            if (revoked || !satisfied(node, request, issuer)) {
                missing.add(new Wanted(node, life, request.reuseKey() && !revoked, revoked));
            }
        }
        return sign(nodes, missing, secrets);
    }

    /** Gives those of the nodes that are due a certificate that lasts as long as the one they have was meant to. */
    Change<List<NodeCertificate>> renew(RenewRequest request, SecretSource secrets) {
        List<NodeCertificate> asked = request.nodes().isEmpty()
                ? store.nodes()
                : request.nodes().stream().distinct().map(store::node).toList();
        var nodes = new LinkedHashSet<NodeName>();
        var due = new ArrayList<Wanted>();
        Revocations revocations = store.revocations();
        for (NodeCertificate node : asked) {
            if (request.nodes().isEmpty() && revocations.contains(node.certificate())) {
                continue; // stays out until someone says otherwise
            }
            signer.requireReinstated(node.node(), false);
            nodes.add(node.node());
            Duration within = request.within();
            Instant since =
                    within == null ? node.due(config.policy()) : node.notAfter().minus(within);
            if (!now.isBefore(since)) {
                Duration life = request.life() == null ? meantToLast(node) : request.life();
                due.add(new Wanted(node.node(), life, request.reuseKey(), false));
            }
        }
        return sign(nodes, due, secrets);
    }

    /** Gives those nodes whose certificate is outdated another; a revoked one stays out. */
    Change<List<NodeCertificate>> reissue(Predicate<NodeCertificate> outdated, SecretSource secrets) {
        var nodes = new LinkedHashSet<NodeName>();
        var due = new ArrayList<Wanted>();
        Revocations revocations = store.revocations();
        for (NodeCertificate node : store.nodes()) {
            if (outdated.test(node) && !revocations.contains(node.certificate())) {
                nodes.add(node.node());
                due.add(new Wanted(node.node(), meantToLast(node), false, false));
            }
        }
        return sign(nodes, due, secrets);
    }

    /** The issuing CA may have cut it short; then the policy decides. */
    private Duration meantToLast(NodeCertificate node) {
        X509Certificate issuer = node.chain().get(node.chain().size() > 1 ? 1 : 0);
        if (!node.notAfter().isBefore(issuer.getNotAfter().toInstant())) {
            return config.policy().nodeLife();
        }
        Duration life = Duration.between(node.notBefore().plus(CertificateAuthority.BACKDATE), node.notAfter());
        return life.compareTo(config.policy().maxNodeLife()) > 0
                ? config.policy().maxNodeLife()
                : life;
    }

    private Change<List<NodeCertificate>> sign(Collection<NodeName> nodes, List<Wanted> missing, SecretSource secrets) {
        var issued = new TreeMap<NodeName, NodeCertificate>();
        if (!missing.isEmpty()) {
            CertificateAuthority authority = signer.open(secrets);
            var byName = new LinkedHashMap<NodeName, Wanted>();
            missing.forEach(wanted -> byName.put(wanted.node(), wanted));
            signer.sign(authority, List.copyOf(byName.keySet()), node -> task(Objects.requireNonNull(byName.get(node))))
                    .forEach(node -> issued.put(node.node(), node));
        }
        var all = new TreeMap<NodeName, NodeCertificate>();
        store.nodes().forEach(node -> all.put(node.node(), node));
        all.putAll(issued);
        signer.files().repair(all, store.revocations());
        return new Change<>(nodes.stream().map(all::get).toList(), writer.written(), signer.notices());
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

    /** Called by several threads at once. */
    private NodeSigner.Task task(Wanted wanted) {
        NodeName node = wanted.node();
        Optional<NodeCertificate> before = store.find(node);
        if (before.isPresent() && store.isKeyElsewhere(before.get()) && !wanted.reinstated()) {
            // the node alone has the key, and proved so by its request
            PublicKey key = before.get().certificate().getPublicKey();
            return new NodeSigner.Task(node, key, null, store.request(before.get()), wanted.life());
        }
        if (wanted.reuseKey() && before.isPresent()) {
            PublicKey key = before.get().certificate().getPublicKey();
            return new NodeSigner.Task(node, key, store.key(before.get()), null, wanted.life());
        }
        KeyPair pair = config.policy().key().generate(random);
        return new NodeSigner.Task(node, pair.getPublic(), pair.getPrivate(), null, wanted.life());
    }
}
