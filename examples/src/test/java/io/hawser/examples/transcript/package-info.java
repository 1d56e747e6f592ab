/** Types the lines that the examples' Javadoc shows. Start at {@code ExamplesTest}. */
@org.jspecify.annotations.NullMarked
package io.hawser.examples.transcript;
