package io.hawser.certs.cli;

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
}
