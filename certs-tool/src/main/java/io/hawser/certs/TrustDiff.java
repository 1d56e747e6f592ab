package io.hawser.certs;

import java.util.List;

/**
 * How a partner's bundle differs from what is known of it. Immutable, thread-safe.
 *
 * @param org the partner
 * @param known whether it is a partner already
 * @param sequenceBefore the number of the bundle there is, 0 without one
 * @param sequence the number of the bundle in hand
 * @param lines one line for each difference, each beginning with {@code +}, {@code -} or {@code !}
 */
public record TrustDiff(String org, boolean known, long sequenceBefore, long sequence, List<String> lines) {
    /**
     * Copies the lines.
     *
     * @param org the partner
     * @param known whether it is a partner already
     * @param sequenceBefore the number of the bundle there is, 0 without one
     * @param sequence the number of the bundle in hand
     * @param lines one line for each difference, each beginning with {@code +}, {@code -} or {@code !}
     */
    public TrustDiff {
        lines = List.copyOf(lines);
    }
}
