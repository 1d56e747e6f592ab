package io.hawser.certs;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A key in a token: which library reaches the token, which token it is, and the key's label or id there. Immutable.
 *
 * @param text the text that was parsed
 * @param token attributes that the token must have, by their names in the URI; may be empty where there is one token
 * @param object the key's label, or empty when the id alone says which it is
 * @param id the key's CKA_ID in hexadecimal digits, or empty
 * @param module the library, an absolute path
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7512">RFC 7512</a>
 */
record Pkcs11Uri(String text, Map<String, String> token, String object, String id, Path module) implements SignerSpec {
    static final String SCHEME = "pkcs11:";

    static final Set<String> TOKEN_ATTRIBUTES = Set.of("token", "serial", "manufacturer", "model", "slot-id");
    private static final int MAX_LENGTH = 1024;
    private static final int MAX_ID = 64;

    Pkcs11Uri {
        token = Map.copyOf(token);
    }

    static Pkcs11Uri parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw wrong("longer than " + MAX_LENGTH + " characters");
        }
        String rest = text.substring(SCHEME.length());
        int question = rest.indexOf('?');
        Map<String, String> path = attributes(question < 0 ? rest : rest.substring(0, question), ";");
        Map<String, String> query = attributes(question < 0 ? "" : rest.substring(question + 1), "&");
        if (query.containsKey("pin-value") || query.containsKey("pin-source")) {
            throw new CertsException(ErrorCode.SECRET_ON_ARGV, "a PIN has no place in a signer's URI")
                    .hint("Say where the PIN is with --pass; if it was on the command line, choose a new one");
        }
        String object = path.remove("object");
        String id = path.remove("id");
        String type = path.remove("type");
        String module = query.remove("module-path");
        if (type != null && !type.equals("private")) {
            throw wrong("type=" + Names.printable(type) + " (expected: private, or none)");
        }
        for (String name : path.keySet()) {
            if (!TOKEN_ATTRIBUTES.contains(name)) {
                throw wrong("the attribute " + Names.printable(name) + " is not understood");
            }
        }
        if (!query.isEmpty()) {
            throw wrong(
                    "the attribute " + Names.printable(query.keySet().iterator().next()) + " is not understood");
        }
        if (text.chars().anyMatch(Character::isISOControl)
                || (object + module + path.values()).chars().anyMatch(Character::isISOControl)) {
            throw wrong("a value holds control characters");
        }
        if (object == null ? id == null : object.isEmpty()) {
            throw wrong("object=LABEL or id=%HH%HH... is missing, which names the key");
        }
        if (id != null && (id.isEmpty() || id.length() > 2 * MAX_ID)) {
            throw wrong("id= is of 1 to " + MAX_ID + " bytes");
        }
        if (module == null || !module.startsWith("/") || module.indexOf('"') >= 0) {
            throw wrong("module-path=/... is missing, which names the library that reaches the token");
        }
        return new Pkcs11Uri(text, path, object == null ? "" : object, id == null ? "" : id, Path.of(module));
    }

    private static Map<String, String> attributes(String part, String separator) {
        var attributes = new LinkedHashMap<String, String>();
        List<String> pairs = part.isEmpty() ? List.of() : Arrays.asList(part.split(separator, -1));
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? "" : pair.substring(0, equals);
            String value = pair.substring(equals + 1);
            // an id is bytes, all else is text
            String decoded = name.equals("id") ? HexFormat.of().formatHex(bytes(value)) : text(bytes(value));
            if (name.isEmpty() || attributes.put(name, decoded) != null) {
                throw wrong("it is not a list of NAME=VALUE, each once");
            }
        }
        return attributes;
    }

    /** RFC 3986, section 2.1: %HH is a byte; a plus sign is a plus sign. */
    private static byte[] bytes(String value) {
        var bytes = new ByteArrayOutputStream();
        try {
            for (int i = 0; i < value.length(); i++) {
                if (value.charAt(i) == '%') {
                    bytes.write(HexFormat.fromHexDigits(value, i + 1, i + 3));
                    i += 2;
                } else {
                    int next = value.offsetByCodePoints(i, 1);
                    bytes.writeBytes(value.substring(i, next).getBytes(StandardCharsets.UTF_8));
                    i = next - 1;
                }
            }
            return bytes.toByteArray();
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw wrong("a value is not percent-encoded UTF-8");
        }
    }

    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw wrong("a value is not percent-encoded UTF-8");
        }
    }

    /** Without the URI itself, which may hold what was meant to be kept. */
    private static CertsException wrong(String why) {
        return new CertsException(ErrorCode.USAGE, "the signer's URI cannot be used: " + why)
                .hint("For example pkcs11:token=ca;object=issuing-1?module-path=/usr/lib/softhsm/libsofthsm2.so");
    }

    @Override
    public String kind() {
        return "pkcs11";
    }

    /** The key, as it is named, for messages. */
    String keyName() {
        String label = object.isEmpty() ? "" : "the label " + Names.printable(object);
        return label + (object.isEmpty() || id.isEmpty() ? "" : " and ") + (id.isEmpty() ? "" : "the id " + id);
    }

    /** The token, as far as it is named, for messages. */
    String tokenName() {
        String label = token.get("token");
        return label == null ? "the token" : "the token " + Names.printable(label);
    }
}
