package io.hawser.certs.cli;

import java.io.PrintWriter;

/** The entry point of {@code certs-tool}. */
public final class Main {
    private Main() {}

    /**
     * Runs one command and ends the process with its exit code.
     *
     * @param arguments the words of the command line
     */
    public static void main(String[] arguments) {
        System.exit(new CertsTool(Environment.ofProcess()).run(arguments));
    }

    /**
     * Runs one command in this process.
     *
     * @param out takes results
     * @param err takes messages to people
     * @param arguments the words of the command line
     * @return the exit code
     */
    public static int run(PrintWriter out, PrintWriter err, String... arguments) {
        Environment process = Environment.ofProcess();
        return new CertsTool(
                        new Environment(process.in(), out, err, process.variables(), process.clock(), process.prompt()))
                .run(arguments);
    }
}
