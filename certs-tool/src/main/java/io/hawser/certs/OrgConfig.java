package io.hawser.certs;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What {@code org.yaml} says about an organisation. Holds no secret. Immutable, thread-safe.
 *
 * @param org the organisation's name, which stands in every certificate
 * @param namespace what it may name
 * @param policy lifetimes and keys
 */
public record OrgConfig(String org, Namespace namespace, OrgPolicy policy) {
    static final int MAX_FILE_BYTES = 1 << 20;

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
        JsonNode yaml = readYaml(file);
        try {
            JsonNode policy = yaml.path("policy");
            return new OrgConfig(
                    text(yaml, "org"),
                    new Namespace(text(yaml, "domain"), text(yaml, "trust_domain")),
                    new OrgPolicy(
                            life(policy, "node_life"),
                            life(policy, "max_node_life"),
                            policy.path("renew_at").asDouble(-1),
                            life(policy, "crl_life"),
                            life(policy, "root_crl_life"),
                            life(policy, "root_life"),
                            life(policy, "issuing_life"),
                            KeyKind.parse(text(policy, "key"))));
        } catch (CertsException e) {
            throw new CertsException(ErrorCode.FILE_INVALID, file + ": " + e.message(), e).about(file);
        }
    }

    static JsonNode readYaml(Path file) {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new CertsException(ErrorCode.FILE_INVALID, file + ": larger than " + MAX_FILE_BYTES + " bytes");
            }
            return new YAMLMapper().readTree(Files.readAllBytes(file));
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

    private static Duration life(JsonNode node, String key) {
        return LifeSpan.parse(text(node, key));
    }

    static String text(JsonNode node, String key) {
        JsonNode value = node.path(key);
        if (!value.isValueNode() || value.isNull()) {
            throw new CertsException(ErrorCode.FILE_INVALID, "'" + key + "' is missing");
        }
        return value.asText();
    }
}
