package io.hawser.certs;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** One run of revoking: the CRL first, which decides, then the roster, which follows from it. */
final class NodeRevocation {
    private final OrgStore store;
    private final OrgConfig config;
    private final FileWriter writer;
    private final Instant now;
    private final List<Notice> notices = new ArrayList<>();

    NodeRevocation(OrgStore store, OrgConfig config, FileWriter writer) {
        this.store = store;
        this.config = config;
        this.writer = writer;
        this.now = store.options().clock().instant();
    }

    Change<List<NodeCertificate>> run(RevokeRequest request, SecretSource secrets) {
        return revoke(asked(request), request.reason(), secrets);
    }

    /** Revokes certificates, each of a CA that is here. */
    Change<List<NodeCertificate>> revoke(List<NodeCertificate> asked, RevocationReason reason, SecretSource secrets) {
        Revocations before = store.revocations();
        var further = new LinkedHashMap<String, Map<BigInteger, RevocationReason>>();
        for (NodeCertificate node : asked) {
            if (before.contains(node.certificate())) {
                continue;
            }
            String issuer = issuer(node)
                    .orElseThrow(() -> new CertsException(
                                    ErrorCode.NODE_UNKNOWN,
                                    node.node() + ": generation " + node.generation()
                                            + " was issued by a CA that was rotated out, and no node accepts it")
                            .about(node.node()))
                    .name();
            further.computeIfAbsent(issuer, name -> new LinkedHashMap<>())
                    .put(node.certificate().getSerialNumber(), reason);
        }
        var upkeep = new CrlUpkeep(store, config, writer);
        var crls = new TreeMap<String, AuthorityRecord>();
        try (var remembered = new RememberedSecret(secrets)) {
            for (AuthorityRecord authority : store.authorities()) {
                Map<BigInteger, RevocationReason> entries = further.get(authority.name());
                crls.put(
                        authority.name(),
                        entries == null
                                ? authority
                                : upkeep.renew(
                                        authority,
                                        store.signer(authority, null, remembered),
                                        entries,
                                        config.policy().crlLife()));
            }
        }
        Revocations after =
                Revocations.of(crls.values().stream().map(AuthorityRecord::crl).toList());
        var nodes = new TreeMap<NodeName, NodeCertificate>();
        store.nodes().forEach(node -> nodes.put(node.node(), node));
        new NodeFiles(store.layout(), config, writer).repair(nodes, after);
        return new Change<>(asked, writer.written(), notices);
    }

    private List<NodeCertificate> asked(RevokeRequest request) {
        if (request.node() == null) {
            return List.of(bySerial(Objects.requireNonNull(request.serial(), "serial")));
        }
        NodeName node = request.node();
        store.existing(node); // so that a node that is not there is named as such
        List<NodeCertificate> generations = store.generations(node);
        Integer generation = request.generation();
        if (generation != null) {
            return List.of(generations.stream()
                    .filter(each -> each.generation() == generation)
                    .findFirst()
                    .orElseThrow(
                            () -> new CertsException(ErrorCode.NODE_UNKNOWN, node + ": has no generation " + generation)
                                    .hint("'certs-tool node show " + node + "' lists those there are")
                                    .about(node)));
        }
        List<NodeCertificate> live = generations.stream()
                .filter(each -> !now.isAfter(each.notAfter()) && issuer(each).isPresent())
                .toList();
        if (live.isEmpty()) {
            notices.add(new Notice("NOTHING_LIVE", node + ": all its certificates are over already"));
        }
        return live;
    }

    private NodeCertificate bySerial(BigInteger serial) {
        for (NodeCertificate node : store.nodes()) {
            for (NodeCertificate generation : store.generations(node.node())) {
                if (generation.certificate().getSerialNumber().equals(serial)) {
                    return generation;
                }
            }
        }
        throw new CertsException(
                        ErrorCode.SERIAL_UNKNOWN,
                        config.org() + " has no certificate with the number " + serial.toString(16))
                .hint("'certs-tool node show NODE' prints the numbers of a node's certificates")
                .about(serial.toString(16));
    }

    private Optional<AuthorityRecord> issuer(NodeCertificate node) {
        var name = node.certificate().getIssuerX500Principal();
        return store.authorities().stream()
                .filter(authority ->
                        authority.certificate().getSubjectX500Principal().equals(name))
                .findFirst();
    }
}
