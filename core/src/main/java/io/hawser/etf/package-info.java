/**
 * The external term format: terms to bytes and back. Start at {@link io.hawser.etf.TermEncoder} and
 * {@link io.hawser.etf.TermDecoder}.
 */
@NullMarked
package io.hawser.etf;

import org.jspecify.annotations.NullMarked;
