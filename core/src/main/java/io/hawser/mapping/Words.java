package io.hawser.mapping;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Names in Erlang's spelling, and lists of alternatives. */
final class Words {
    private static final int MAX_ALTERNATIVES = 8;

    // between aB, 1B, and the last two of ABc
    private static final Pattern BOUNDARY =
            Pattern.compile("(?<=[\\p{Ll}\\p{Nd}])(?=\\p{Lu})|(?<=\\p{Lu})(?=\\p{Lu}\\p{Ll})");

    private Words() {}

    /** Returns a Java name in snake_case: {@code maxSize} as max_size, {@code HTTPServer} as http_server. */
    static String snakeCase(String name) {
        boolean hasWords = name.chars().anyMatch(Character::isLowerCase);
        return (hasWords ? BOUNDARY.matcher(name).replaceAll("_") : name).toLowerCase(Locale.ROOT);
    }

    /** Returns {@code a | b | c}, as types are written in Erlang; of many only the first. */
    static String anyOf(List<String> alternatives) {
        int size = alternatives.size();
        if (size > MAX_ALTERNATIVES) {
            return String.join(" | ", alternatives.subList(0, MAX_ALTERNATIVES)) + " | " + (size - MAX_ALTERNATIVES)
                    + " others";
        }
        return String.join(" | ", alternatives);
    }
}
