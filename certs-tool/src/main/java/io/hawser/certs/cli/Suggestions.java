package io.hawser.certs.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;

/** Guesses which command or option was meant by one that there is not. Tells only names there are, never what was typed. */
final class Suggestions {
    private Suggestions() {}

    /** The word that was probably meant, as it is typed after {@code certs-tool}. */
    static Optional<String> find(CommandLine command, String typed) {
        if (typed.startsWith("-")) {
            return closest(
                    typed, List.copyOf(command.getCommandSpec().optionsMap().keySet()));
        }
        Optional<String> here =
                closest(typed, List.copyOf(command.getSubcommands().keySet()));
        if (here.isPresent()) {
            return here;
        }
        CommandLine root = command;
        while (root.getParent() != null) {
            root = root.getParent();
        }
        // a verb without its group, such as 'issue' for 'node issue'
        var verbs = new ArrayList<String>();
        root.getSubcommands()
                .forEach((group, below) -> below.getSubcommands().keySet().stream()
                        .filter(typed::equalsIgnoreCase)
                        .forEach(verb -> verbs.add(group + " " + verb)));
        return verbs.isEmpty() ? Optional.empty() : Optional.of(String.join("' or '", verbs));
    }

    private static Optional<String> closest(String typed, List<String> names) {
        int most = Math.max(1, typed.replace("-", "").length() / 3);
        String wanted = typed.toLowerCase(Locale.ROOT);
        return names.stream()
                .filter(name -> distance(wanted, name) <= most || (wanted.length() > 3 && name.startsWith(wanted)))
                .min(Comparator.comparingInt((String name) -> distance(wanted, name))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** How many letters were left out, added, changed, or swapped with their neighbour. */
    private static int distance(String one, String other) {
        int[][] d = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int change = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
                if (i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[one.length()][other.length()];
    }
}
