/**
 * What tests of every module share: real Erlang nodes, waiting, recorded vectors. Shipped as core's test-jar.
 *
 * <p>Start at {@link io.hawser.testing.ErlShell} and {@link io.hawser.testing.OtpNode}; mark a test that uses them with
 * {@link io.hawser.testing.Interop}.
 */
@NullMarked
package io.hawser.testing;

import org.jspecify.annotations.NullMarked;
