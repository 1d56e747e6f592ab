package io.hawser.mapping;

/** What a record without {@link AsTuple}, {@link AsMap}, {@link AsStruct} and {@link Tag} is in a term. */
public enum RecordForm {
    /** A tuple of its tag and its components; without components, the tag alone as an atom. See {@link Tag}. */
    TAGGED_TUPLE,

    /** A tuple of its components alone. */
    TUPLE,

    /** A map with the components' names in snake_case, as atoms, for keys. See {@link AsMap}. */
    MAP
}
