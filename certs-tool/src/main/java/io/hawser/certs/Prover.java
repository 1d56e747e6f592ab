package io.hawser.certs;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Proves with real connections that nodes let each other in, and nobody else: dials each node as another one, and then in
 * ways that must be refused. What cannot be reached proves nothing, neither way.
 *
 * <p>The nodes' own keys are used, so a proof shows what the node that dials would see. A connection ends before the cookie
 * is asked for. Not thread-safe; used by one caller at a time.
 */
public final class Prover {
    private static final String TLS = "TLSv1.3";
    private static final Duration THROW_AWAY = Duration.ofMinutes(10);

    private final OrgStore store;
    private final OrgConfig config;
    private final ProveRequest request;
    private final DistributionProbe probe;
    private final NodeAddresses addresses;
    private final SecureRandom random = new SecureRandom();

    /**
     * A prover.
     *
     * @param store whose nodes dial
     * @param request which nodes, and where they are
     */
    public Prover(OrgStore store, ProveRequest request) {
        this.store = store;
        this.config = store.config();
        this.request = request;
        this.probe = new DistributionProbe(request.timeout());
        this.addresses = new NodeAddresses(request.addresses(), request.epmdPort());
    }

    /**
     * Dials all nodes of the request, in order.
     *
     * @param secrets opens the issuing CA's key for forbidden certificates of our own; those are left out when it gives
     *     none and the key is encrypted
     * @return one proof for each attempt
     * @throws CertsException if there is no node to dial, or none to dial as
     */
    public List<Proof> run(SecretSource secrets) {
        try {
            return prove(secrets);
        } finally {
            store.closeKeys();
        }
    }

    private List<Proof> prove(SecretSource secrets) {
        Roster roster = Roster.of(config, store.nodes(), store.revocations());
        List<Partner> partners = new TrustStore(store).partners();
        List<NodeName> targets =
                request.to().isEmpty() ? List.copyOf(roster.nodes().keySet()) : request.to();
        if (targets.isEmpty()) {
            throw new CertsException(ErrorCode.NODE_UNKNOWN, config.org() + ": has no node to dial")
                    .hint("'certs-tool node issue' makes one");
        }
        Optional<CertificateAuthority> issuing = request.negative() ? issuing(secrets) : Optional.empty();
        var proofs = new ArrayList<Proof>();
        for (NodeName target : targets) {
            proofs.addAll(prove(target, uri(target, roster, partners), issuing));
        }
        return proofs;
    }

    private static String uri(NodeName target, Roster roster, List<Partner> partners) {
        String own = roster.nodes().get(target);
        if (own != null) {
            return own;
        }
        for (Partner partner : partners) {
            if (partner.nodes().contains(target)) {
                return partner.namespace().uri(target);
            }
        }
        throw new CertsException(ErrorCode.NODE_UNKNOWN, target + ": is neither a node of ours nor of a partner")
                .hint("'certs-tool node list' and 'certs-tool trust list' name those there are")
                .about(target);
    }

    private Optional<CertificateAuthority> issuing(SecretSource secrets) {
        try {
            return Optional.of(new CertificateAuthority(
                    store.certificate("issuing"),
                    store.signer("issuing", secrets),
                    store.options().clock(),
                    random));
        } catch (CertsException e) {
            if (e.code() == ErrorCode.PASSPHRASE_NEEDED || e.code() == ErrorCode.KEY_ABSENT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private List<Proof> prove(NodeName target, String uri, Optional<CertificateAuthority> issuing) {
        NodeCertificate from = from(target);
        String name = from.node().toString();
        var judge = new PeerJudge(store, uri);
        var genuine = new DistributionProbe.Credentials(from.chain(), store.key(from));
        InetSocketAddress address;
        DistributionProbe.Answer answer;
        try (Deadline deadline = probe.attempt()) {
            address = addresses.of(target, deadline);
            answer = DistributionProbe.dial(address, judge, genuine, name, TLS, deadline);
        } catch (IOException e) {
            String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            return List.of(new Proof(name, target, "genuine", true, false, "not found: " + Names.printable(why)));
        }
        boolean accepted = answer.verdict() == DistributionProbe.Verdict.ACCEPTED;
        var proofs = new ArrayList<Proof>();
        proofs.add(new Proof(name, target, "genuine", true, accepted, answer.detail()));
        if (request.negative() && accepted) {
            for (ForbiddenWay way : ways(from, genuine, issuing)) {
                DistributionProbe.Answer refusal =
                        probe.dial(address, judge, way.credentials(), way.claimed(), way.protocol());
                boolean refused = refusal.verdict() == DistributionProbe.Verdict.REFUSED;
                proofs.add(new Proof(way.claimed(), target, way.name(), false, refused, refusal.detail()));
            }
        }
        return proofs;
    }

    /** Something that no node may let in. */
    private record ForbiddenWay(
            String name, DistributionProbe.Credentials credentials, String claimed, String protocol) {}

    private List<ForbiddenWay> ways(
            NodeCertificate from, DistributionProbe.Credentials genuine, Optional<CertificateAuthority> issuing) {
        String name = from.node().toString();
        var ways = new ArrayList<ForbiddenWay>();
        ways.add(new ForbiddenWay(
                "no certificate", new DistributionProbe.Credentials(List.of(), genuine.key()), name, TLS));
        ways.add(new ForbiddenWay("tls 1.2", genuine, name, "TLSv1.2"));
        // our names from top to bottom, by a CA made for this and forgotten at once
        CertificateAuthority other = CertificateAuthority.root(
                        config, 1, store.options().clock(), random)
                .issuing(config, 1);
        ways.add(new ForbiddenWay("throw-away ca", minted(other, from.node()), name, TLS));
        NodeName stranger = stranger();
        ways.add(new ForbiddenWay("claimed name", genuine, stranger.toString(), TLS));
        issuing.ifPresent(authority ->
                ways.add(new ForbiddenWay("unlisted node", minted(authority, stranger), stranger.toString(), TLS)));
        return ways;
    }

    private DistributionProbe.Credentials minted(CertificateAuthority authority, NodeName node) {
        KeyPair pair = config.policy().key().generate(random);
        X509Certificate leaf = authority.node(config, node, pair.getPublic(), THROW_AWAY);
        return new DistributionProbe.Credentials(List.of(leaf, authority.certificate()), pair.getPrivate());
    }

    /** A node of our domain that nobody has. */
    private NodeName stranger() {
        String label = "unlisted-" + Integer.toHexString(random.nextInt(1 << 20));
        return new NodeName(label, label + "." + config.namespace().domain());
    }

    private NodeCertificate from(NodeName target) {
        if (request.from() != null) {
            return store.node(request.from());
        }
        Revocations revocations = store.revocations();
        return store.nodes().stream()
                .filter(node -> !node.node().equals(target))
                .filter(node -> !store.isKeyElsewhere(node) && !revocations.contains(node.certificate()))
                .findFirst()
                .orElseThrow(() -> new CertsException(
                                ErrorCode.KEY_ABSENT, target + ": there is no other node here to dial it as")
                        .hint("Issue a node for this: certs-tool node issue probe@probe."
                                + config.namespace().domain())
                        .about(target));
    }
}
