package io.hawser.certs;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A root's next CRL: with what the one before lists, and further certificates, each of which the request holds, so that a
 * person sees whom it is about and the root finds its own signature.
 *
 * @param crl the CRL before, in PEM
 * @param further what is revoked from now on
 */
record CrlTask(String crl, Map<X509Certificate, RevocationReason> further) implements RootTask {
    static final String KEY = "crl";
    private static final int MAX_FURTHER = 256;

    CrlTask {
        further = Collections.unmodifiableMap(new LinkedHashMap<>(further));
    }

    static CrlTask read(JsonNode json, String where) {
        var further = new LinkedHashMap<X509Certificate, RevocationReason>();
        JsonNode list = json.path("revoke");
        if (!list.isMissingNode() && (!list.isArray() || list.size() > MAX_FURTHER)) {
            throw new CertsException(
                    ErrorCode.UNREADABLE, where + ": 'revoke' is not a list of at most " + MAX_FURTHER);
        }
        for (JsonNode each : list) {
            further.put(
                    Pem.readCertificates(Pem.ascii(OrgConfig.text(each, "certificate")), where)
                            .get(0),
                    RevocationReason.parse(OrgConfig.text(each, "reason")));
        }
        return new CrlTask(OrgConfig.text(json, KEY), further);
    }

    X509CRL before() {
        return Pem.readCrl(Pem.ascii(crl), "the CRL before");
    }

    /** Those certificates by their numbers, as {@link CrlIssuer} wants them. */
    Map<BigInteger, RevocationReason> serials() {
        return serials(further);
    }

    static Map<BigInteger, RevocationReason> serials(Map<X509Certificate, RevocationReason> certificates) {
        var serials = new LinkedHashMap<BigInteger, RevocationReason>();
        certificates.forEach((certificate, reason) -> serials.put(certificate.getSerialNumber(), reason));
        return serials;
    }

    @Override
    public Map<String, Object> describe() {
        Map<String, Object> described = Json.object(KEY, crl);
        if (!further.isEmpty()) {
            var revoke = new ArrayList<Map<String, Object>>();
            further.forEach((certificate, reason) -> revoke.add(Json.object(
                    "certificate",
                    RootRequest.text(Pem.certificates(List.of(certificate))),
                    "reason",
                    reason.label())));
            described.put("revoke", revoke);
        }
        return described;
    }

    @Override
    public Optional<String> objection(RootRequest request, Instant now) {
        try {
            before().verify(request.root().getPublicKey());
        } catch (GeneralSecurityException e) {
            return RootTask.because(KEY, "is not the root's");
        }
        return further.keySet().stream().allMatch(each -> RootTask.isSignedBy(each, request.root()))
                ? Optional.empty()
                : RootTask.because("revoke", "names a certificate that the root did not sign");
    }

    @Override
    public Map<String, String> fields(RootRequest request, Instant now) {
        var fields = new LinkedHashMap<String, String>();
        X509CRL before = before();
        int revoked = before.getRevokedCertificates() == null
                ? 0
                : before.getRevokedCertificates().size();
        fields.put("signs", "the CRL of " + request.name() + " after number " + CrlIssuer.number(before));
        fields.put("revokes", revoked + " certificates, those of the CRL before");
        further.forEach((certificate, reason) -> fields.put(
                "revokes now " + certificate.getSerialNumber().toString(16),
                Names.printable(certificate.getSubjectX500Principal().getName()) + " (" + reason.label() + ")"));
        fields.put("until", now.plus(request.life()).toString());
        return fields;
    }

    @Override
    public String fingerprint() {
        return "";
    }

    @Override
    public byte[] sign(RootRequest request, CertificateAuthority root) {
        return Pem.crls(List.of(new CrlIssuer(root).next(before(), serials(), request.life())));
    }

    @Override
    public boolean isAnsweredBy(RootRequest request, byte[] signed, String where) throws GeneralSecurityException {
        X509CRL next = Pem.readCrl(signed, where);
        next.verify(request.root().getPublicKey());
        return CrlIssuer.number(next).equals(CrlIssuer.number(before()).add(BigInteger.ONE))
                && further.keySet().stream().allMatch(next::isRevoked);
    }
}
