package io.hawser.certs.cli;

import io.hawser.certs.CertsException;
import io.hawser.certs.ErrorCode;
import io.hawser.certs.OrgStore;
import io.hawser.certs.StoreOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that does something: runs, and prints its outcome as text or as the JSON envelope. */
@Command(mixinStandardHelpOptions = true)
abstract class Verb implements Callable<Integer> {
    /** Set by picocli before the command runs. */
    @Spec
    @SuppressWarnings("NullAway.Init") // injected
    private CommandSpec spec;

    abstract Outcome run(CertsTool tool);

    @Override
    public Integer call() {
        CertsTool tool = (CertsTool) spec.root().userObject();
        try {
            Outcome outcome = run(tool);
            return tool.print(name(spec.commandLine()), outcome);
        } catch (Error e) { // such as no memory left; a script still waits for an exit code and an object
            throw new CertsException(
                            ErrorCode.INTERNAL,
                            "internal error: " + e.getClass().getName(),
                            e)
                    .hint("Please report it, with what the command was given");
        }
    }

    /** The verb as it is typed, without the program's name. */
    static String name(CommandLine command) {
        String qualified = command.getCommandSpec().qualifiedName(" ");
        int blank = qualified.indexOf(' ');
        return blank < 0 ? "" : qualified.substring(blank + 1);
    }

    static OrgStore store(CertsTool tool) {
        return OrgStore.at(tool.directory(), options(tool));
    }

    static StoreOptions options(CertsTool tool) {
        return new StoreOptions(tool.clock(), tool.dryRun(), tool.allowGroupRead(), (node, done) -> {
            if (done % 50 == 0) {
                tool.progress(done + " nodes issued");
            }
        });
    }

    /** An object that keeps the order of its keys. */
    static Map<String, Object> object(Object... keysAndValues) {
        var object = new LinkedHashMap<String, Object>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            object.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return object;
    }

    /** The first words of a text outcome. */
    static String done(CertsTool tool, boolean changed, String did, String would, String nothing) {
        if (!changed) {
            return nothing;
        }
        return tool.dryRun() ? would : did;
    }
}
