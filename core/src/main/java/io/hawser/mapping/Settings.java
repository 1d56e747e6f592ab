package io.hawser.mapping;

import io.hawser.term.Atom;
import java.lang.invoke.MethodHandles.Lookup;
import java.util.List;
import java.util.Map;

/**
 * What a mapper was built with. Immutable.
 *
 * @param records what records are without annotation
 * @param text what strings are without annotation
 * @param empty what an empty optional is
 * @param ignoresExtraKeys whether keys of no component are read over
 * @param maxDepth how deep terms may nest
 * @param converters by the type they convert, in the order they were given
 * @param lookups what sees records that are not public, first to last
 */
record Settings(
        RecordForm records,
        TextForm text,
        Atom empty,
        boolean ignoresExtraKeys,
        int maxDepth,
        Map<TypeUse, Converter> converters,
        List<Lookup> lookups) {}
