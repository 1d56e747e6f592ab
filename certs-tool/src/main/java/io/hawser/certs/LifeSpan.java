package io.hawser.certs;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lifetimes as people write them: {@code 90d}, {@code 36h}, {@code 30m}, {@code 2w}, {@code 10y} (365 days each). */
public final class LifeSpan {
    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,5})([smhdwy])");

    private LifeSpan() {}

    /**
     * Reads a lifetime.
     *
     * @param text a number and one of {@code s m h d w y}
     * @return the lifetime
     * @throws CertsException if the text has another form ({@code USAGE})
     */
    public static Duration parse(String text) {
        Matcher matcher = FORM.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new CertsException(
                            ErrorCode.USAGE,
                            "'" + Names.printable(text) + "' is no length of time (expected: 90d, 36h, 2y)")
                    .hint("Write a number and a unit: s, m, h, d, w or y");
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            case "d" -> Duration.ofDays(count);
            case "w" -> Duration.ofDays(7 * count);
            default -> Duration.ofDays(365 * count);
        };
    }

    /**
     * Writes a lifetime in its largest whole unit.
     *
     * @param life the lifetime
     * @return text that {@link #parse} reads back
     */
    public static String format(Duration life) {
        long seconds = life.toSeconds();
        if (seconds % 86_400 == 0) {
            long days = seconds / 86_400;
            return days % 365 == 0 ? days / 365 + "y" : days + "d";
        }
        if (seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
