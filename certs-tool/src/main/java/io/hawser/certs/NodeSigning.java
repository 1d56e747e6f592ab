package io.hawser.certs;

import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** One run of signing a node's own request. */
final class NodeSigning {
    private final OrgStore store;
    private final OrgConfig config;
    private final FileWriter writer;
    private final NodeSigner signer;

    NodeSigning(OrgStore store, OrgConfig config, FileWriter writer) {
        this.store = store;
        this.config = config;
        this.writer = writer;
        this.signer = new NodeSigner(store, config, writer, new SecureRandom());
    }

    Change<NodeCertificate> run(SignRequest request, SecretSource secrets) {
        Csr csr = Csr.read(request.content(), request.where());
        CsrReview review = new CsrReviewer(csr, config.namespace(), request.expect()).review();
        review.refusal(request.where()).ifPresent(refusal -> {
            throw refusal;
        });
        NodeName node = review.node().orElseThrow();
        PublicKey key = csr.acceptableKey().orElseThrow();
        Duration life = request.life() == null ? config.policy().nodeLife() : request.life();
        config.policy().checkNodeLife(life);
        signer.checkHosts(List.of(node), request.sharedHost());
        checkOwner(node, key);
        Optional<NodeCertificate> current = store.find(node);
        var all = new TreeMap<NodeName, NodeCertificate>();
        store.nodes().forEach(each -> all.put(each.node(), each));
        boolean revoked = signer.requireReinstated(node, request.reinstate());
        if (revoked && key.equals(current.orElseThrow().certificate().getPublicKey())) {
            throw new CertsException(
                            ErrorCode.CSR_REFUSED, node + ": the request is refused: key (its certificate is revoked)")
                    .hint("Make a new key on the node with 'certs-tool node request " + node + " --out FILE'")
                    .about(node);
        }
        if (revoked || current.isEmpty() || !satisfied(current.get(), key, request)) {
            CertificateAuthority authority = signer.open(secrets);
            current = Optional.of(signer.sign(authority, new NodeSigner.Task(node, key, null, csr.pem(), life)));
            all.put(node, current.get());
        }
        signer.files().repair(all, store.revocations());
        return new Change<>(current.get(), writer.written(), signer.notices());
    }

    /** A key that two parties have identifies neither. */
    private void checkOwner(NodeName node, PublicKey key) {
        for (AuthorityRecord authority : store.authorities()) {
            if (key.equals(authority.certificate().getPublicKey())) {
                throw shared(node, authority.name());
            }
        }
        for (NodeCertificate other : store.nodes()) {
            if (!other.node().equals(node) && key.equals(other.certificate().getPublicKey())) {
                throw shared(node, other.node().toString());
            }
        }
    }

    private static CertsException shared(NodeName node, String other) {
        return new CertsException(
                        ErrorCode.CSR_REFUSED,
                        node + ": the request is refused: key (belongs to " + other + " already)")
                .hint("Make a new key on the node with 'certs-tool node request " + node + " --out FILE'")
                .about(node);
    }

    private boolean satisfied(NodeCertificate current, PublicKey key, SignRequest request) {
        if (!signer.now().isBefore(current.due(config.policy()))) {
            return false; // due, or over
        }
        Duration life = request.life();
        Instant issuedAt = current.notBefore().plus(CertificateAuthority.BACKDATE);
        boolean sameKey = key.equals(current.certificate().getPublicKey());
        boolean sameLife = life == null
                || current.notAfter()
                        .equals(CertificateAuthority.end(current.chain().get(1), issuedAt, life));
        if (sameKey && sameLife) {
            return true;
        }
        if (request.newGeneration()) {
            return false;
        }
        throw new CertsException(
                        ErrorCode.NODE_EXISTS,
                        current.node() + ": has a certificate "
                                + (sameKey ? "with another lifetime" : "for another key"))
                .hint("If the node's owner asked for this, add --new-generation; the old certificate stays valid"
                        + " until it is revoked")
                .about(current.node());
    }
}
