package io.hawser.benchmarks.pair;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A commit, checked out and built in a temporary worktree of git that goes with it; or a directory that is built already,
 * which is left as it is. Not thread-safe; used by one caller at a time.
 */
final class Checkout implements AutoCloseable {
    private static final String GIT = "Debian: apt-get install git";
    private static final String MAVEN = "Debian: apt-get install maven; or --maven COMMAND";
    private static final Path DRIVER = Path.of("benchmarks", "bin", "bench-node");

    private final Path repository;
    private final Path tree;
    private final String name;
    private final boolean isTemporary;

    private Checkout(Path repository, Path tree, String name, boolean isTemporary) {
        this.repository = repository;
        this.tree = tree;
        this.name = name;
        this.isTemporary = isTemporary;
    }

    /** Takes a directory with the driver in it, or else what git knows by the name; a commit goes below {@code parent}. */
    static Checkout of(Path repository, String word, Path parent) throws IOException, InterruptedException {
        Path directory = Path.of(word);
        if (Files.exists(directory.resolve(DRIVER))) {
            return new Checkout(repository, directory.toAbsolutePath(), word, false);
        }
        String name = git(repository, "log", "-1", "--format=%h %s", word).strip();
        Path tree = parent.resolve("tree-" + word.replaceAll("[^A-Za-z0-9.]", "_") + "-" + System.nanoTime());
        git(repository, "worktree", "add", "--detach", "--force", tree.toString(), word);
        var checkout = new Checkout(repository, tree, name, true);
        if (!Files.exists(tree.resolve(DRIVER))) {
            checkout.close();
            throw new IOException(word + ": has no " + DRIVER + " (expected: a commit that can be measured)");
        }
        return checkout;
    }

    /** Returns the short hash and the subject, or the directory. */
    String name() {
        return name;
    }

    /** Returns the driver of this commit. */
    Path driver() {
        return tree.resolve(DRIVER);
    }

    /** Builds what a measurement needs. */
    void build(List<String> maven, PrintStream progress) throws IOException, InterruptedException {
        if (!isTemporary) {
            return;
        }
        progress.println("build: " + name);
        List<String> command = new ArrayList<>(maven);
        Collections.addAll(command, "-B", "-q", "package", "-pl", "benchmarks", "-am", "-DskipTests");
        Collections.addAll(command, "-DskipAnalysis", "-Dspotless.check.skip=true");
        Tool.output(tree, MAVEN, command);
    }

    /** Tells whether two commits measure with different drivers; nothing is known of directories. */
    boolean driverDiffers(Checkout other) throws IOException, InterruptedException {
        return isTemporary
                && other.isTemporary
                && !git(
                                repository,
                                "diff",
                                "--stat",
                                hash(),
                                other.hash(),
                                "--",
                                "benchmarks/src/main",
                                "benchmarks/bin/bench-node")
                        .isBlank();
    }

    private String hash() {
        return name.substring(0, name.indexOf(' '));
    }

    @Override
    public void close() throws IOException {
        if (!isTemporary || !Files.exists(tree)) {
            return;
        }
        try {
            git(repository, "worktree", "remove", "--force", tree.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String git(Path repository, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-C", repository.toString()));
        Collections.addAll(command, words);
        return Tool.output(Path.of("."), GIT, command);
    }
}
