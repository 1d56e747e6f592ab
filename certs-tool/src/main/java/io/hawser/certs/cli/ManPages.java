package io.hawser.certs.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Manual pages in roff, one for each command, made of what {@code --help} is made of. Not thread-safe; used once. */
final class ManPages {
    private static final String START = "Start with:";

    private final Map<String, String> pages = new LinkedHashMap<>();
    private final String version;

    private ManPages(String version) {
        this.version = version;
    }

    /** The pages by file name. */
    static Map<String, String> of(CommandLine commands) {
        var made = new ManPages(commands.getCommandSpec().version()[0]);
        made.add(commands.getCommandSpec());
        return made.pages;
    }

    private void add(CommandSpec command) {
        String name = command.qualifiedName("-");
        pages.put(name + ".1", page(command, name));
        command.subcommands().values().forEach(sub -> add(sub.getCommandSpec()));
    }

    private String page(CommandSpec command, String name) {
        var lines = new ArrayList<String>();
        lines.add(".TH " + escape(name.toUpperCase(Locale.ROOT)) + " 1 \"\" \"" + escape(version)
                + "\" \"certs\\-tool\"");
        lines.add(".SH NAME");
        String description = String.join(" ", command.usageMessage().description());
        lines.add(escape(name) + " \\- " + escape(firstSentence(description)));
        lines.add(".SH SYNOPSIS");
        lines.add(".B " + escape(command.qualifiedName(" ")));
        lines.add(synopsis(command));
        lines.add(".SH DESCRIPTION");
        lines.add(text(description));
        commands(command, lines);
        arguments(command, lines);
        footer(command, lines);
        lines.add(".SH SEE ALSO");
        CommandSpec parent = command.parent();
        lines.add(
                parent == null
                        ? ".BR openssl (1)"
                        : ".BR " + escape(command.root().name()) + " (1)"
                                + (parent == command.root()
                                        ? ""
                                        : ",\n.BR " + escape(parent.qualifiedName("-")) + " (1)"));
        return String.join("\n", lines) + "\n";
    }

    private static String firstSentence(String description) {
        int end = description.indexOf(". ");
        String sentence = end < 0 ? description : description.substring(0, end);
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }

    private static String synopsis(CommandSpec command) {
        var words = new ArrayList<String>(List.of("[\\fIOPTIONS\\fR]"));
        for (OptionSpec option : own(command)) {
            if (option.required()) {
                words.add("\\fB" + escape(option.longestName()) + "\\fR=\\fI" + escape(option.paramLabel()) + "\\fR");
            }
        }
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            String label = "\\fI" + escape(parameter.paramLabel()) + "\\fR";
            String many = parameter.arity().max() > 1 ? "..." : "";
            words.add(parameter.required() ? label + many : "[" + label + many + "]");
        }
        if (!command.subcommands().isEmpty()) {
            words.add("\\fICOMMAND\\fR");
        }
        return String.join(" ", words);
    }

    private static List<OptionSpec> own(CommandSpec command) {
        return command.options().stream()
                .filter(option -> !option.hidden() && !(option.inherited() && command.parent() != null))
                .toList();
    }

    private static void commands(CommandSpec command, List<String> lines) {
        if (!command.subcommands().isEmpty()) {
            lines.add(".SH COMMANDS");
            command.subcommands().values().forEach(sub -> {
                lines.add(".TP");
                lines.add(".BR " + escape(sub.getCommandSpec().qualifiedName("-")) + " (1)");
                lines.add(text(
                        String.join(" ", sub.getCommandSpec().usageMessage().description())));
            });
        }
    }

    private static void arguments(CommandSpec command, List<String> lines) {
        lines.add(".SH OPTIONS");
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            lines.add(".TP");
            lines.add("\\fI" + escape(parameter.paramLabel()) + "\\fR");
            lines.add(description(parameter));
        }
        for (OptionSpec option : own(command)) {
            lines.add(".TP");
            String label = option.arity().max() > 0 ? "=\\fI" + escape(option.paramLabel()) + "\\fR" : "";
            lines.add(String.join(
                            ", ",
                            Arrays.stream(option.names())
                                    .map(name -> "\\fB" + escape(name) + "\\fR")
                                    .toList())
                    + label);
            lines.add(description(option));
        }
        if (command.parent() != null) {
            lines.add(".PP");
            lines.add("The options of");
            lines.add(".BR " + escape(command.root().name()) + " (1)");
            lines.add("go with every command.");
        }
    }

    private static String description(ArgSpec argument) {
        return text(String.join(" ", argument.description()));
    }

    /** Lines that are indented are to be typed; what is left, such as the exit codes, is text. */
    private static void footer(CommandSpec command, List<String> lines) {
        var rest = new ArrayList<String>();
        var typed = new ArrayList<String>();
        for (String line : command.usageMessage().footer()) {
            if (line.startsWith("  ")) {
                typed.add(line.strip());
            } else if (!line.isBlank() && !line.startsWith("Example") && !line.equals(START)) {
                rest.add(line);
            }
        }
        if (!typed.isEmpty()) {
            lines.add(".SH EXAMPLES");
            lines.add(".nf");
            typed.forEach(line -> lines.add(text(line)));
            lines.add(".fi");
        }
        if (!rest.isEmpty()) {
            lines.add(".SH EXIT STATUS");
            lines.add(text(String.join(" ", rest).replaceFirst("^Exit codes: ", "")));
        }
    }

    private static String text(String text) {
        String escaped = escape(text.replaceAll("\\s+", " ").strip());
        return escaped.startsWith(".") ? "\\&" + escaped : escaped;
    }

    /** Hyphens and quotes that can be copied and typed; no request at the start of a line. */
    private static String escape(String text) {
        return text.replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("'", "\\(aq")
                .replace("\"", "\\(dq")
                .replace("`", "\\(ga")
                .replace("^", "\\(ha")
                .replace("~", "\\(ti");
    }
}
