package io.hawser.certs;

import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What every way to a node certificate has in common: whose host it is, opening the issuing CA, signing, having the JDK
 * judge the result, writing it. Not thread-safe; used by one operation.
 */
final class NodeSigner {
    private final OrgStore store;
    private final OrgConfig config;
    private final FileWriter writer;
    private final NodeFiles files;
    private final SecureRandom random;
    private final Instant now;
    private final Revocations revocations;
    private final List<Notice> notices = new ArrayList<>();

    NodeSigner(OrgStore store, OrgConfig config, FileWriter writer, SecureRandom random) {
        this.store = store;
        this.config = config;
        this.writer = writer;
        this.files = new NodeFiles(store.layout(), config, writer);
        this.random = random;
        this.now = store.options().clock().instant();
        this.revocations = store.revocations();
    }

    List<Notice> notices() {
        return List.copyOf(notices);
    }

    NodeFiles files() {
        return files;
    }

    Instant now() {
        return now;
    }

    /** Erlang checks the host alone, so that two nodes of one host could take each other's place. */
    void checkHosts(Collection<NodeName> wanted, boolean shared) {
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

    /** Whether the node's certificate is revoked; refused unless the caller knows of it. */
    boolean requireReinstated(NodeName node, boolean reinstate) {
        Optional<Revocation> revocation = store.find(node).flatMap(each -> revocations.find(each.certificate()));
        if (revocation.isPresent() && !reinstate) {
            throw new CertsException(
                            ErrorCode.NODE_REVOKED,
                            node + ": its certificate was revoked at "
                                    + revocation.get().at() + " ("
                                    + revocation.get().reason() + ")")
                    .hint("If the node shall be let in again, add --reinstate to 'node issue' or 'node sign'")
                    .about(node);
        }
        return revocation.isPresent();
    }

    /** The issuing CA with its key, and its CRL brought up to date. */
    CertificateAuthority open(SecretSource secrets) {
        X509Certificate issuer = store.certificate("issuing");
        if (!now.isBefore(issuer.getNotAfter().toInstant())) {
            throw new CertsException(
                            ErrorCode.VERIFICATION_FAILED,
                            "the issuing CA's certificate ended at "
                                    + issuer.getNotAfter().toInstant())
                    .hint("It must be replaced before nodes can get certificates");
        }
        PrivateKey key = store.key("issuing", secrets);
        AuthorityRecord record = store.authority("issuing");
        // a CRL that has run out locks every node out, so whoever has the key at hand renews it
        if (!now.isBefore(record.crl().getThisUpdate().toInstant().plus(CrlUpkeep.REFRESH))) {
            new CrlUpkeep(store, config, writer)
                    .renew(record, key, Map.of(), config.policy().crlLife());
        }
        return new CertificateAuthority(issuer, key, store.options().clock(), random);
    }

    /**
     * Signs a node's next certificate and writes it.
     *
     * @param key the private key, or null when only the node has it
     * @param request the request it answers, or null
     */
    NodeCertificate sign(
            CertificateAuthority authority,
            NodeName node,
            PublicKey publicKey,
            @Nullable PrivateKey key,
            byte @Nullable [] request,
            Duration life) {
        X509Certificate leaf = authority.node(config, node, publicKey, life);
        List<X509Certificate> chain = List.of(leaf, authority.certificate());
        ChainVerifier.verify(chain, store.certificate("root"), List.of(), now, node);
        if (leaf.getNotAfter().toInstant().isBefore(now.plus(life).minusSeconds(1))) {
            notices.add(new Notice(
                    "LIFE_CLAMPED",
                    node + ": ends with the issuing CA at " + leaf.getNotAfter().toInstant()
                            + ", earlier than asked for"));
        }
        Optional<NodeCertificate> before = store.find(node);
        int generation = before.map(NodeCertificate::generation).orElse(0) + 1;
        var certificate = new NodeCertificate(
                node,
                config.namespace().uri(node),
                generation,
                chain,
                store.layout().generation(node, generation));
        files.write(certificate, key, request);
        return certificate;
    }
}
