package io.hawser.mapping;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a use of {@code String} an atom: {@code record Lookup(@AsAtom String table, List<@AsAtom String> columns)}. See
 * {@link TextForm#ATOM}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE_USE)
public @interface AsAtom {}
