package io.hawser.examples.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.testing.Interop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The walk-through of certs-tool, typed line by line as it stands; every line must succeed. */
@Interop
@Timeout(
        value = 10,
        unit = TimeUnit.MINUTES) // a hundred commands, most of them a JVM, on a machine that has other work
class WalkthroughTest {
    private static final Path PAGE = Path.of("../certs-tool/README.md");
    private static final String HEADING = "## Two organisations, one mesh: a walk-through";
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\\R(.*?)^```");

    @TempDir
    private Path directory;

    @Test
    void leadsFromNothingToAMeshOfTwoOrganisations() throws IOException, InterruptedException {
        try (var desk = new Desk(directory);
                var bash = desk.bash()) {
            String page = Files.readString(PAGE);
            assertThat(page).contains(HEADING);
            List<String> commands = commands(page.substring(page.indexOf(HEADING)));
            assertThat(commands).hasSizeGreaterThan(50);
            for (String command : commands) {
                if (!command.startsWith("mvn ")) { // what it builds is what is tested here
                    bash.run(command);
                }
            }
            assertThat(bash.children()).isZero();
        }
    }

    /** The lines of all blocks; one in which a quote is open goes on in the next. */
    private static List<String> commands(String page) {
        var commands = new ArrayList<String>();
        BLOCK.matcher(page).results().forEach(block -> {
            var command = new StringBuilder();
            for (String line : block.group(1).lines().toList()) {
                command.append(line);
                if (isWhole(command)) {
                    commands.add(command.toString());
                    command.setLength(0);
                } else {
                    command.append('\n');
                }
            }
            assertThat(command).isEmpty();
        });
        return commands;
    }

    private static boolean isWhole(CharSequence command) {
        char quote = 0;
        for (int i = 0; i < command.length(); i++) {
            char c = command.charAt(i);
            if (c == '\\' && quote != '\'') {
                i++;
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            } else if (c == quote) {
                quote = 0;
            }
        }
        return quote == 0;
    }
}
