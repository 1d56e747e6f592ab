package io.hawser.tls;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code policy.json} says. Immutable.
 *
 * @param node the node it was written for
 * @param uri that node's URI
 * @param maxNodeLife how long a node's certificate may be valid
 * @param crlGrace how long after its end a revocation list is still taken
 * @param anchors who may name what
 * @param roster the URIs of the nodes there are
 * @param denied certificates that are not let in
 */
record PolicyFile(
        String node,
        String uri,
        Duration maxNodeLife,
        Duration crlGrace,
        List<Anchor> anchors,
        Set<String> roster,
        DenyList denied) {
    /** A root of ours, or a partner's cross-certificate, by its fingerprint. */
    record Anchor(Kind kind, String fingerprint, Namespace namespace) {}

    enum Kind {
        OWN,
        PARTNER
    }

    PolicyFile {
        anchors = List.copyOf(anchors);
        roster = Set.copyOf(roster);
    }

    Optional<Anchor> anchor(String fingerprint) {
        return anchors.stream()
                .filter(anchor -> anchor.fingerprint().equals(fingerprint))
                .findFirst();
    }
}
