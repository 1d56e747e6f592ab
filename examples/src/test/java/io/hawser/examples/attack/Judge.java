package io.hawser.examples.attack;

import java.io.File;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * A test that has an independent tool judge a node: runs when the tool is on the {@code PATH}.
 *
 * <p>Without the tool it is skipped, with a line on standard error; with the system property {@code hawser.interop} set to
 * {@code required} it fails.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Judge.Condition.class)
public @interface Judge {
    /** The command. */
    String value();

    /** Decides whether the test runs. Thread-safe: stateless. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            Optional<Judge> judge = AnnotationSupport.findAnnotation(context.getElement(), Judge.class);
            if (judge.isEmpty() || isOnPath(judge.get().value())) {
                return ConditionEvaluationResult.enabled("the judge is there");
            }
            String missing = "A JUDGE DID NOT COME: no " + judge.get().value()
                    + " on the PATH; install with: apt-get install openssl testssl.sh sslscan nmap";
            if (System.getProperty("hawser.interop", "auto").equals("required")) {
                // a condition that throws is a failure, not a skip
                throw new AssertionError(missing + " (hawser.interop=required)");
            }
            System.err.println(missing);
            return ConditionEvaluationResult.disabled(missing);
        }

        private static boolean isOnPath(String command) {
            return Stream.of(String.valueOf(System.getenv("PATH")).split(File.pathSeparator, -1))
                    .anyMatch(directory -> !directory.isEmpty() && Files.isExecutable(Path.of(directory, command)));
        }
    }
}
