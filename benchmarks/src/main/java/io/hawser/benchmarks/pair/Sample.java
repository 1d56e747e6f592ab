package io.hawser.benchmarks.pair;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One measured value, as the line that a client prints.
 *
 * @param peer what was measured
 * @param metric what about it
 * @param unit of the value
 * @param value the value
 */
record Sample(String peer, String metric, String unit, double value) {
    private static final Pattern LINE = Pattern.compile("RESULT peer=(\\S+) metric=(\\S+) unit=(\\S+) value=([0-9.]+)");

    String line() {
        return String.format(Locale.ROOT, "RESULT peer=%s metric=%s unit=%s value=%.2f", peer, metric, unit, value);
    }

    /** Returns the value of a line, nothing if the line holds none. */
    static Optional<Sample> parse(String line) {
        Matcher matcher = LINE.matcher(line);
        return matcher.matches()
                ? Optional.of(new Sample(
                        matcher.group(1), matcher.group(2), matcher.group(3), Double.parseDouble(matcher.group(4))))
                : Optional.empty();
    }
}
