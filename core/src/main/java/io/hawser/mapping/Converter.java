package io.hawser.mapping;

import java.util.function.Function;

/**
 * How values of a type become those of another and back.
 *
 * @param type the type
 * @param via the other one
 */
record Converter(TypeUse type, TypeUse via, Function<Object, Object> to, Function<Object, Object> from) {}
