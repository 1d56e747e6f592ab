package io.hawser.mapping;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives a component of a record that is a map another key, or a constant of an enum another atom, than its name in
 * snake_case. Refused on a component of a record that is a tuple, where it would mean nothing.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
public @interface Name {
    /**
     * Returns the name.
     *
     * @return the text of the key or atom, without quotes
     */
    String value();
}
