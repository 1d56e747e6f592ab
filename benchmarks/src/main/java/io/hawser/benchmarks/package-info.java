/** JMH benchmarks. Start at {@link io.hawser.benchmarks.CodecBenchmark}. */
@NullMarked
package io.hawser.benchmarks;

import org.jspecify.annotations.NullMarked;
