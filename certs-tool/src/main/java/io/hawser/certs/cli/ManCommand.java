package io.hawser.certs.cli;

import io.hawser.certs.Change;
import io.hawser.certs.TextFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code man}. */
@Command(
        name = "man",
        description = "Write the manual pages of all commands into a directory of a manual path.",
        footer = {"", "Examples:", "  certs-tool man --to /usr/local/share/man/man1", "  man -l man1/certs-tool.1"})
final class ManCommand extends Verb {
    @Option(
            names = "--to",
            required = true,
            paramLabel = "DIR",
            description = "The directory; made when it is not there.")
    private Path to = Path.of("man1");

    @Override
    Outcome run(CertsTool tool) {
        Map<String, String> pages = ManPages.of(new CommandLine(new CertsTool(tool.environment())));
        Change<Path> change = TextFiles.write(to, pages, options(tool));
        var text = new ArrayList<String>();
        text.add(done(
                tool,
                change.changed(),
                "Wrote " + change.files().size() + " pages to " + to,
                "Would write " + change.files().size() + " pages to " + to,
                "All " + pages.size() + " pages are there; nothing changed"));
        return new Outcome(
                change.changed(), object("pages", pages.size(), "files", change.files()), text, change.notices());
    }
}
