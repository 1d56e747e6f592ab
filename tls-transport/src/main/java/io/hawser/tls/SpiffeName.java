package io.hawser.tls;

import io.hawser.term.NodeName;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A whole node name in a certificate: {@code spiffe://<trust-domain>/node/<host>/<alive>}. Immutable.
 *
 * @param trustDomain whose nodes these are
 * @param node the name
 */
record SpiffeName(String trustDomain, NodeName node) {
    private static final Pattern URI =
            Pattern.compile("spiffe://([a-z0-9._-]{1,255})/node/([A-Za-z0-9._-]+)/([A-Za-z0-9._-]+)");

    /** Reads a URI name; empty if it is of another form. */
    static Optional<SpiffeName> parse(String uri) {
        Matcher matcher = URI.matcher(uri);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new SpiffeName(matcher.group(1), new NodeName(matcher.group(3), matcher.group(2))));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // not a node name
        }
    }

    /** How a name is written in a certificate; an unknown trust domain is shown as {@code *}. */
    static String expected(Optional<String> trustDomain, NodeName node) {
        return "spiffe://" + trustDomain.orElse("*") + "/node/" + node.host() + "/" + node.alive();
    }
}
