package io.hawser.certs;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How far a rotation came. Immutable, thread-safe.
 *
 * @param rotation where it stands now; empty when there was none
 * @param proofs what the nodes did, when they were asked
 * @param requests the files for {@code certs-tool ca sign} without whose answers it does not go on
 */
public record RotationResult(Optional<Rotation> rotation, List<Proof> proofs, List<Path> requests) {
    /**
     * Copies the proofs.
     *
     * @param rotation where it stands now; empty when there was none
     * @param proofs what the nodes did, when they were asked
     * @param requests the files for {@code certs-tool ca sign} without whose answers it does not go on
     */
    public RotationResult {
        proofs = List.copyOf(proofs);
        requests = List.copyOf(requests);
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
