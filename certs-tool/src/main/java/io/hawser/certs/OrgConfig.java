package io.hawser.certs;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * What {@code org.yaml} says about an organisation. Holds no secret. Immutable, thread-safe.
 *
 * @param org the organisation's name, which stands in every certificate
 * @param namespace what it may name
 * @param policy lifetimes and keys
 */
public record OrgConfig(String org, Namespace namespace, OrgPolicy policy) {
    static final int MAX_FILE_BYTES = 1 << 20;
    private static final String[] POLICY = {
        "node_life", "max_node_life", "renew_at", "crl_life", "root_crl_life", "root_life", "issuing_life", "key"
    };

    /**
     * Checks the name.
     *
     * @param org the organisation's name, which stands in every certificate
     * @param namespace what it may name
     * @param policy lifetimes and keys
     * @throws CertsException if the organisation's name has characters that are not allowed ({@code NAME_INVALID})
     */
    public OrgConfig {
        Names.org(org);
    }

    byte[] toYaml() {
        return """
                # Written by certs-tool. Holds no secrets; the policy may be edited.
                org: "%s"
                domain: "%s"
                trust_domain: "%s"
                policy:
                  node_life: %s
                  max_node_life: %s
                  renew_at: %s
                  crl_life: %s
                  root_crl_life: %s
                  root_life: %s
                  issuing_life: %s
                  key: %s
                """.formatted(
                        org,
                        namespace.domain(),
                        namespace.trustDomain(),
                        LifeSpan.format(policy.nodeLife()),
                        LifeSpan.format(policy.maxNodeLife()),
                        policy.renewAt(),
                        LifeSpan.format(policy.crlLife()),
                        LifeSpan.format(policy.rootCrlLife()),
                        LifeSpan.format(policy.rootLife()),
                        LifeSpan.format(policy.issuingLife()),
                        policy.key().label())
                .getBytes(StandardCharsets.UTF_8);
    }

    static OrgConfig read(Path file) {
        YamlMap yaml = YamlMap.read(file, "org", "domain", "trust_domain", "policy");
        try {
            YamlMap policy = yaml.map("policy", POLICY);
            Stream.of(POLICY).forEach(policy::text); // all of them are there
            return new OrgConfig(
                    yaml.text("org"),
                    new Namespace(yaml.text("domain"), yaml.text("trust_domain")),
                    policy(policy, OrgPolicy.defaults()));
        } catch (CertsException e) {
            throw e.code() == ErrorCode.FILE_INVALID ? e : yaml.invalid(e.message());
        }
    }

    /** A policy of which the file may say a part only. */
    private static OrgPolicy policy(YamlMap map, OrgPolicy otherwise) {
        return new OrgPolicy(
                life(map, "node_life", otherwise.nodeLife()),
                life(map, "max_node_life", otherwise.maxNodeLife()),
                map.node().path("renew_at").asDouble(map.has("renew_at") ? -1 : otherwise.renewAt()),
                life(map, "crl_life", otherwise.crlLife()),
                life(map, "root_crl_life", otherwise.rootCrlLife()),
                life(map, "root_life", otherwise.rootLife()),
                life(map, "issuing_life", otherwise.issuingLife()),
                map.has("key") ? KeyKind.parse(map.text("key")) : otherwise.key());
    }

    /** Refuses a file whose policy is another in what it says. */
    void requireSamePolicy(YamlMap yaml) {
        if (!yaml.has("policy")) {
            return;
        }
        YamlMap map = yaml.map("policy", POLICY);
        try {
            if (!policy(map, policy).equals(policy)) {
                throw map.invalid("is another than the organisation's (expected: what org.yaml says)");
            }
        } catch (CertsException e) {
            throw e.code() == ErrorCode.FILE_INVALID ? e : map.invalid(e.message());
        }
    }

    static JsonNode readYaml(Path file) {
        try {
            byte[] content = CappedFile.read(file, MAX_FILE_BYTES)
                    .orElseThrow(() -> new CertsException(
                            ErrorCode.FILE_INVALID, file + ": larger than " + MAX_FILE_BYTES + " bytes"));
            return YamlMap.mapper().readTree(content);
        } catch (MismatchedInputException e) {
            throw new CertsException(
                            ErrorCode.FILE_INVALID,
                            file + ": holds a key twice, or a second document, see line "
                                    + e.getLocation().getLineNr(),
                            e)
                    .about(file);
        } catch (JacksonException e) {
            var at = e.getLocation();
            throw new CertsException(
                            ErrorCode.FILE_INVALID,
                            file + ": is not YAML" + (at == null ? "" : ", see line " + at.getLineNr()),
                            e)
                    .about(file);
        } catch (IOException e) {
            throw CertsException.io("reading", file, e);
        }
    }

    private static Duration life(YamlMap map, String key, Duration otherwise) {
        return map.has(key) ? LifeSpan.parse(map.text(key)) : otherwise;
    }

    static String text(JsonNode node, String key) {
        JsonNode value = node.path(key);
        if (!value.isValueNode() || value.isNull()) {
            throw new CertsException(ErrorCode.FILE_INVALID, "'" + key + "' is missing");
        }
        return value.asText();
    }
}
