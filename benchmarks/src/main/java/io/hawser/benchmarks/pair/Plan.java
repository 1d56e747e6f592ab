package io.hawser.benchmarks.pair;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What one launch measures. It goes to the processes as environment variables, which an Erlang process can read as well:
 * {@code SECS} (2), {@code REPS} (2), {@code KINDS} (small,k1,k64), {@code PARS} (1,8), {@code CALLERS} (blocked; or
 * {@code none}), {@code CONNECTS} (50) and {@code CONNECTS_BEFORE} (300).
 *
 * @param seconds how long one repetition is to last
 * @param repetitions how often each thing is timed
 * @param kinds what is sent
 * @param senders by how many at once; large kinds by one only
 * @param callers who plays ping-pong
 * @param connects how many connections are timed, 0 for none
 * @param connectsBefore how many are made before, so that a JVM has compiled what they take
 */
record Plan(
        double seconds,
        int repetitions,
        List<Kind> kinds,
        List<Integer> senders,
        List<Caller> callers,
        int connects,
        int connectsBefore) {
    private static final double NANOS = 1e9;

    Plan {
        kinds = List.copyOf(kinds);
        senders = List.copyOf(senders);
        callers = List.copyOf(callers);
    }

    long nanos() {
        return (long) (seconds * NANOS);
    }

    static Plan fromEnvironment() {
        return new Plan(
                Double.parseDouble(env("SECS", "2")),
                Integer.parseInt(env("REPS", "2")),
                list(env("KINDS", "small,k1,k64"), Kind::named),
                list(env("PARS", "1,8"), Integer::parseInt),
                list(env("CALLERS", "blocked"), Caller::named),
                Integer.parseInt(env("CONNECTS", "50")),
                Integer.parseInt(env("CONNECTS_BEFORE", "300")));
    }

    void toEnvironment(Map<String, String> environment) {
        // a whole number where it is one, as drivers of older commits know nothing else
        environment.put("SECS", seconds == Math.rint(seconds) ? Long.toString((long) seconds) : seconds + "");
        environment.put("REPS", Integer.toString(repetitions));
        environment.put("KINDS", text(kinds, Kind::label));
        environment.put("PARS", text(senders, i -> Integer.toString(i)));
        environment.put("CALLERS", text(callers, Caller::label));
        environment.put("CONNECTS", Integer.toString(connects));
        environment.put("CONNECTS_BEFORE", Integer.toString(connectsBefore));
    }

    /** The same with one kind more, before the others. */
    Plan with(Kind kind) {
        List<Kind> more = new ArrayList<>(List.of(kind));
        more.addAll(kinds);
        return new Plan(seconds, repetitions, more, senders, callers, connects, connectsBefore);
    }

    Plan withSenders(int wanted) {
        return new Plan(seconds, repetitions, kinds, List.of(wanted), callers, connects, connectsBefore);
    }

    /** Returns a variable of the environment, or the default if it is missing or empty. */
    static String env(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }

    private static <T> List<T> list(String text, Function<String, T> parse) {
        return text.equals("none")
                ? List.of()
                : Arrays.stream(text.split(",", -1)).map(parse).toList();
    }

    private static <T> String text(List<T> values, Function<T, String> label) {
        return values.isEmpty() ? "none" : values.stream().map(label).collect(Collectors.joining(","));
    }
}
