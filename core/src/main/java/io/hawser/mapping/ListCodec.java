package io.hawser.mapping;

import io.hawser.term.ListTerm;
import io.hawser.term.Term;
import java.lang.reflect.Array;
import java.util.AbstractList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Lists, sets and arrays: a proper list. */
final class ListCodec extends NestingCodec {
    private final Codec element;
    private final Function<Object, Collection<?>> elements;
    private final Function<Object[], Object> make;

    private ListCodec(
            Class<?> type,
            String name,
            Codec element,
            Function<Object, Collection<?>> elements,
            Function<Object[], Object> make,
            int maxDepth) {
        super(type, name, maxDepth);
        this.element = element;
        this.elements = elements;
        this.make = make;
    }

    static Codec list(Class<?> type, Codec element, int maxDepth) {
        return new ListCodec(type, type.getSimpleName(), element, value -> (Collection<?>) value, List::of, maxDepth);
    }

    static Codec set(Codec element, int maxDepth) {
        return new ListCodec(Set.class, "Set", element, value -> (Set<?>) value, ListCodec::setOf, maxDepth);
    }

    static Codec array(Class<?> type, Codec element, int maxDepth) {
        return new ListCodec(
                type,
                type.getSimpleName(),
                element,
                ArrayElements::new,
                values -> arrayOf(type.getComponentType(), values),
                maxDepth);
    }

    @Override
    Term toTerm(Object value, int depth) {
        int inside = enter(depth);
        Object[] all = elements.apply(value).toArray();
        var terms = new Term[all.length];
        for (int i = 0; i < all.length; i++) {
            try {
                terms[i] = element.write(all[i], inside);
            } catch (Mismatch e) {
                throw e.at("[" + i + "]");
            }
        }
        return ListTerm.of(terms);
    }

    @Override
    Object fromTerm(Term term, int depth) {
        int inside = enter(depth);
        if (!(term instanceof ListTerm list)) {
            throw Mismatch.of(term, name(), "a proper list");
        }
        var values = new Object[list.size()];
        for (int i = 0; i < values.length; i++) {
            try {
                values[i] = element.fromTerm(list.element(i), inside);
            } catch (Mismatch e) {
                throw e.at("[" + i + "]");
            }
        }
        return make.apply(values);
    }

    private static Set<Object> setOf(Object[] values) {
        Collisions.check(values);
        var set = new LinkedHashSet<Object>();
        for (int i = 0; i < values.length; i++) {
            if (!set.add(values[i])) {
                throw new Mismatch("the element was there before (expected: a list without duplicates)")
                        .at("[" + i + "]");
            }
        }
        return Collections.unmodifiableSet(set);
    }

    private static Object arrayOf(Class<?> component, Object[] values) {
        Object array = Array.newInstance(component, values.length);
        for (int i = 0; i < values.length; i++) {
            Array.set(array, i, values[i]);
        }
        return array;
    }

    /** An array of any kind as a list. */
    private static final class ArrayElements extends AbstractList<Object> {
        private final Object array;

        ArrayElements(Object array) {
            this.array = array;
        }

        @Override
        public Object get(int index) {
            return Array.get(array, index);
        }

        @Override
        public int size() {
            return Array.getLength(array);
        }
    }
}
