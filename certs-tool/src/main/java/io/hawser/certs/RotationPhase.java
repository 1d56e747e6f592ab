package io.hawser.certs;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How far a rotation has come. */
public enum RotationPhase {
    /** None is under way. */
    IDLE,
    /** The new CA is in all exports; the old one issues. */
    DISTRIBUTE,
    /** Every node was seen to accept a certificate of the new CA. */
    VERIFY_TRUST,
    /** The new CA issues, and every node has a certificate of it in its export. */
    REISSUE,
    /** Every node was seen to show its new certificate. */
    VERIFY_USE,
    /** What is old is in no export any more, or revoked. */
    RETIRE,
    /** Every node was seen to refuse what is old. */
    VERIFY_GONE,
    /** It is being undone. */
    ABORT;

    /**
     * Its name in files and messages.
     *
     * @return lower case, with hyphens
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether nodes must be seen to do as they should before it begins, and still when it ends. */
    boolean isGated() {
        return this == VERIFY_TRUST || this == VERIFY_USE || this == VERIFY_GONE;
    }

    /** Whether what is old can still be what it was. */
    boolean isAbortable() {
        return switch (this) {
            case DISTRIBUTE, VERIFY_TRUST, REISSUE, VERIFY_USE, ABORT -> true;
            case IDLE, RETIRE, VERIFY_GONE -> false;
        };
    }

    static Optional<RotationPhase> of(String label) {
        return Arrays.stream(values())
                .filter(phase -> phase.label().equals(label))
                .findFirst();
    }
}
