package io.hawser.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

/**
 * Runs a fuzz target, a method that takes a {@code byte[]}, with no bytes and with every file of the test resource folder
 * that lies next to its class and is named after it: {@code TermDecoderFuzzTest.inputs}. Fuzzing itself is what
 * {@code .ci/fuzz} does.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "{0}")
@ArgumentsSource(FuzzInputsProvider.class)
public @interface FuzzInputs {}
