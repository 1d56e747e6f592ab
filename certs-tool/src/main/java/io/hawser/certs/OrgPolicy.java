package io.hawser.certs;

import java.time.Duration;

/**
 * How long things live, and which keys nodes get. Immutable, thread-safe.
 *
 * @param nodeLife lifetime of a node certificate when none is asked for
 * @param maxNodeLife the longest that may be asked for
 * @param renewAt fraction of its lifetime after which a node certificate is due, above 0 and at most 1
 * @param crlLife lifetime of the issuing CA's CRL
 * @param rootCrlLife lifetime of the root's CRL
 * @param rootLife lifetime of the root certificate
 * @param issuingLife lifetime of the issuing CA's certificate
 * @param key kind of the nodes' keys
 */
public record OrgPolicy(
        Duration nodeLife,
        Duration maxNodeLife,
        double renewAt,
        Duration crlLife,
        Duration rootCrlLife,
        Duration rootLife,
        Duration issuingLife,
        KeyKind key) {
    private static final Duration SHORTEST = Duration.ofMinutes(1);

    /**
     * Checks that the lifetimes fit one another.
     *
     * @param nodeLife lifetime of a node certificate when none is asked for
     * @param maxNodeLife the longest that may be asked for
     * @param renewAt fraction of its lifetime after which a node certificate is due, above 0 and at most 1
     * @param crlLife lifetime of the issuing CA's CRL
     * @param rootCrlLife lifetime of the root's CRL
     * @param rootLife lifetime of the root certificate
     * @param issuingLife lifetime of the issuing CA's certificate
     * @param key kind of the nodes' keys
     * @throws CertsException if one is too short or longer than what issues it ({@code LIFE_REFUSED})
     */
    public OrgPolicy {
        atLeast(SHORTEST, nodeLife, "node_life");
        atLeast(nodeLife, maxNodeLife, "max_node_life");
        atLeast(SHORTEST, crlLife, "crl_life");
        atLeast(SHORTEST, rootCrlLife, "root_crl_life");
        atLeast(SHORTEST, issuingLife, "issuing_life");
        atLeast(issuingLife, rootLife, "root_life");
        if (!(renewAt > 0 && renewAt <= 1)) {
            throw new CertsException(
                    ErrorCode.LIFE_REFUSED, "renew_at: " + renewAt + " (expected: above 0, at most 1)");
        }
    }

    /**
     * The policy of a new organisation: nodes 90 days, issuing CA 2 years, root 10 years, CRLs 14 and 90 days, P-256.
     *
     * @return the defaults
     */
    public static OrgPolicy defaults() {
        return new OrgPolicy(
                Duration.ofDays(90),
                Duration.ofDays(365),
                0.66,
                Duration.ofDays(14),
                Duration.ofDays(90),
                Duration.ofDays(3650),
                Duration.ofDays(730),
                KeyKind.P256);
    }

    /**
     * The same policy with other CA lifetimes and node keys.
     *
     * @param root lifetime of the root certificate
     * @param issuing lifetime of the issuing CA's certificate
     * @param kind kind of the nodes' keys
     * @return a new policy
     */
    public OrgPolicy with(Duration root, Duration issuing, KeyKind kind) {
        return new OrgPolicy(nodeLife, maxNodeLife, renewAt, crlLife, rootCrlLife, root, issuing, kind);
    }

    void checkNodeLife(Duration life) {
        atLeast(SHORTEST, life, "node lifetime");
        if (life.compareTo(maxNodeLife) > 0) {
            throw new CertsException(
                            ErrorCode.LIFE_REFUSED,
                            "node lifetime " + LifeSpan.format(life) + " is longer than the policy allows ("
                                    + LifeSpan.format(maxNodeLife) + ")")
                    .hint("Ask for less, or raise max_node_life in org.yaml");
        }
    }

    private static void atLeast(Duration least, Duration life, String what) {
        if (life.compareTo(least) < 0) {
            throw new CertsException(
                    ErrorCode.LIFE_REFUSED,
                    what + ": " + LifeSpan.format(life) + " (expected: at least " + LifeSpan.format(least) + ")");
        }
    }
}
