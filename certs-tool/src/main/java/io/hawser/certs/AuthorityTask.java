package io.hawser.certs;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An issuing CA that a root shall sign.
 *
 * @param request the CA's certificate request, in PEM
 */
record AuthorityTask(String request) implements RootTask {
    static final String KEY = "request";

    Csr csr() {
        return Csr.read(Pem.ascii(request), "the request");
    }

    PublicKey publicKey() {
        return csr().acceptableKey()
                .orElseThrow(
                        () -> new CertsException(ErrorCode.UNREADABLE, "the request holds no key that a CA may have"));
    }

    @Override
    public Map<String, Object> describe() {
        return Json.object(KEY, request);
    }

    @Override
    public Optional<String> objection(RootRequest asked, Instant now) {
        Csr csr = csr();
        Optional<PublicKey> key = csr.acceptableKey();
        if (key.isEmpty()) {
            return RootTask.because("key", csr.keyDescription());
        }
        if (key.get().equals(asked.root().getPublicKey())) {
            return RootTask.because("key", "is the root's own");
        }
        return csr.isSignedBy(key.get())
                ? Optional.empty()
                : RootTask.because("signature", "was not made with the key that it asks for");
    }

    @Override
    public Map<String, String> fields(RootRequest asked, Instant now) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("signs", "the issuing CA " + asked.name());
        fields.put(
                "subject",
                CertificateAuthority.authorityName(asked.config(), "Issuing", asked.number())
                        .toString());
        fields.put("may name", CrossTask.names(asked.namespace()));
        fields.put("key", csr().keyDescription() + ", " + fingerprint());
        fields.put(
                "until",
                CertificateAuthority.end(asked.root(), now, asked.life()).toString());
        return fields;
    }

    @Override
    public String fingerprint() {
        return RootSigning.fingerprint(publicKey());
    }

    @Override
    public byte[] sign(RootRequest asked, CertificateAuthority root) {
        return Pem.certificates(List.of(root.issuing(asked.config(), asked.number(), publicKey(), asked.life())));
    }

    @Override
    public boolean isAnsweredBy(RootRequest asked, byte[] signed, String where) {
        X509Certificate issued = Pem.readCertificates(signed, where).get(0);
        return RootTask.isSignedBy(issued, asked.root())
                && issued.getPublicKey().equals(publicKey());
    }
}
