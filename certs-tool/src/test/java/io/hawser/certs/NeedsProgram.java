package io.hawser.certs;

import java.io.File;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A test that needs another program: skipped loudly where it is not installed, failing with {@code
 * -Dhawser.interop=required}.
 */
@Tag("interop")
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsProgram.Condition.class)
@interface NeedsProgram {
    /** The program's name, as on the path. */
    String value();

    /** Looks for the program. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            NeedsProgram needs = context.getElement()
                    .map(element -> element.getAnnotation(NeedsProgram.class))
                    .orElse(null);
            if (needs == null || installed(needs.value())) {
                return ConditionEvaluationResult.enabled("installed");
            }
            String message = context.getDisplayName() + " needs " + needs.value() + ", which is not on the path";
            if ("required".equals(System.getProperty("hawser.interop"))) {
                throw new IllegalStateException(message);
            }
            System.err.println("SKIPPED: " + message);
            return ConditionEvaluationResult.disabled(message);
        }

        static boolean installed(String program) {
            String path = System.getenv("PATH");
            return path != null
                    && Arrays.stream(path.split(Pattern.quote(File.pathSeparator), -1))
                            .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
        }
    }
}
