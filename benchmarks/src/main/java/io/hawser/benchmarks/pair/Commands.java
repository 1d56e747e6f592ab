package io.hawser.benchmarks.pair;

import picocli.CommandLine;

/** Runs a command: what went wrong is one line on standard error, and status 1; bad usage is status 2. */
final class Commands {
    private Commands() {}

    static int run(Object command, String... words) {
        var commandLine = new CommandLine(command);
        commandLine.getCommandSpec().remove(commandLine.getCommandSpec().findOption("--version")); // there is none
        return commandLine
                .setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    line.getErr().println(line.getCommandName() + ": " + e.getMessage());
                    return line.getCommandSpec().exitCodeOnExecutionException();
                })
                .execute(words);
    }
}
