package io.hawser.certs;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
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
        YamlMap yaml = YamlMap.read(file, "org", "domain", "trust_domain", "pinned", "cross_life", "allow");
        try {
            return new PartnerPolicy(
                    yaml.text("org"),
                    new Namespace(yaml.text("domain"), yaml.text("trust_domain")),
                    yaml.texts("pinned"),
                    LifeSpan.parse(yaml.text("cross_life")),
                    yaml.texts("allow").stream().map(NodeName::parse).toList());
        } catch (CertsException e) {
            throw e.code() == ErrorCode.FILE_INVALID ? e : yaml.invalid(e.message());
        }
    }
}
