package io.hawser.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test against a real Erlang system: runs when {@code erl} is on the {@code PATH}.
 *
 * <p>Without {@code erl} it is skipped, with one banner per JVM; with the system property {@code hawser.interop} set to
 * {@code required} it fails.
 */
@Documented
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Tag("interop")
@ExtendWith(InteropCondition.class)
public @interface Interop {}
