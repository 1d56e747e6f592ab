package io.hawser.certs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What {@code --help} and the manual say of every command there is. */
class HelpTest {
    private static final Pattern WORD = Pattern.compile("\"[^\"]*\"|[^ \"]+");

    private static CommandLine commands() {
        var environment = new Environment(
                java.io.InputStream.nullInputStream(),
                new PrintWriter(new StringWriter()),
                new PrintWriter(new StringWriter()),
                Map.of(),
                java.time.Clock.systemUTC(),
                text -> java.util.Optional.empty());
        return new CommandLine(new CertsTool(environment)).setCaseInsensitiveEnumValuesAllowed(true);
    }

    private static List<CommandSpec> all(CommandSpec command) {
        var all = new ArrayList<CommandSpec>(List.of(command));
        command.subcommands().values().forEach(sub -> all.addAll(all(sub.getCommandSpec())));
        return all;
    }

    /** The examples of a command, as words without the program's name and without what the shell does. */
    private static List<List<String>> examples(CommandSpec command) {
        var examples = new ArrayList<List<String>>();
        String footer = String.join("\n", command.usageMessage().footer());
        for (String line : footer.replace("\\\n", "").lines().toList()) {
            if (line.startsWith("  certs-tool ")) {
                var words = new ArrayList<String>();
                Matcher matcher = WORD.matcher(line.strip().replaceFirst(" [>|] .*", ""));
                while (matcher.find()) {
                    words.add(matcher.group().replace("\"", ""));
                }
                examples.add(words.subList(1, words.size()));
            }
        }
        return examples;
    }

    @Test
    void everyVerbHasExamplesThatParse() {
        for (CommandSpec command : all(commands().getCommandSpec())) {
            List<List<String>> examples = examples(command);
            assertThat(examples).as(command.qualifiedName()).isNotEmpty();
            String verb = command.qualifiedName(" ").replaceFirst("^certs-tool ?", "");
            assertThat(examples)
                    .as(verb)
                    .anyMatch(words -> String.join(" ", words).startsWith(verb));
            for (List<String> words : examples) {
                CommandLine.ParseResult parsed = commands().parseArgs(words.toArray(new String[0]));
                while (parsed.hasSubcommand()) {
                    parsed = parsed.subcommand();
                }
                assertThat(parsed.commandSpec().subcommands())
                        .as(words.toString())
                        .isEmpty();
            }
        }
    }

    @Test
    void everyCommandHasAPage() {
        Map<String, String> pages = ManPages.of(commands());
        assertThat(pages).hasSameSizeAs(all(commands().getCommandSpec()));
        assertThat(pages.get("certs-tool-node-renew.1"))
                .startsWith(".TH CERTS\\-TOOL\\-NODE\\-RENEW 1 \"\" \"certs\\-tool 0.1.0\"")
                .contains("\\fB\\-\\-within\\fR=\\fITIME\\fR\n", ".SH EXAMPLES\n", ".BR certs\\-tool (1)");
        assertThat(pages.get("certs-tool.1")).contains(".SH EXIT STATUS\n0 done", "\\fB\\-\\-dry\\-run\\fR");
    }
}
