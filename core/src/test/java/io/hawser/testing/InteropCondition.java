package io.hawser.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Decides whether {@link Interop} tests run. Thread-safe. */
final class InteropCondition implements ExecutionCondition {
    static final String MISSING = "INTEROP TESTS DID NOT RUN: no erl on the PATH; install with:"
            + " apt-get install erlang-base erlang-ssl erlang-crypto erlang-public-key erlang-asn1";

    private static final AtomicBoolean BANNER_SHOWN = new AtomicBoolean();

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        var decision = decide(System.getProperty("hawser.interop", "auto"), System.getenv("PATH"));
        if (decision.isDisabled() && BANNER_SHOWN.compareAndSet(false, true)) {
            String line = "*".repeat(MISSING.length());
            System.err.println(line + "\n" + MISSING + "\n" + line);
        }
        return decision;
    }

    static ConditionEvaluationResult decide(String mode, String path) {
        boolean present = onPath(path);
        return switch (mode.toLowerCase(Locale.ROOT)) {
            case "auto" ->
                present
                        ? ConditionEvaluationResult.enabled("erl is on the PATH")
                        : ConditionEvaluationResult.disabled(MISSING);
            case "required" -> {
                if (!present) {
                    // a condition that throws is a failure, not a skip
                    throw new AssertionError(MISSING + " (hawser.interop=required)");
                }
                yield ConditionEvaluationResult.enabled("erl is on the PATH");
            }
            default ->
                throw new IllegalArgumentException("hawser.interop: '" + mode + "' (expected: auto or required)");
        };
    }

    private static boolean onPath(String path) {
        for (String directory : path.split(File.pathSeparator, -1)) {
            if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, "erl"))) {
                return true;
            }
        }
        return false;
    }
}
