package io.hawser.certs.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hawser.certs.CertsException;
import io.hawser.certs.ErrorCode;
import io.hawser.certs.Notice;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program: options that every command has, how outcomes and errors are printed, and the exit code. */
@Command(
        name = "certs-tool",
        mixinStandardHelpOptions = true,
        version = "certs-tool 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        description = "A certificate authority for distributed Erlang, from a shell.",
        subcommands = {
            OrgCommands.class,
            CaCommands.class,
            NodeCommands.class,
            RevokeCommand.class,
            CrlCommands.class,
            TrustCommands.class,
            RotateCommands.class,
            ExportCommands.class,
            VerifyCommand.class,
            ProveCommand.class,
            StatusCommand.class,
            AuditCommands.class,
            WatchCommand.class,
            InspectCommand.class,
            LintCommand.class,
            CompletionCommand.class,
            ManCommand.class
        },
        footer = {
            "",
            "Start with:",
            "  certs-tool org init orga --domain orga.test --pass prompt",
            "  certs-tool node issue a@a.orga.test b@b.orga.test --pass prompt",
            "  certs-tool export java a@a.orga.test --to /etc/hawser/a",
            "",
            "Exit codes: 0 done, 1 internal error, 2 usage, 3 refused by policy,",
            "4 verification failed, 5 attention, 6 conflict or lock held,",
            "7 secret unavailable, 8 trust not confirmed, 9 unsafe files or I/O."
        })
final class CertsTool {
    /** The forms a result is printed in. */
    enum Format {
        TEXT,
        JSON
    }

    private static final int MAX_WORD = 64;

    /** Where certificates, file times and milliseconds all have numbers for the time, with room for lifetimes. */
    private static final Instant EARLIEST = Instant.EPOCH;

    private static final Instant LATEST = Instant.parse("2999-12-31T23:59:59Z");

    private final Environment environment;

    @Option(
            names = {"-d", "--dir"},
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "The organisation's directory (default: $CERTS_TOOL_DIR, or ./pki).")
    private @Nullable Path dir;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            scope = ScopeType.INHERIT,
            description = "text or json (default: text).")
    private Format format = Format.TEXT;

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            description = "No progress and no text result; errors and warnings only.")
    private boolean quiet;

    @Option(names = "--dry-run", scope = ScopeType.INHERIT, description = "Print what would be written; write nothing.")
    private boolean dryRun;

    @Option(
            names = "--yes",
            scope = ScopeType.INHERIT,
            description = "Answer yes to questions; only 'ca sign' asks one.")
    private boolean yes;

    @Option(
            names = "--now",
            paramLabel = "TIME",
            scope = ScopeType.INHERIT,
            description = "Act as if it were this time (RFC 3339, UTC); for tests.")
    private @Nullable String now;

    @Option(
            names = "--allow-group-read",
            scope = ScopeType.INHERIT,
            description = "Accept keys and passphrase files that their group can read (mode 0640).")
    private boolean allowGroupRead;

    CertsTool(Environment environment) {
        this.environment = environment;
    }

    /**
     * Runs one command.
     *
     * @param arguments the words of the command line
     * @return the exit code
     */
    int run(String... arguments) {
        CommandLine commands = new CommandLine(this)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(environment.out())
                .setErr(environment.err())
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler((e, args) -> usageError(e, args))
                .setExecutionExceptionHandler((e, command, parsed) -> failed(Verb.name(command), e));
        int exit = commands.execute(arguments);
        if (environment.out().checkError() && exit == 0) { // a full disk, or nobody reads on
            var lost = new CertsException(ErrorCode.IO, "what was done could not be printed")
                    .hint("Run the command again where its output has room; it says what there is by now");
            printError(lost);
            exit = lost.code().exitCode();
        }
        environment.err().flush();
        return exit;
    }

    Environment environment() {
        return environment;
    }

    Path directory() {
        if (dir != null) {
            return dir;
        }
        String variable = environment.variables().get("CERTS_TOOL_DIR");
        return Path.of(variable == null || variable.isEmpty() ? "pki" : variable);
    }

    boolean dryRun() {
        return dryRun;
    }

    boolean allowGroupRead() {
        return allowGroupRead;
    }

    Clock clock() {
        if (now == null) {
            return environment.clock();
        }
        try {
            Instant time = Instant.parse(now);
            if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
                throw new CertsException(ErrorCode.USAGE, "--now is not a time from 1970 to 2999");
            }
            return Clock.fixed(time, ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            throw new CertsException(ErrorCode.USAGE, "--now is not a time", e)
                    .hint("Write it like 2026-01-31T12:00:00Z");
        }
    }

    /** Asks a person, unless that person said yes on the command line. */
    void confirm(String question) {
        if (yes) {
            return;
        }
        boolean confirmed = environment
                .prompt()
                .apply(question)
                .map(answer -> String.valueOf(answer).strip().equals("yes"))
                .orElse(false);
        if (!confirmed) {
            throw new CertsException(ErrorCode.NOT_CONFIRMED, "nobody said yes to what is shown above")
                    .hint("Compare it with what the other machine printed, then type yes or add --yes");
        }
    }

    void progress(String message) {
        if (!quiet) {
            environment.err().println(message);
            environment.err().flush();
        }
    }

    /** Prints what a command did, and returns its exit code. */
    int print(String command, Outcome outcome) {
        if (format == Format.JSON) {
            Map<String, Object> result = outcome.result();
            if (dryRun) {
                result.put("dryRun", true);
            }
            printEnvelope(command, outcome.changed(), result, outcome.warnings(), outcome.failure());
        } else {
            if (!quiet) {
                outcome.text().forEach(environment.out()::println);
            }
            outcome.warnings().forEach(warning -> environment.err().println("warning: " + warning.message()));
        }
        if (outcome.failure() == null) {
            return 0;
        }
        environment.out().flush();
        printError(outcome.failure());
        return outcome.failure().code().exitCode();
    }

    private int usageError(ParameterException e, String[] arguments) {
        if (List.of(arguments).contains("json")
                || List.of(arguments).contains("--output=json")
                || List.of(arguments).contains("-ojson")) {
            format = Format.JSON;
        }
        String command = Verb.name(e.getCommandLine());
        String help = ("certs-tool " + command).strip() + " --help";
        String meant = meant(e).map(word -> "Did you mean '" + word + "'? ").orElse("");
        return failed(command, new CertsException(ErrorCode.USAGE, message(e)).hint(meant + "See: " + help));
    }

    private static Optional<String> meant(ParameterException e) {
        List<String> unmatched = unmatched(e);
        return unmatched.isEmpty() || unmatched.get(0).length() > MAX_WORD
                ? Optional.empty()
                : Suggestions.find(e.getCommandLine(), withoutValue(unmatched.get(0)));
    }

    /** The words that belong to nothing; one of them may be why a required option seems to be missing. */
    private static List<String> unmatched(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            return unmatched.getUnmatched();
        }
        return e instanceof MissingParameterException ? e.getCommandLine().getUnmatchedArguments() : List.of();
    }

    private static String withoutValue(String word) {
        return word.startsWith("--") ? word.replaceFirst("[=:].*", "") : word;
    }

    /** Names the option but not its value, nor words that belong to no option: either might be a secret. */
    private static String message(ParameterException e) {
        if (!unmatched(e).isEmpty()) {
            var options = new ArrayList<String>();
            for (String word : unmatched(e)) {
                if (word.startsWith("-") && word.length() > 1) {
                    String name = word.startsWith("--") ? withoutValue(word) : word.substring(0, 2);
                    options.add(name.replaceAll("[^A-Za-z0-9-]", "?"));
                }
            }
            if (options.isEmpty() && !e.getCommandLine().getSubcommands().isEmpty()) {
                return "there is no such command";
            }
            return options.isEmpty() ? "there is an argument too many" : "unknown option: " + String.join(" ", options);
        }
        if (e.getArgSpec() != null && e.getValue() != null) {
            return "invalid value for "
                    + (e.getArgSpec() instanceof OptionSpec option ? option.longestName() : "an argument")
                    + expected(e.getArgSpec());
        }
        String message = e.getMessage();
        return message == null ? "the command line is not understood" : message.replaceAll("\\s+", " ");
    }

    /** The words of an option that takes one of a few. */
    private static String expected(ArgSpec argument) {
        Object[] words = argument.type().getEnumConstants();
        return words == null
                ? ""
                : Arrays.stream(words)
                        .map(word -> word.toString().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(" or ", " (expected: ", ")"));
    }

    private int failed(String command, Exception e) {
        CertsException error = e instanceof CertsException known
                ? known
                : new CertsException(
                                ErrorCode.INTERNAL,
                                "internal error: " + e.getClass().getName(),
                                e)
                        .hint("Please report it, with the lines below");
        if (format == Format.JSON) {
            printEnvelope(command, false, Map.of(), List.of(), error);
        }
        printError(error);
        if (error.code() == ErrorCode.INTERNAL && !(error.getCause() instanceof Error)) {
            for (StackTraceElement frame : e.getStackTrace()) {
                environment.err().println("  at " + frame);
            }
        }
        return error.code().exitCode();
    }

    private void printError(CertsException error) {
        PrintWriter err = environment.err();
        err.println("error: " + error.message() + " [" + error.code() + "]");
        error.hint().ifPresent(hint -> err.println("hint: " + hint));
    }

    private void printEnvelope(
            String command,
            boolean changed,
            Map<String, Object> result,
            List<Notice> warnings,
            @Nullable CertsException error) {
        Map<String, Object> envelope =
                Verb.object("schema", "certs-tool/1", "command", command, "ok", error == null, "changed", changed);
        envelope.put("result", result);
        envelope.put(
                "warnings",
                warnings.stream()
                        .map(warning -> Verb.object("code", warning.code(), "message", warning.message()))
                        .toList());
        envelope.put("error", error == null ? null : describe(error));
        try {
            environment.out().println(new ObjectMapper().writeValueAsString(envelope));
        } catch (JacksonException e) {
            throw new IllegalStateException("plain values cannot be written as JSON", e);
        }
    }

    private static Map<String, Object> describe(CertsException error) {
        Map<String, Object> fields = Verb.object("code", error.code().name(), "message", error.message());
        error.hint().ifPresent(hint -> fields.put("hint", hint));
        error.subject().ifPresent(subject -> fields.put("subject", subject));
        return fields;
    }
}
