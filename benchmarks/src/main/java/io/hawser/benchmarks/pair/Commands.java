package io.hawser.benchmarks.pair;

import picocli.CommandLine;

/** Runs a command: what went wrong is one line on standard error, and status 1; bad usage is status 2. */
final class Commands {
    private Commands() {}

    static int run(Object command, String... words) {
        return new CommandLine(command)
                .setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    line.getErr().println(line.getCommandName() + ": " + e.getMessage());
                    return line.getCommandSpec().exitCodeOnExecutionException();
                })
                .execute(words);
    }
}
