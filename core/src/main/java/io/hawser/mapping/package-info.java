/**
 * Maps Java's own types to terms and back, so that a program says what it means and seldom builds a tuple by hand. Start at
 * {@link io.hawser.mapping.TermMapper}.
 *
 * <pre>{@code
 * sealed interface Request permits Put, Get, Stop {}
 * record Put(String key, long value) implements Request {}   // {put, <<"key">>, 1}
 * record Get(String key) implements Request {}               // {get, <<"key">>}
 * record Stop() implements Request {}                        // stop
 *
 * TermMapper mapper = TermMapper.of(Request.class);
 * mailbox.send("cache", node, mapper.toTerm(new Put("key", 1)));
 * Request request = mapper.fromTerm(term, Request.class);
 * }</pre>
 *
 * <p>Annotations change the form of one type, component or use of a type; {@link io.hawser.mapping.TermMapper.Builder}
 * changes defaults, and takes converters for types that have no form of their own.
 */
@NullMarked
package io.hawser.mapping;

import org.jspecify.annotations.NullMarked;
