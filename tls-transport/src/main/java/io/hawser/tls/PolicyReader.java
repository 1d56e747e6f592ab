package io.hawser.tls;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.hawser.term.Printable;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code policy.json}. A field that is not known is an error: it could be a restriction that this version does not
 * enforce. Not thread-safe; reads one file.
 */
final class PolicyReader {
    private static final String SCHEMA = "certs-tool/policy-1";
    private static final int MAX_TEXT = 4096;
    private static final int MAX_DEPTH = 8;
    private static final Pattern LIFE = Pattern.compile("(0|[1-9][0-9]{0,5})([smhdwy])");
    private static final Pattern FINGERPRINT = Pattern.compile("SHA256:[0-9a-f]{64}");
    private static final Pattern SERIAL = Pattern.compile("[0-9A-Fa-f]{1,64}");
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(MAX_TEXT)
                    .maxNameLength(MAX_TEXT)
                    .maxNestingDepth(MAX_DEPTH)
                    .build())
            .build();

    private final Path file;
    private final JsonParser json;

    private PolicyReader(Path file, JsonParser json) {
        this.file = file;
        this.json = json;
    }

    static PolicyFile read(Path file, byte[] bytes) {
        try (JsonParser json = JSON.createParser(bytes)) {
            var reader = new PolicyReader(file, json);
            json.nextToken();
            PolicyFile policy = reader.policy();
            if (json.nextToken() != null) {
                throw reader.unfit("something follows the object", "one object");
            }
            return policy;
        } catch (JsonProcessingException e) {
            throw new TlsConfigurationException(
                    file + ": not JSON of a policy: " + Printable.of(e.getOriginalMessage()) + at(e), e);
        } catch (IOException e) {
            throw new TlsConfigurationException(file + ": cannot be read: " + e, e);
        }
    }

    private static String at(JsonProcessingException e) {
        return e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr();
    }

    private PolicyFile policy() throws IOException {
        var texts = new HashMap<String, String>();
        var anchors = new ArrayList<PolicyFile.Anchor>();
        var roster = new HashSet<String>();
        var serials = new HashSet<DenyList.Serial>();
        var keys = new HashSet<String>();
        var lists = new HashSet<String>();
        object("the policy", name -> {
            switch (name) {
                case "schema", "node", "uri", "maxNodeLife", "crlGrace" -> texts.put(name, text(name));
                case "anchors" -> list(name, () -> anchors.add(anchor()));
                case "roster" -> list(name, () -> roster.add(member()));
                case "denied" -> list(name, () -> deny(serials, keys));
                default -> throw unknown(name);
            }
            if (json.currentToken() == JsonToken.END_ARRAY) {
                lists.add(name);
            }
        });
        String schema = required(texts, "schema", "the policy");
        if (!schema.equals(SCHEMA)) {
            throw unfit("schema is " + Printable.of(schema), SCHEMA);
        }
        for (String name : List.of("anchors", "roster", "denied")) {
            if (!lists.contains(name)) {
                throw unfit(name + " is missing", "a list");
            }
        }
        if (roster.isEmpty()) {
            throw unfit("the roster is empty", "the nodes there are, this one at least");
        }
        return new PolicyFile(
                required(texts, "node", "the policy"),
                required(texts, "uri", "the policy"),
                life("maxNodeLife", required(texts, "maxNodeLife", "the policy")),
                life("crlGrace", texts.getOrDefault("crlGrace", "0s")),
                anchors,
                roster,
                new DenyList(serials, keys));
    }

    private PolicyFile.Anchor anchor() throws IOException {
        Map<String, String> fields = texts("an anchor", Set.of("org", "kind", "fingerprint", "domain", "trustDomain"));
        String kind = required(fields, "kind", "an anchor");
        String fingerprint = required(fields, "fingerprint", "an anchor");
        if (!FINGERPRINT.matcher(fingerprint).matches()) {
            throw unfit("an anchor's fingerprint is " + Printable.of(fingerprint), "SHA256: and 64 hexadecimal digits");
        }
        var namespace = new Namespace(
                Printable.of(required(fields, "org", "an anchor")),
                required(fields, "domain", "an anchor"),
                required(fields, "trustDomain", "an anchor"));
        return new PolicyFile.Anchor(
                switch (kind) {
                    case "own" -> PolicyFile.Kind.OWN;
                    case "partner" -> PolicyFile.Kind.PARTNER;
                    default -> throw unfit("an anchor's kind is " + Printable.of(kind), "own or partner");
                },
                fingerprint,
                namespace);
    }

    private String member() throws IOException {
        Map<String, String> fields = texts("a node of the roster", Set.of("node", "uri", "org"));
        String uri = required(fields, "uri", "a node of the roster");
        String node = required(fields, "node", "a node of the roster");
        boolean fits = SpiffeName.parse(uri)
                .map(name -> name.node().toString().equals(node))
                .orElse(false);
        if (!fits) {
            throw unfit("the roster has " + Printable.of(node) + " as " + Printable.of(uri), "the node's own URI");
        }
        return uri;
    }

    /** Either issuer and serial number, or a public key. Who it was, when and why is for people. */
    private void deny(Set<DenyList.Serial> serials, Set<String> keys) throws IOException {
        Map<String, String> fields =
                texts("a denied certificate", Set.of("issuer", "serial", "spki", "node", "uri", "reason", "time"));
        String issuer = fields.get("issuer");
        String serial = fields.get("serial");
        String key = fields.get("spki");
        if ((issuer == null) != (serial == null) || (issuer == null) == (key == null)) {
            throw unfit("a denied certificate has " + fields.keySet(), "issuer and serial, or spki");
        }
        if (key != null) {
            if (!FINGERPRINT.matcher(key).matches()) {
                throw unfit("a denied spki is " + Printable.of(key), "SHA256: and 64 hexadecimal digits");
            }
            keys.add(key);
        } else if (serial != null && issuer != null) {
            serials.add(serial(issuer, serial));
        }
    }

    private DenyList.Serial serial(String issuer, String serial) {
        if (!SERIAL.matcher(serial).matches()) {
            throw unfit("a denied serial is " + Printable.of(serial), "hexadecimal digits");
        }
        try {
            return new DenyList.Serial(new X500Principal(issuer), new BigInteger(serial, 16));
        } catch (IllegalArgumentException e) {
            throw unfit("a denied issuer is " + Printable.of(issuer), "a name as RFC 2253 writes it");
        }
    }

    private Duration life(String field, String text) {
        Matcher matcher = LIFE.matcher(text);
        if (!matcher.matches()) {
            throw unfit(field + " is " + Printable.of(text), "such as 90d or 36h");
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            case "d" -> Duration.ofDays(count);
            case "w" -> Duration.ofDays(7 * count);
            default -> Duration.ofDays(365 * count);
        };
    }

    // --- JSON

    @FunctionalInterface
    private interface Field {
        void read(String name) throws IOException;
    }

    @FunctionalInterface
    private interface Item {
        void read() throws IOException;
    }

    private void object(String what, Field field) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw unfit(what + " is " + found(), "an object");
        }
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            json.nextToken();
            field.read(name);
        }
    }

    private void list(String what, Item item) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw unfit(what + " is " + found(), "a list");
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            item.read();
        }
    }

    private Map<String, String> texts(String what, Set<String> known) throws IOException {
        var fields = new HashMap<String, String>();
        object(what, name -> {
            if (!known.contains(name)) {
                throw unknown(name);
            }
            fields.put(name, text(name));
        });
        return fields;
    }

    private String text(String name) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw unfit(name + " is " + found(), "a text");
        }
        return json.getText();
    }

    private String found() {
        JsonToken token = json.currentToken();
        return token == null ? "missing" : "a " + token;
    }

    private String required(Map<String, String> fields, String name, String of) {
        @Nullable String value = fields.get(name);
        if (value == null || value.isBlank()) {
            throw unfit(name + " of " + of + " is missing", "a text");
        }
        return value;
    }

    private TlsConfigurationException unknown(String name) {
        return unfit(
                "unknown field " + Printable.of(name), "those of " + SCHEMA + "; what it asks for would not be done");
    }

    private TlsConfigurationException unfit(String found, String expected) {
        return new TlsConfigurationException(file + ": " + found + " (expected: " + expected + ") in line "
                + json.currentLocation().getLineNr());
    }
}
