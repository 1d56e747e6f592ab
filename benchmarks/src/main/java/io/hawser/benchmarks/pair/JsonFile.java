package io.hawser.benchmarks.pair;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Results as JSON: what was asked for, and one object for each launch and metric. */
final class JsonFile {
    private JsonFile() {}

    /** Writes the file; the conditions are texts. */
    static void write(Path file, Map<String, String> conditions, Results results) throws IOException {
        var text = new StringBuilder("{\n");
        conditions.forEach((name, value) -> text.append("  ")
                .append(quoted(name))
                .append(": ")
                .append(quoted(value))
                .append(",\n"));
        List<String> launches = new ArrayList<>();
        for (String peer : results.peers()) {
            for (String metric : results.metrics()) {
                results.rounds(peer, metric)
                        .forEach((round, value) -> launches.add(String.format(
                                Locale.ROOT,
                                "    {\"peer\": %s, \"round\": %d, \"metric\": %s, \"unit\": %s, \"value\": %.2f}",
                                quoted(peer),
                                round,
                                quoted(metric),
                                quoted(results.unit(metric)),
                                value)));
            }
        }
        text.append("  \"launches\": [\n").append(String.join(",\n", launches)).append("\n  ]\n}\n");
        Files.writeString(file, text);
    }

    private static String quoted(String text) {
        var quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                default ->
                    quoted.append(c < ' ' ? String.format(Locale.ROOT, "\\u%04x", (int) c) : Character.toString(c));
            }
        }
        return quoted.append('"').toString();
    }
}
