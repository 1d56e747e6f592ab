package io.hawser.certs.cli;

import io.hawser.certs.NodeName;
import io.hawser.certs.Rotation;
import io.hawser.certs.RotationKind;
import io.hawser.certs.RotationPhase;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rotations in words, and as JSON. */
final class RotationText {
    private static final String EXPORT = "certs-tool export java|otp NODE --to DIR";

    private RotationText() {}

    static List<String> none() {
        return List.of("No rotation is under way");
    }

    /** What a phase does when it is entered. */
    static String does(RotationKind kind, RotationPhase phase) {
        String what = kind == RotationKind.NODE ? "certificates" : kind == RotationKind.ROOT ? "root" : "issuing CA";
        return switch (phase) {
            case DISTRIBUTE -> "make the new " + what + "; exports carry it beside the old one";
            case VERIFY_TRUST -> "see that every node accepts a certificate of the new CA";
            case REISSUE -> "give every node a new certificate" + (kind == RotationKind.NODE ? "" : " of the new CA");
            case VERIFY_USE -> "see that every node shows its new certificate";
            case RETIRE ->
                switch (kind) {
                    case NODE -> "revoke the old certificates";
                    case ISSUING -> "revoke the old issuing CA; exports carry it no more";
                    case ROOT -> "exports carry the old root no more";
                };
            case VERIFY_GONE ->
                "see that every node refuses "
                        + (kind == RotationKind.NODE ? "an old certificate" : "a certificate of the old CA");
            case IDLE -> "nothing is under way";
            case ABORT -> "what is new is removed";
        };
    }

    /** What is to be done before the next phase. */
    static String then(Rotation rotation) {
        return switch (rotation.phase()) {
            case DISTRIBUTE -> "Export to every node (" + EXPORT + "), then: certs-tool rotate next";
            case REISSUE ->
                "Export to every node (" + EXPORT + "); then reconnect Java with Erlang nodes where they stand on"
                        + " old certificates, at rest; then: certs-tool rotate next";
            case RETIRE -> "Export to every node (" + EXPORT + "), then: certs-tool rotate next";
            case VERIFY_TRUST, VERIFY_USE, VERIFY_GONE -> "certs-tool rotate next";
            case ABORT -> "certs-tool rotate abort";
            case IDLE -> "nothing";
        };
    }

    /** What helps a node that has not followed. */
    static String mend(Rotation rotation, NodeName node) {
        return "Export again with 'certs-tool export java|otp " + node
                + " --to DIR' (Erlang takes up to two minutes, or clear its ssl_pem_cache_dist), then 'certs-tool"
                + " rotate next' again, or with --wait 5m; a node that is down for good: --leave-out-dead-node"
                + " " + node;
    }

    static List<String> plan(RotationKind kind) {
        Table table = new Table().row("PHASE", "WHAT IT DOES");
        kind.phases().forEach(phase -> table.row(phase.label(), does(kind, phase)));
        var text = new ArrayList<>(table.lines());
        text.add("Begin with 'certs-tool rotate " + kind.label()
                + "'; go from one phase to the next with 'certs-tool rotate" + " next'.");
        return text;
    }

    static List<String> status(Rotation rotation) {
        if (rotation.phase() == RotationPhase.IDLE) {
            return List.of("No rotation is under way; the last ("
                    + rotation.kind().label() + ") ended at " + rotation.since().truncatedTo(ChronoUnit.SECONDS));
        }
        Table table = new Table().row("", "PHASE", "WHAT IT DOES");
        boolean past = rotation.phase() != RotationPhase.ABORT;
        for (RotationPhase phase : rotation.kind().phases()) {
            boolean here = phase == rotation.phase();
            past = past && !here;
            table.row(here ? "now" : past ? "done" : "", phase.label(), does(rotation.kind(), phase));
        }
        var text = new ArrayList<>(table.lines());
        if (!rotation.old().isEmpty()) {
            text.add("From " + String.join(", ", rotation.old()) + " to " + String.join(", ", rotation.coming()));
        }
        if (!rotation.leftOut().isEmpty()) {
            text.add("Not waited for: "
                    + String.join(
                            ", ",
                            rotation.leftOut().stream().map(NodeName::toString).toList()));
        }
        text.add("Next: " + then(rotation));
        return text;
    }

    /** The same of none. */
    static Map<String, Object> describe(Optional<Rotation> rotation) {
        return rotation.map(RotationText::describe)
                .orElseGet(() -> Verb.object("phase", RotationPhase.IDLE.label(), "next", "nothing"));
    }

    static Map<String, Object> describe(Rotation rotation) {
        return Verb.object(
                "kind",
                rotation.kind().label(),
                "phase",
                rotation.phase().label(),
                "begun",
                rotation.begun().toString(),
                "since",
                rotation.since().toString(),
                "old",
                rotation.old(),
                "new",
                rotation.coming(),
                "nodes",
                rotation.nodes().keySet().stream()
                        .map(NodeName::toString)
                        .sorted()
                        .toList(),
                "leftOut",
                rotation.leftOut().stream().map(NodeName::toString).toList(),
                "next",
                then(rotation));
    }
}
