package io.hawser.certs;

import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * Tells what each runtime of a mesh makes of certificates, without a connection: the JDK and Bouncy Castle by their own
 * validation, OTP and OpenSSL by rules measured on them, or by themselves when asked to. Not thread-safe; used by one caller at
 * a time.
 */
public final class Verifier {
    private final OrgStore store;
    private final VerifyRequest request;
    private final Instant now;
    private final Provider jdk = Objects.requireNonNull(Security.getProvider("SUN"), "this JDK has no provider SUN");
    private final Provider bouncyCastle = new BouncyCastleProvider();
    private final Optional<LiveOtp> otp;
    private final Optional<LiveOpenssl> openssl;

    /**
     * Judges for one request.
     *
     * @param store the organisation; need not exist when roots are given and no nodes
     * @param request what is judged, and by whom
     */
    public Verifier(OrgStore store, VerifyRequest request) {
        this.store = store;
        this.request = request;
        this.now = store.options().clock().instant();
        this.otp = request.live() ? LiveOtp.find() : Optional.empty();
        this.openssl = request.live() ? LiveOpenssl.find() : Optional.empty();
    }

    /**
     * Has everything judged.
     *
     * @return for each node, then each file, one verdict of each runtime
     * @throws CertsException if a node or partner is not known, or a file holds no certificate
     */
    public List<Verdict> run() {
        var verdicts = new ArrayList<Verdict>();
        for (NodeName name : request.nodes()) {
            NodeCertificate node = store.node(name);
            verdicts.addAll(judge(name.toString(), true, own(node)));
        }
        new TreeMap<>(request.files())
                .forEach((where, content) -> verdicts.addAll(judge(where, false, foreign(where, content))));
        return verdicts;
    }

    private Presented own(NodeCertificate node) {
        if (request.against() == null) {
            return new Presented(node.node().host(), node.chain(), store.roots(), List.of(), store.crls(), now);
        }
        return seenBy(partner(request.against()), node);
    }

    /** As the partner's nodes see it: our root fenced below theirs, here by a root made for this, as theirs is not ours to use. */
    private Presented seenBy(Partner partner, NodeCertificate node) {
        OrgConfig config = store.config();
        Clock clock = Clock.fixed(now, ZoneOffset.UTC);
        var theirs = new OrgConfig(partner.org(), partner.namespace(), OrgPolicy.defaults());
        CertificateAuthority root = CertificateAuthority.root(theirs, 1, clock, new SecureRandom());
        List<X509Certificate> crosses = store.roots().stream()
                .map(each -> root.cross(each, config.namespace(), Duration.ofDays(1)))
                .toList();
        var crls = new ArrayList<>(store.crls());
        crls.add(new CrlIssuer(root).first(Duration.ofDays(1)));
        return new Presented(node.node().host(), node.chain(), List.of(root.certificate()), crosses, crls, now);
    }

    private Presented foreign(String where, byte[] content) {
        List<X509Certificate> chain = Pem.readCertificates(content, where);
        String host = request.host() == null ? host(chain.get(0)) : request.host();
        if (!request.trust().isEmpty()) {
            var roots = new ArrayList<X509Certificate>();
            request.trust().forEach((file, pem) -> roots.addAll(Pem.readCertificates(pem, file)));
            return new Presented(host, chain, roots, List.of(), List.of(), now);
        }
        List<Partner> partners =
                request.against() == null ? new TrustStore(store).partners() : List.of(partner(request.against()));
        List<X509Certificate> crosses =
                partners.stream().flatMap(partner -> partner.cross().stream()).toList();
        List<X509CRL> crls = new ArrayList<>(store.crls());
        partners.forEach(partner -> crls.addAll(partner.crls()));
        return new Presented(host, chain, store.roots(), crosses, crls, now);
    }

    private static String host(X509Certificate leaf) {
        return Identities.node(leaf)
                .map(NodeName::host)
                .or(() -> Identities.dnsNames(leaf).stream().findFirst())
                .or(() -> Identities.commonName(leaf))
                .orElse("");
    }

    private Partner partner(String org) {
        return new TrustStore(store)
                .partners().stream()
                        .filter(partner -> partner.org().equals(org))
                        .findFirst()
                        .orElseThrow(() -> new CertsException(
                                        ErrorCode.PARTNER_UNKNOWN, "there is no partner " + Names.printable(org))
                                .hint("'certs-tool trust list' prints those there are"));
    }

    private List<Verdict> judge(String subject, boolean node, Presented presented) {
        Optional<String> outside =
                presented.path().flatMap(path -> OpensslConstraints.refusal(path.authoritiesDown(), presented.leaf()));
        return request.judges().stream()
                .map(judge -> judge(subject, node, presented, judge, outside))
                .toList();
    }

    private Verdict judge(String subject, boolean node, Presented presented, Judge judge, Optional<String> outside) {
        boolean live = judge == Judge.JDK17
                || judge == Judge.BC
                || (judge == Judge.OPENSSL && openssl.isPresent())
                || otp.filter(real -> real.judge() == judge).isPresent();
        for (Role role : Role.values()) {
            Optional<Refusal> refusal = refusal(judge, presented, role);
            if (refusal.isPresent()) {
                String hint = refusal.get().hint(subject, node);
                return new Verdict(
                        subject, judge, false, role + ": " + refusal.get().reason(), live, hint);
            }
        }
        return outside.map(names -> new Verdict(
                        subject, judge, true, "does not notice that " + names, live, "certs-tool lint " + subject))
                .orElseGet(() -> new Verdict(subject, judge, true, "", live, ""));
    }

    private Optional<Refusal> refusal(Judge judge, Presented presented, Role role) {
        return switch (judge) {
            case JDK17 -> new ProviderJudge(jdk, presented).refusal(role);
            case BC ->
                new ProviderJudge(bouncyCastle, presented)
                        .refusal(role)
                        .map(said -> new Refusal(kind(presented, role), said.reason())); // it does not say of what kind
            case OPENSSL ->
                openssl.isPresent()
                        ? openssl.get().refusal(presented, role)
                        : new RuntimeRules(judge, presented, Optional.empty()).refusal(role);
            case OTP25, OTP27 ->
                new RuntimeRules(judge, presented, otp.filter(real -> real.judge() == judge)).refusal(role);
        };
    }

    private static Refusal.Kind kind(Presented presented, Role role) {
        return new RuntimeRules(Judge.OPENSSL, presented, Optional.empty())
                .refusal(role)
                .map(Refusal::kind)
                .orElse(Refusal.Kind.OTHER);
    }
}
