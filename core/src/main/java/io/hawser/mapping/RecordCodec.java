package io.hawser.mapping;

import io.hawser.term.Term;

/** A record. */
final class RecordCodec extends NestingCodec {
    private final RecordHandles handles;
    private final Layout layout;
    private final String[] names;
    private final Codec[] components;

    /**
     * Makes a codec whose components are not known yet: they may hold the record again.
     *
     * @param names those of the components
     */
    RecordCodec(Class<?> type, RecordHandles handles, Layout layout, String[] names, int maxDepth) {
        super(type, type.getSimpleName(), maxDepth);
        this.handles = handles;
        this.layout = layout;
        this.names = names;
        this.components = new Codec[names.length];
    }

    void setComponent(int index, Codec codec) {
        components[index] = codec;
    }

    // one without components is an atom, or as good as one
    private int inside(int depth) {
        return components.length == 0 ? depth : enter(depth);
    }

    @Override
    Shape shape() {
        return layout;
    }

    @Override
    Term toTerm(Object value, int depth) {
        int inside = inside(depth);
        var terms = new Term[components.length];
        for (int i = 0; i < terms.length; i++) {
            try {
                terms[i] = components[i].write(handles.component(value, i), inside);
            } catch (Mismatch e) {
                throw e.at("." + names[i]);
            }
        }
        return layout.join(terms);
    }

    @Override
    Object fromTerm(Term term, int depth) {
        int inside = inside(depth);
        Term[] terms = layout.split(term, name());
        var values = new Object[terms.length];
        for (int i = 0; i < terms.length; i++) {
            try {
                values[i] = components[i].fromTerm(terms[i], inside);
            } catch (Mismatch e) {
                throw e.at("." + names[i]);
            }
        }
        return handles.make(values);
    }
}
