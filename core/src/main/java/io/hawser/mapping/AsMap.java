package io.hawser.mapping;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a record a map: {@code @AsMap record User(String name, int loginCount)} is
 * <code>#{name => Name, login_count => Count}</code>. {@link Name} gives a component another key.
 *
 * <p>When read, a key that is missing is an error, unless its component is an {@code Optional}: then it is empty. When
 * written, an empty {@code Optional} is left out. A key that belongs to no component is an error unless
 * {@link #ignoreExtraKeys} or {@link TermMapper.Builder#ignoreExtraKeys} says otherwise.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface AsMap {
    /**
     * Returns the key under which the record's tag stands in the map as an atom: with {@code tagKey = "type"} a
     * {@code Put} has {@code type => put}. It tells the records of a sealed interface apart.
     *
     * @return the key's text; empty for a map without the tag
     */
    String tagKey() default "";

    /**
     * Returns what the keys are.
     *
     * @return atoms, unless another form is asked for
     */
    TextForm keys() default TextForm.ATOM;

    /**
     * Returns whether keys that belong to no component are read over.
     *
     * @return false if they are an error
     */
    boolean ignoreExtraKeys() default false;
}
