package io.hawser.certs;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a rotation replaces. */
public enum RotationKind {
    /** The nodes' certificates, below the issuing CA that there is. */
    NODE,
    /** The issuing CA, and the nodes' certificates below it. */
    ISSUING,
    /** The root, the issuing CA below it, and the nodes' certificates. */
    ROOT;

    private static final List<RotationPhase> OF_CERTIFICATES =
            List.of(RotationPhase.REISSUE, RotationPhase.VERIFY_USE, RotationPhase.RETIRE, RotationPhase.VERIFY_GONE);

    private static final List<RotationPhase> OF_CAS = Stream.concat(
                    Stream.of(RotationPhase.DISTRIBUTE, RotationPhase.VERIFY_TRUST), OF_CERTIFICATES.stream())
            .toList();

    /**
     * What it goes through, between idle and idle.
     *
     * @return in order
     */
    public List<RotationPhase> phases() {
        return this == NODE ? OF_CERTIFICATES : OF_CAS;
    }

    /** The phase that follows, which after the last is {@code IDLE}. */
    RotationPhase after(RotationPhase phase) {
        int next = phases().indexOf(phase) + 1;
        return next < phases().size() ? phases().get(next) : RotationPhase.IDLE;
    }

    /**
     * Its name on the command line.
     *
     * @return {@code node}, {@code issuing} or {@code root}
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<RotationKind> of(String label) {
        return Arrays.stream(values())
                .filter(kind -> kind.label().equals(label))
                .findFirst();
    }
}
