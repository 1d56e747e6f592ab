package io.hawser.certs.cli;

import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code completion}. */
@Command(
        name = "completion",
        description = "Print a script that has bash, or zsh with bashcompinit, complete commands and options.",
        footer = {
            "",
            "Examples:",
            "  source <(certs-tool completion)",
            "  certs-tool completion > /etc/bash_completion.d/certs-tool"
        })
final class CompletionCommand extends Verb {
    @Override
    Outcome run(CertsTool tool) {
        String script = AutoComplete.bash("certs-tool", new CommandLine(new CertsTool(tool.environment())));
        return new Outcome(false, object("script", script), script.lines().toList(), List.of());
    }
}
