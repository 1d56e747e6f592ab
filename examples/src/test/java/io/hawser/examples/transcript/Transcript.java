package io.hawser.examples.transcript;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the Javadoc of an example shows between {@code <pre>} and {@code </pre>}, a line each:
 *
 * <pre>{@code
 * $ COMMAND          starts a program in a terminal of its own
 * 1> EXPRESSION.     typed to the Erlang shell that was started last
 * iex(1)> EXPRESSION typed to the Elixir shell that was started last
 * NAME> TEXT         typed to the program that was started last with NAME in its command; ^D ends its input
 * NAME< TEXT         that program prints a line that begins so
 * TEXT               the program of the line before prints a line that begins so
 * }</pre>
 *
 * @param steps the lines in order
 */
record Transcript(List<Step> steps) {
    private static final Pattern BLOCK = Pattern.compile("(?s)<pre>\\{@code\\R(.*?)\\R \\* }</pre>");
    private static final Pattern ERLANG = Pattern.compile("\\d+> (.*)");
    private static final Pattern ELIXIR = Pattern.compile("iex\\(\\d+\\)> (.*)");
    private static final Pattern TYPED = Pattern.compile("([A-Za-z]+)> (.*)");
    private static final Pattern PRINTED = Pattern.compile("([A-Za-z]+)< (.*)");

    /** What a line says. */
    enum Action {
        START,
        TYPE,
        EXPECT
    }

    /**
     * One line.
     *
     * @param action what to do
     * @param program a word in the command of the program; empty for the one of the line before
     * @param text the command, what is typed, or what is printed
     */
    record Step(Action action, String program, String text) {}

    /** Reads the one block of a source file. */
    static Transcript of(Path source) throws IOException {
        Matcher block = BLOCK.matcher(Files.readString(source));
        if (!block.find()) {
            throw new AssertionError(source + ": shows no lines that run it");
        }
        List<Step> steps = new ArrayList<>();
        for (String line : block.group(1).lines().toList()) {
            steps.add(step(line.replaceFirst("^ \\* ?", "")));
        }
        return new Transcript(List.copyOf(steps));
    }

    private static Step step(String line) {
        if (line.startsWith("$ ")) {
            return new Step(Action.START, "", line.substring(2));
        }
        Matcher erlang = ERLANG.matcher(line);
        if (erlang.matches()) {
            return new Step(Action.TYPE, "erl", erlang.group(1));
        }
        Matcher elixir = ELIXIR.matcher(line);
        if (elixir.matches()) {
            return new Step(Action.TYPE, "iex", elixir.group(1));
        }
        Matcher typed = TYPED.matcher(line);
        if (typed.matches()) {
            return new Step(Action.TYPE, typed.group(1), typed.group(2));
        }
        Matcher printed = PRINTED.matcher(line);
        return printed.matches()
                ? new Step(Action.EXPECT, printed.group(1), printed.group(2))
                : new Step(Action.EXPECT, "", line);
    }
}
