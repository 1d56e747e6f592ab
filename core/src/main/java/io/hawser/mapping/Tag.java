package io.hawser.mapping;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives a record another tag than its simple name in snake_case: {@code @Tag("$gen_cast") record Cast(Term request)} is
 * <code>{'$gen_cast', Request}</code>.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Tag {
    /**
     * Returns the tag.
     *
     * @return the atom's text, without quotes
     */
    String value();
}
