package io.hawser.certs;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What was agreed on with a partner: {@code policy.yaml}.
 *
 * @param pinned fingerprints of its roots
 * @param crossLife how long its cross-certificates last
 * @param allow the nodes that are accepted; empty for all on the partner's roster
 */
record PartnerPolicy(String org, Namespace namespace, List<String> pinned, Duration crossLife, List<NodeName> allow) {
    PartnerPolicy {
        pinned = List.copyOf(pinned);
        allow = List.copyOf(allow);
    }

    byte[] toYaml() {
        return """
                # Written by certs-tool. 'allow' may be edited: the nodes that are accepted, none for all of the partner's.
                org: "%s"
                domain: "%s"
                trust_domain: "%s"
                pinned: [ %s ]
                cross_life: %s
                allow: [ %s ]
                """.formatted(
                        org,
                        namespace.domain(),
                        namespace.trustDomain(),
                        quoted(pinned),
                        LifeSpan.format(crossLife),
                        quoted(allow))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String quoted(List<?> values) {
        return values.stream().map(value -> "\"" + value + "\"").collect(Collectors.joining(", "));
    }

    static PartnerPolicy read(Path file) {
        JsonNode yaml = OrgConfig.readYaml(file);
        try {
            return new PartnerPolicy(
                    OrgConfig.text(yaml, "org"),
                    new Namespace(OrgConfig.text(yaml, "domain"), OrgConfig.text(yaml, "trust_domain")),
                    texts(yaml.path("pinned")),
                    LifeSpan.parse(OrgConfig.text(yaml, "cross_life")),
                    texts(yaml.path("allow")).stream().map(NodeName::parse).toList());
        } catch (CertsException e) {
            throw new CertsException(ErrorCode.FILE_INVALID, file + ": " + e.message(), e).about(file);
        }
    }

    static List<String> texts(JsonNode list) {
        var texts = new ArrayList<String>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }
}
