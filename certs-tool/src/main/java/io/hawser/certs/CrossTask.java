package io.hawser.certs;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/**
 * Roots that a root shall fence below itself: those of a partner, or the organisation's own next one, so that partners
 * follow it.
 *
 * <p>What the organisation itself may name is not taken from the request's word: an issuing CA that the same root signed
 * says it, by its constraints. A fence that overlaps that is refused.
 *
 * @param org whose roots they are
 * @param fence what they may name
 * @param roots the roots
 * @param issuing an issuing CA of the organisation that asks, signed by the root that is asked
 * @param replaced numbers of cross-certificates that are there already; an answer with one of them is an older one
 */
record CrossTask(
        String org, Namespace fence, List<X509Certificate> roots, X509Certificate issuing, List<BigInteger> replaced)
        implements RootTask {
    static final String KEY = "cross";
    private static final int MAX_ROOTS = 8;
    private static final int MAX_REPLACED = 64;

    CrossTask {
        roots = List.copyOf(roots);
        replaced = List.copyOf(replaced);
    }

    static CrossTask read(JsonNode json, String where) {
        JsonNode cross = json.path(KEY);
        List<X509Certificate> roots = Pem.readCertificates(Pem.ascii(OrgConfig.text(cross, "roots")), where);
        JsonNode replaced = cross.path("replaces");
        if (roots.size() > MAX_ROOTS || !replaced.isArray() || replaced.size() > MAX_REPLACED) {
            throw new CertsException(ErrorCode.UNREADABLE, where + ": 'cross' holds more than it may");
        }
        var serials = new ArrayList<BigInteger>();
        for (JsonNode serial : replaced) {
            if (!serial.asText().matches("[0-9a-f]{1,40}")) {
                throw new CertsException(ErrorCode.UNREADABLE, where + ": 'replaces' holds what is no serial number");
            }
            serials.add(new BigInteger(serial.asText(), 16));
        }
        return new CrossTask(
                Names.org(OrgConfig.text(cross, "org")),
                new Namespace(OrgConfig.text(cross, "domain"), OrgConfig.text(cross, "trustDomain")),
                roots,
                Pem.readCertificates(Pem.ascii(OrgConfig.text(cross, "issuing")), where)
                        .get(0),
                serials);
    }

    @Override
    public Map<String, Object> describe() {
        return Json.object(
                KEY,
                Json.object(
                        "org",
                        org,
                        "domain",
                        fence.domain(),
                        "trustDomain",
                        fence.trustDomain(),
                        "roots",
                        RootRequest.text(Pem.certificates(roots)),
                        "issuing",
                        RootRequest.text(Pem.certificates(List.of(issuing))),
                        "replaces",
                        replaced.stream().map(serial -> serial.toString(16)).toList()));
    }

    /** Whether it is the organisation's own next root. */
    private boolean isLink(RootRequest request) {
        return org.equals(request.org());
    }

    @Override
    public Optional<String> objection(RootRequest request, Instant now) {
        X509Certificate own = request.root();
        if (!RootTask.isSignedBy(issuing, own)
                || issuing.getBasicConstraints() != 0
                || !organisation(issuing).equals(Optional.of(request.org()))
                || !CertificateAuthority.isFencedTo(issuing, request.namespace())) {
            return RootTask.because("domain", "is not what the root gave the issuing CA of " + request.org());
        }
        if (request.isForLink() != isLink(request)) {
            return RootTask.because("name", "does not go with the organisation whose root is to be signed");
        }
        for (X509Certificate root : roots) {
            if (!RootTask.isRoot(root, now)
                    || Csr.acceptable(SubjectPublicKeyInfo.getInstance(
                                    root.getPublicKey().getEncoded()))
                            .isEmpty()) {
                return RootTask.because("cross", "holds what is no root with a strong key, or has ended");
            }
            if (root.getPublicKey().equals(own.getPublicKey())
                    || root.getSubjectX500Principal().equals(own.getSubjectX500Principal())) {
                return RootTask.because("cross", "holds the root's own name or key");
            }
        }
        return isLink(request) ? linkObjection(request) : fenceObjection(request);
    }

    private Optional<String> linkObjection(RootRequest request) {
        boolean next = roots.size() == 1
                && CertificateAuthority.subject(roots.get(0))
                        .equals(CertificateAuthority.authorityName(request.config(), "Root", request.number()));
        return next && fence.equals(request.namespace())
                ? Optional.empty()
                : RootTask.because("cross", "is not one next root of " + request.org());
    }

    private Optional<String> fenceObjection(RootRequest request) {
        if (fence.overlaps(request.namespace())) {
            return RootTask.because("fence", fence.domain() + " overlaps " + request.org() + "'s own names");
        }
        return roots.stream().anyMatch(root -> organisation(root).equals(Optional.of(request.org())))
                ? RootTask.because("cross", "holds a root that names itself " + request.org())
                : Optional.empty();
    }

    private static Optional<String> organisation(X509Certificate certificate) {
        RDN[] names = CertificateAuthority.subject(certificate).getRDNs(BCStyle.O);
        return names.length == 1 ? Optional.of(names[0].getFirst().getValue().toString()) : Optional.empty();
    }

    static String names(Namespace namespace) {
        return "hosts of " + namespace.domain() + ", URIs of " + namespace.trustDomain();
    }

    @Override
    public Map<String, String> fields(RootRequest request, Instant now) {
        var fields = new LinkedHashMap<String, String>();
        fields.put(
                "signs",
                isLink(request)
                        ? "the next root of " + org + " itself; whoever has its key can be any node of " + org
                        : "the root of the partner " + org + ", behind a fence");
        fields.put(isLink(request) ? "next root" : "partner's root", fingerprint());
        fields.put("may name", names(fence));
        fields.put(
                "until",
                roots.stream()
                        .map(root -> CertificateAuthority.crossEnd(request.root(), root, now, request.life())
                                .toString())
                        .distinct()
                        .collect(Collectors.joining(", ")));
        return fields;
    }

    @Override
    public String fingerprint() {
        return roots.stream().map(Fingerprints::of).collect(Collectors.joining(", "));
    }

    @Override
    public byte[] sign(RootRequest request, CertificateAuthority root) {
        return Pem.certificates(roots.stream()
                .map(each -> root.cross(each, fence, request.life()))
                .toList());
    }

    @Override
    public boolean isAnsweredBy(RootRequest request, byte[] signed, String where) {
        return problem(request.root(), Pem.readCertificates(signed, where)).isEmpty();
    }

    /** Why certificates are not what was asked for, neither more nor less; empty when they are. */
    Optional<String> problem(X509Certificate own, List<X509Certificate> signed) {
        if (signed.size() != roots.size()) {
            return Optional.of("holds " + signed.size() + " certificates (expected: " + roots.size() + ")");
        }
        for (int i = 0; i < signed.size(); i++) {
            X509Certificate cross = signed.get(i);
            X509Certificate root = roots.get(i);
            if (!RootTask.isSignedBy(cross, own)) {
                return Optional.of("is not signed by the root that was asked");
            }
            if (!cross.getPublicKey().equals(root.getPublicKey())
                    || !cross.getSubjectX500Principal().equals(root.getSubjectX500Principal())) {
                return Optional.of("is for another root than " + Fingerprints.of(root));
            }
            if (!CertificateAuthority.isFencedTo(cross, fence)
                    || cross.getBasicConstraints() != 1
                    || cross.getKeyUsage() == null
                    || !cross.getKeyUsage()[5]) {
                return Optional.of("has another fence, path length or key usage");
            }
            if (replaced.contains(cross.getSerialNumber())) {
                return Optional.of("is an older one, which it should replace");
            }
        }
        return Optional.empty();
    }
}
