package io.hawser.mapping;

import io.hawser.term.Atom;
import io.hawser.term.Term;
import java.lang.reflect.RecordComponent;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads from a record's annotations how it lies in a term. */
final class Layouts {
    private static final Atom STRUCT = Atom.of("__struct__");

    private Layouts() {}

    /**
     * Returns the layout of a record.
     *
     * @param optional which components are {@code Optional} and have no converter
     * @param path where it is used, for errors
     */
    static Layout of(Class<?> type, List<Boolean> optional, Settings settings, String path) {
        requireFitting(type, path);
        List<RecordComponent> components = List.of(type.getRecordComponents());
        AsMap asMap = type.getAnnotation(AsMap.class);
        AsStruct asStruct = type.getAnnotation(AsStruct.class);
        if (asStruct != null) {
            boolean ignores = settings.ignoresExtraKeys() || asStruct.ignoreExtraKeys();
            var module = new MapLayout.Tagged(STRUCT, Atom.of("Elixir." + asStruct.value()));
            List<Boolean> never = Collections.nCopies(components.size(), false);
            return new MapLayout(
                    keys(components, TextForm.ATOM, module, path), never, module, settings.empty(), ignores);
        } else if (asMap != null) {
            boolean ignores = settings.ignoresExtraKeys() || asMap.ignoreExtraKeys();
            var tagged = asMap.tagKey().isEmpty()
                    ? null
                    : new MapLayout.Tagged(key(asMap.tagKey(), asMap.keys()), tag(type));
            List<Term> keys = keys(components, asMap.keys(), tagged, path);
            return new MapLayout(keys, optional, tagged, settings.empty(), ignores);
        }
        return switch (form(type, settings)) {
            case MAP -> {
                List<Term> keys = keys(components, TextForm.ATOM, null, path);
                yield new MapLayout(keys, optional, null, settings.empty(), settings.ignoresExtraKeys());
            }
            case TUPLE -> new TupleLayout(null, names(components, path));
            case TAGGED_TUPLE ->
                components.isEmpty()
                        ? new AtomShape(List.of(tag(type)))
                        : new TupleLayout(tag(type), names(components, path));
        };
    }

    private static RecordForm form(Class<?> type, Settings settings) {
        AsTuple asTuple = type.getAnnotation(AsTuple.class);
        if (asTuple != null) {
            return asTuple.tagged() ? RecordForm.TAGGED_TUPLE : RecordForm.TUPLE;
        }
        return type.isAnnotationPresent(Tag.class) ? RecordForm.TAGGED_TUPLE : settings.records();
    }

    private static boolean hasTag(Class<?> type) {
        AsTuple asTuple = type.getAnnotation(AsTuple.class);
        AsMap asMap = type.getAnnotation(AsMap.class);
        return !type.isAnnotationPresent(AsStruct.class)
                && (asTuple == null || asTuple.tagged())
                && (asMap == null || !asMap.tagKey().isEmpty());
    }

    private static void requireFitting(Class<?> type, String path) {
        List<String> forms = Stream.of(AsTuple.class, AsMap.class, AsStruct.class)
                .filter(type::isAnnotationPresent)
                .map(annotation -> "@" + annotation.getSimpleName())
                .toList();
        if (type.isAnnotationPresent(Tag.class) && !hasTag(type)) {
            throw new IllegalArgumentException(path + ": " + type.getSimpleName() + " has @Tag, but " + forms.get(0)
                    + " without a tag (expected: no @Tag, or a form that has one)");
        }
        if (forms.size() > 1) {
            throw new IllegalArgumentException(path + ": " + type.getSimpleName() + " has "
                    + String.join(" and ", forms) + " (expected: one of them)");
        }
    }

    private static Atom tag(Class<?> type) {
        Tag tag = type.getAnnotation(Tag.class);
        return Atom.of(tag == null ? Words.snakeCase(type.getSimpleName()) : tag.value());
    }

    private static List<String> names(List<RecordComponent> components, String path) {
        for (RecordComponent component : components) {
            if (component.isAnnotationPresent(Name.class)) {
                throw new IllegalArgumentException(path + "." + component.getName()
                        + ": has @Name, but lies in a tuple (expected: no @Name, or @AsMap on "
                        + component.getDeclaringRecord().getSimpleName() + ")");
            }
        }
        return components.stream().map(RecordComponent::getName).toList();
    }

    private static List<Term> keys(
            List<RecordComponent> components, TextForm form, MapLayout.@Nullable Tagged tagged, String path) {
        var keys = new LinkedHashSet<Term>();
        for (RecordComponent component : components) {
            Name name = component.getAnnotation(Name.class);
            Term key = key(name == null ? Words.snakeCase(component.getName()) : name.value(), form);
            if ((tagged != null && tagged.key().equals(key)) || !keys.add(key)) {
                throw new IllegalArgumentException(path + "." + component.getName() + ": its key " + key
                        + " is there already (expected: a key of its own, see @Name)");
            }
        }
        return List.copyOf(keys);
    }

    private static Term key(String text, TextForm form) {
        return Texts.of(form).toTerm(text, 0);
    }
}
