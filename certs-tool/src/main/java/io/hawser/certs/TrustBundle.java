package io.hawser.certs;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What one organisation tells another: its names, roots, issuing CAs, CRLs and nodes, its newer roots as older ones signed
 * them, numbered and signed by its issuing CA. Reading one checks its form only; {@link BundleVerifier} decides whether to believe it. Immutable.
 *
 * <p>The file is a JSON object with the content as base64, so that exactly the signed bytes are read. The signature covers
 * a line that no certificate or CRL can begin with, then those bytes.
 */
record TrustBundle(
        String org,
        Namespace namespace,
        long sequence,
        Instant issued,
        List<X509Certificate> roots,
        List<X509Certificate> issuing,
        List<X509Certificate> links,
        List<X509CRL> crls,
        List<NodeName> nodes,
        Sealed sealed) {
    static final int MAX_BYTES = 4 << 20;
    private static final String SCHEMA = "certs-tool/bundle-1";
    private static final int MAX_AUTHORITIES = 8;
    private static final int MAX_NODES = 20_000;
    private static final byte[] DOMAIN = (SCHEMA + "\n").getBytes(StandardCharsets.US_ASCII);

    /** What was signed, how, and the whole file. */
    @SuppressWarnings("ArrayRecordComponent") // carried, never compared
    record Sealed(byte[] payload, byte[] signature, byte[] file) {}

    TrustBundle {
        roots = List.copyOf(roots);
        issuing = List.copyOf(issuing);
        links = List.copyOf(links);
        crls = List.copyOf(crls);
        nodes = List.copyOf(nodes);
    }

    /** The content, before it is numbered and signed. */
    static Map<String, Object> content(OrgConfig config, OrgStore store, Roster roster) {
        Map<String, Object> content = Json.object(
                "org",
                config.org(),
                "domain",
                config.namespace().domain(),
                "trustDomain",
                config.namespace().trustDomain());
        var roots = new ArrayList<String>();
        var issuing = new ArrayList<String>();
        var crls = new ArrayList<String>();
        for (AuthorityRecord authority : store.authorities()) {
            String pem = text(Pem.certificates(List.of(authority.certificate())));
            (authority.isRoot() ? roots : issuing).add(pem);
            crls.add(text(Pem.crls(List.of(authority.crl()))));
        }
        content.put("roots", roots);
        content.put("issuing", issuing);
        List<String> links = store.links().stream()
                .map(link -> text(Pem.certificates(List.of(link))))
                .toList();
        if (!links.isEmpty()) {
            content.put("links", links);
        }
        content.put("crls", crls);
        content.put(
                "nodes",
                roster.nodes().keySet().stream().map(NodeName::toString).toList());
        return content;
    }

    /** Numbers and signs content. */
    static TrustBundle seal(Map<String, Object> content, long sequence, Instant now, CertificateAuthority signer) {
        content.put("sequence", sequence);
        content.put("issued", now.toString());
        byte[] payload = Json.file(content);
        byte[] signature = signer.signBundle(DOMAIN, payload);
        Base64.Encoder base64 = Base64.getEncoder();
        byte[] file = Json.file(Json.object(
                "schema", SCHEMA,
                "org", String.valueOf(content.get("org")),
                "sequence", sequence,
                "payload", base64.encodeToString(payload),
                "signature", base64.encodeToString(signature)));
        return read(file, "new bundle");
    }

    /** Whether the content of this bundle is the same, whatever its number and time. */
    boolean says(Map<String, Object> content) {
        try {
            var mapper = new ObjectMapper();
            JsonNode mine = mapper.readTree(sealed.payload());
            JsonNode other = mapper.valueToTree(content);
            return content.keySet().stream().allMatch(key -> mine.path(key).equals(other.path(key)));
        } catch (IOException e) {
            return false;
        }
    }

    boolean isSignedBy(X509Certificate signer) {
        try {
            Signature signature =
                    Signature.getInstance(KeyKind.of(signer.getPublicKey()).signature());
            signature.initVerify(signer.getPublicKey());
            signature.update(DOMAIN);
            signature.update(sealed.payload());
            return signature.verify(sealed.signature());
        } catch (GeneralSecurityException e) {
            return false; // not made with this kind of key
        }
    }

    static TrustBundle read(byte[] file, String where) {
        if (file.length > MAX_BYTES) {
            throw invalid(where, "larger than " + MAX_BYTES + " bytes");
        }
        try {
            JsonNode outer = mapper().readTree(file);
            if (!outer.path("schema").asText().equals(SCHEMA)) {
                throw invalid(where, "is not a bundle (expected: a JSON object with the schema " + SCHEMA + ")");
            }
            byte[] payload = base64(outer, "payload", where);
            byte[] signature = base64(outer, "signature", where);
            JsonNode inner = mapper().readTree(payload);
            if (!outer.path("org").equals(inner.path("org"))
                    || !outer.path("sequence").equals(inner.path("sequence"))) {
                throw invalid(where, "says outside that it is another than it says inside");
            }
            var namespace = new Namespace(text(inner, "domain", where), text(inner, "trustDomain", where));
            return new TrustBundle(
                    Names.org(text(inner, "org", where)),
                    namespace,
                    sequence(inner, where),
                    Instant.parse(text(inner, "issued", where)),
                    list(inner, "roots", MAX_AUTHORITIES, where, pem -> certificate(pem, where)),
                    list(inner, "issuing", MAX_AUTHORITIES, where, pem -> certificate(pem, where)),
                    inner.has("links")
                            ? list(inner, "links", MAX_AUTHORITIES, where, pem -> certificate(pem, where))
                            : List.of(),
                    list(inner, "crls", 2 * MAX_AUTHORITIES, where, pem -> Pem.readCrl(Pem.ascii(pem), where)),
                    list(inner, "nodes", MAX_NODES, where, name -> {
                        NodeName node = NodeName.parse(name);
                        namespace.uri(node);
                        return node;
                    }),
                    new Sealed(payload, signature, file.clone()));
        } catch (JacksonException e) {
            throw invalid(where, "is not JSON");
        } catch (CertsException e) {
            if (e.code() == ErrorCode.BUNDLE_INVALID) {
                throw e;
            }
            String prefix = where + ": ";
            throw invalid(where, e.message().startsWith(prefix) ? e.message().substring(prefix.length()) : e.message());
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            throw invalid(where, "cannot be read");
        }
    }

    /** One text for each value: bits that a decoder would ignore are refused. */
    private static byte[] base64(JsonNode outer, String key, String where) {
        String text = text(outer, key, where);
        byte[] bytes = Base64.getDecoder().decode(text);
        if (!Base64.getEncoder().encodeToString(bytes).equals(text)) {
            throw invalid(where, "'" + key + "' is not base64");
        }
        return bytes;
    }

    static ObjectMapper mapper() {
        return new ObjectMapper(JsonFactory.builder()
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxStringLength(MAX_BYTES)
                                .maxNestingDepth(8)
                                .build())
                        .build())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    private static long sequence(JsonNode inner, String where) {
        JsonNode sequence = inner.path("sequence");
        if (!sequence.isIntegralNumber() || !sequence.canConvertToLong() || sequence.asLong() < 1) {
            throw invalid(where, "has no sequence number above 0");
        }
        return sequence.asLong();
    }

    private static X509Certificate certificate(String pem, String where) {
        return Pem.readCertificates(Pem.ascii(pem), where).get(0);
    }

    private static <T> List<T> list(JsonNode inner, String key, int limit, String where, Function<String, T> read) {
        JsonNode list = inner.path(key);
        if (!list.isArray() || list.size() > limit) {
            throw invalid(where, "'" + key + "' is not a list of at most " + limit);
        }
        var values = new ArrayList<T>();
        for (JsonNode item : list) {
            values.add(read.apply(item.asText()));
        }
        return values;
    }

    private static String text(JsonNode node, String key, String where) {
        JsonNode value = node.path(key);
        if (!value.isTextual()) {
            throw invalid(where, "'" + key + "' is missing");
        }
        return value.asText();
    }

    private static String text(byte[] ascii) {
        return new String(ascii, StandardCharsets.US_ASCII);
    }

    static CertsException invalid(String where, String why) {
        return new CertsException(ErrorCode.BUNDLE_INVALID, where + ": " + why)
                .hint("Ask the partner for the file that 'certs-tool trust export' writes")
                .about(where);
    }
}
