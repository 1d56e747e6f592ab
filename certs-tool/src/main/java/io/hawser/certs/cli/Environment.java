package io.hawser.certs.cli;

import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the command line has from the process around it. Tests hand in their own.
 *
 * @param in standard input
 * @param out results
 * @param err messages to people
 * @param variables environment variables
 * @param clock the time, unless {@code --now} is given
 * @param prompt asks a person for a passphrase without echo; empty when there is no terminal
 */
record Environment(
        InputStream in,
        PrintWriter out,
        PrintWriter err,
        Map<String, String> variables,
        Clock clock,
        Function<String, Optional<char[]>> prompt) {
    static Environment ofProcess() {
        return new Environment(
                System.in,
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                System.getenv(),
                Clock.systemUTC(),
                text -> Optional.ofNullable(System.console()).map(console -> console.readPassword("%s", text)));
    }
}
