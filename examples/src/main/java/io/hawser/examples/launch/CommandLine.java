package io.hawser.examples.launch;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The command line of an example. Immutable.
 *
 * @param words what is no option, the node's name first
 * @param certs the directory of the node's certificates
 * @param cookie the file of the cookie
 * @param port the port to listen on; 0 for any that is free
 * @param insecureTcp whether to do without TLS
 */
record CommandLine(List<String> words, Path certs, Path cookie, int port, boolean insecureTcp) {
    static final String OPTIONS = "[--certs DIR] [--cookie FILE] [--port PORT] [--insecure-tcp]";

    static CommandLine parse(String usage, String[] arguments) {
        var rest = new ArrayDeque<>(Arrays.asList(arguments));
        List<String> words = new ArrayList<>();
        String certs = "";
        Path cookie = Path.of(System.getProperty("user.home"), ".erlang.cookie");
        int port = 0;
        boolean insecureTcp = false;
        while (!rest.isEmpty()) {
            String word = rest.remove();
            switch (word) {
                case "--certs" -> certs = value(word, rest);
                case "--cookie" -> cookie = Path.of(value(word, rest));
                case "--port" -> port = port(value(word, rest));
                case "--insecure-tcp" -> insecureTcp = true;
                default -> words.add(checked(word));
            }
        }
        checkNumber(usage, words);
        String alive = words.get(0).replaceFirst("@.*", "");
        return new CommandLine(
                List.copyOf(words),
                certs.isEmpty() ? Path.of("certs", alive) : Path.of(certs),
                cookie,
                port,
                insecureTcp);
    }

    private static void checkNumber(String usage, List<String> words) {
        String[] expected = usage.split(" ");
        long required =
                Arrays.stream(expected).filter(word -> !word.startsWith("[")).count();
        if (words.size() < required || words.size() > expected.length) {
            String found = words.isEmpty() ? "nothing" : String.join(" ", words);
            throw new UsageException("arguments: " + found + " (expected: " + usage + ")");
        }
        if (!words.get(0).matches("[^@]+@[^@]+")) {
            throw new UsageException("node: " + words.get(0) + " (expected: NAME@HOST, such as a@localhost)");
        }
    }

    private static String checked(String word) {
        if (word.startsWith("-")) {
            throw new UsageException("option: " + word + " (expected: " + OPTIONS + ")");
        }
        return word;
    }

    private static String value(String option, ArrayDeque<String> rest) {
        if (rest.isEmpty()) {
            throw new UsageException(option + ": no value (expected: " + OPTIONS + ")");
        }
        return rest.remove();
    }

    private static int port(String text) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65535) {
            throw new UsageException("--port: " + text + " (expected: 0 to 65535)");
        }
        return Integer.parseInt(text);
    }
}
