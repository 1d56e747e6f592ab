package io.hawser.certs;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What the machine with the root's key is asked to sign: an issuing CA, or the root's next CRL. A file of JSON, which holds
 * no secret. Reading one checks its form only; {@link RootSigning} decides whether to sign. Immutable.
 *
 * @param org the organisation
 * @param namespace what the issuing CA may name
 * @param root the root that shall sign
 * @param name {@code issuing-2} for a CA, or the root's own name for its CRL
 * @param life how long from the signature
 * @param pem the CA's certificate request, or the CRL before
 */
record RootRequest(String org, Namespace namespace, X509Certificate root, String name, Duration life, String pem) {
    static final int MAX_BYTES = 4 << 20;
    private static final String SCHEMA = "certs-tool/root-request-1";
    private static final String ANSWER = "certs-tool/root-answer-1";

    /** Whether it is for a CA; otherwise it is for a CRL. */
    boolean isForAuthority() {
        return name.startsWith("issuing-");
    }

    /** The number in an issuing CA's name. */
    int number() {
        return StoreLayout.numberOf(name).orElseThrow();
    }

    Csr csr() {
        return Csr.read(Pem.ascii(pem), name);
    }

    X509CRL crl() {
        return Pem.readCrl(Pem.ascii(pem), name);
    }

    byte[] file() {
        return Json.file(Json.object(
                "schema",
                SCHEMA,
                "org",
                org,
                "domain",
                namespace.domain(),
                "trustDomain",
                namespace.trustDomain(),
                "root",
                text(Pem.certificates(List.of(root))),
                "name",
                name,
                "life",
                LifeSpan.format(life),
                isForAuthority() ? "request" : "crl",
                pem));
    }

    static RootRequest read(byte[] file, String where) {
        JsonNode json = parse(file, where, SCHEMA, "'certs-tool ca issue-intermediate' and 'crl issue' write");
        try {
            String name = OrgConfig.text(json, "name");
            if (StoreLayout.numberOf(name).isEmpty()) {
                throw unreadable(where, "it names neither an issuing CA nor a root");
            }
            return new RootRequest(
                    Names.org(OrgConfig.text(json, "org")),
                    new Namespace(OrgConfig.text(json, "domain"), OrgConfig.text(json, "trustDomain")),
                    Pem.readCertificates(Pem.ascii(OrgConfig.text(json, "root")), where)
                            .get(0),
                    name,
                    LifeSpan.parse(OrgConfig.text(json, "life")),
                    OrgConfig.text(json, name.startsWith("issuing-") ? "request" : "crl"));
        } catch (CertsException e) {
            throw e.code() == ErrorCode.UNREADABLE ? e : unreadable(where, e.message());
        }
    }

    /** The file that goes back, with what the root signed. */
    byte[] answer(byte[] signed) {
        return Json.file(Json.object("schema", ANSWER, "org", org, "name", name, "signed", text(signed)));
    }

    /** What went back: the name, and what the root signed. */
    static Map.Entry<String, byte[]> readAnswer(byte[] file, String where) {
        JsonNode json = parse(file, where, ANSWER, "'certs-tool ca sign' writes");
        try {
            return Map.entry(OrgConfig.text(json, "name"), Pem.ascii(OrgConfig.text(json, "signed")));
        } catch (CertsException e) {
            throw unreadable(where, e.message());
        }
    }

    private static JsonNode parse(byte[] file, String where, String schema, String writer) {
        if (file.length > MAX_BYTES) {
            throw unreadable(where, "it is larger than " + MAX_BYTES + " bytes");
        }
        try {
            JsonNode json = TrustBundle.mapper().readTree(file);
            if (json.path("schema").asText().equals(schema)) {
                return json;
            }
        } catch (JacksonException e) {
            throw unreadable(where, "it is not JSON");
        } catch (IOException e) {
            throw unreadable(where, "it cannot be read");
        }
        throw unreadable(where, "it is not of the schema " + schema + ", which " + writer);
    }

    private static CertsException unreadable(String where, String why) {
        return new CertsException(ErrorCode.UNREADABLE, where + ": " + why).about(where);
    }

    static String text(byte[] ascii) {
        return new String(ascii, StandardCharsets.US_ASCII);
    }
}
