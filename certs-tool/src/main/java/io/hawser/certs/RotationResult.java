package io.hawser.certs;

import java.util.List;
import java.util.Optional;

/**
 * How far a rotation came. Immutable, thread-safe.
 *
 * @param rotation where it stands now; empty when there was none
 * @param proofs what the nodes did, when they were asked
 */
public record RotationResult(Optional<Rotation> rotation, List<Proof> proofs) {
    /**
     * Copies the proofs.
     *
     * @param rotation where it stands now; empty when there was none
     * @param proofs what the nodes did, when they were asked
     */
    public RotationResult {
        proofs = List.copyOf(proofs);
    }

    /**
     * The nodes it waits for.
     *
     * @return what they did instead; empty when it went on
     */
    public List<Proof> stragglers() {
        return proofs.stream().filter(proof -> !proof.passed()).toList();
    }
}
