/**
 * Measurements between two operating-system processes, a server and a client, of which either may be Hawser, Erlang,
 * Jinterface or bare Netty. Start at {@link io.hawser.benchmarks.pair.BenchNode}.
 */
@NullMarked
package io.hawser.benchmarks.pair;

import org.jspecify.annotations.NullMarked;
