package io.hawser.mapping;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a record a struct of Elixir: {@code @AsStruct("MyApp.User") record User(String name)} is
 * {@code %MyApp.User{name: name}}, a map of atoms with the module under {@code __struct__}.
 *
 * <p>A struct has all its keys always: an empty {@code Optional} is written as its atom, and a key that is missing is an
 * error. Elixir's atom for nothing is {@code nil}: see {@link TermMapper.Builder#emptyAs}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface AsStruct {
    /**
     * Returns the module.
     *
     * @return its name as Elixir writes it, without the prefix {@code Elixir.}
     */
    String value();

    /**
     * Returns whether keys that belong to no component, such as Ecto's {@code __meta__}, are read over.
     *
     * @return false if they are an error
     */
    boolean ignoreExtraKeys() default false;
}
