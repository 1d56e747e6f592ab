package io.hawser.certs;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.style.BCStyle;

/**
 * What the machine with the root's key is asked to sign: an issuing CA, the root's next CRL, or roots to be fenced below it. A
 * file of JSON, which holds no secret. Reading one checks its form only; {@link RootSigning} decides whether to sign.
 * Immutable.
 *
 * @param org the organisation
 * @param namespace what the organisation may name
 * @param root the root that shall sign
 * @param name {@code issuing-2} for a CA, the root's own name for its CRL, {@code cross-orgb-root-1} for the roots of a
 *     partner, {@code link-root-2} for the organisation's next root
 * @param life how long from the signature
 * @param task what shall be signed
 */
record RootRequest(String org, Namespace namespace, X509Certificate root, String name, Duration life, RootTask task) {
    static final int MAX_BYTES = 4 << 20;
    private static final String SCHEMA = "certs-tool/root-request-1";
    private static final String ANSWER = "certs-tool/root-answer-1";
    static final String LINK = "link-";
    private static final String CROSS = "cross-";
    private static final Pattern NAME =
            Pattern.compile("((?:link-)?root|issuing)-([0-9]{1,9})|cross-[a-z0-9][a-z0-9._-]{0,39}-root-[0-9]{1,9}");
    private static final Pattern ROOT_NAME = Pattern.compile(".* Distribution Root ([0-9]{1,9})");

    /** The name of a request for the roots of a partner. */
    static String crossName(Path partner, String root) {
        return CROSS + partner.getFileName() + "-" + root;
    }

    /** The name of a request for the next root. */
    static String linkName(String root) {
        return LINK + root;
    }

    static boolean isForCross(String name) {
        return name.startsWith(CROSS) && NAME.matcher(name).matches();
    }

    boolean isForLink() {
        return name.startsWith(LINK);
    }

    /** The number in the name of an issuing CA or a next root. */
    int number() {
        Matcher matcher = NAME.matcher(name);
        return matcher.matches() && matcher.group(2) != null ? Integer.parseInt(matcher.group(2)) : 0;
    }

    /** The name of the root that shall sign, as its certificate tells. */
    String rootName() {
        RDN[] names = CertificateAuthority.subject(root).getRDNs(BCStyle.CN);
        Matcher matcher = ROOT_NAME.matcher(
                names.length == 1 ? names[0].getFirst().getValue().toString() : "");
        return "root-" + (matcher.matches() ? Integer.parseInt(matcher.group(1)) : 1);
    }

    /** Only what names and constraints are made of. */
    OrgConfig config() {
        return new OrgConfig(org, namespace, OrgPolicy.defaults());
    }

    byte[] file() {
        Map<String, Object> content = Json.object(
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
                LifeSpan.format(life));
        content.putAll(task.describe());
        return Json.file(content);
    }

    static RootRequest read(byte[] file, String where) {
        JsonNode json = parse(file, where, SCHEMA, "'certs-tool ca issue-intermediate' and others write");
        try {
            String name = OrgConfig.text(json, "name");
            if (!NAME.matcher(name).matches()) {
                throw unreadable(where, "it names nothing that a root signs");
            }
            return new RootRequest(
                    Names.org(OrgConfig.text(json, "org")),
                    new Namespace(OrgConfig.text(json, "domain"), OrgConfig.text(json, "trustDomain")),
                    Pem.readCertificates(Pem.ascii(OrgConfig.text(json, "root")), where)
                            .get(0),
                    name,
                    LifeSpan.parse(OrgConfig.text(json, "life")),
                    task(json, name, where));
        } catch (CertsException e) {
            throw e.code() == ErrorCode.UNREADABLE ? e : unreadable(where, e.message());
        }
    }

    private static RootTask task(JsonNode json, String name, String where) {
        if (name.startsWith("issuing-")) {
            return new AuthorityTask(OrgConfig.text(json, AuthorityTask.KEY));
        }
        return name.startsWith("root-") ? CrlTask.read(json, where) : CrossTask.read(json, where);
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
