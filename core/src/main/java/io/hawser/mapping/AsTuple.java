package io.hawser.mapping;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a record a tuple, with its tag or without: {@code @AsTuple(tagged = false) record Point(int x, int y)} is
 * <code>{X, Y}</code>. Records are tagged tuples unless {@link TermMapper.Builder#records} says otherwise.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface AsTuple {
    /**
     * Returns whether the tag comes first.
     *
     * @return false for a tuple of the components alone
     */
    boolean tagged() default true;
}
