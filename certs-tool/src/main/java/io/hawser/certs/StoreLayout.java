package io.hawser.certs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Where things are in a store.
 *
 * @param root the store's directory
 */
record StoreLayout(Path root) {
    private static final Pattern NUMBERED = Pattern.compile("(root|issuing|gen)-([0-9]{1,9})");

    Path config() {
        return root.resolve("org.yaml");
    }

    Path lock() {
        return root.resolve(".lock");
    }

    /** Where a new organisation is put together before any part of it gets its name. */
    Path staging() {
        return root.resolve(".init");
    }

    Path authorities() {
        return root.resolve("ca");
    }

    /** The directory of a role's latest CA. */
    Path authority(String role) {
        List<Integer> numbers = numbers(authorities(), role);
        return authorities().resolve(role + "-" + (numbers.isEmpty() ? 1 : numbers.get(numbers.size() - 1)));
    }

    /** The directories of all of a role's CAs, oldest first. */
    List<Path> authorities(String role) {
        return numbered(authorities(), role);
    }

    /** The same of those that were rotated out. */
    List<Path> retired(String role) {
        return numbered(retired(), role);
    }

    private static List<Path> numbered(Path directory, String role) {
        return numbers(directory, role).stream()
                .map(number -> directory.resolve(role + "-" + number))
                .toList();
    }

    /** What waits for the root's signature. */
    Path requests() {
        return root.resolve("requests");
    }

    /** CAs that were rotated out. */
    Path retired() {
        return authorities().resolve("retired");
    }

    /** A name for a role's next CA that none ever had. */
    String nextAuthority(String role, List<String> taken) {
        return role
                + "-"
                + (1
                        + IntStream.of(
                                        last(numbers(authorities(), role)),
                                        last(numbers(retired(), role)),
                                        last(numbers(taken, role)))
                                .max()
                                .orElse(0));
    }

    private static int last(List<Integer> numbers) {
        return numbers.isEmpty() ? 0 : numbers.get(numbers.size() - 1);
    }

    RotationFile rotation() {
        return new RotationFile(root.resolve("state").resolve("rotation.json"));
    }

    /** Where new CAs are put together, and old ones taken apart. */
    Path rotationStaging() {
        return root.resolve(".rotate");
    }

    Path nodes() {
        return root.resolve("nodes");
    }

    Path node(NodeName node) {
        return nodes().resolve(node.toString());
    }

    Path generation(NodeName node, int generation) {
        return node(node).resolve(generationName(generation));
    }

    static String generationName(int generation) {
        return String.format(Locale.ROOT, "gen-%04d", generation);
    }

    List<Integer> generations(NodeName node) {
        return numbers(node(node), "gen");
    }

    Path current(NodeName node) {
        return node(node).resolve("current");
    }

    Path rosterJson() {
        return root.resolve("roster").resolve("roster.json");
    }

    Path rosterTerm() {
        return root.resolve("roster").resolve("roster.term");
    }

    Path ownBundle() {
        return root.resolve("trust").resolve("own.bundle.json");
    }

    Path partners() {
        return root.resolve("trust").resolve("partners");
    }

    /** The log, one line for each change. */
    Path events() {
        return root.resolve("log").resolve("events.jsonl");
    }

    /** What a running operation is about to change, in the order it does. */
    Path pending() {
        return root.resolve("log").resolve(".pending.jsonl");
    }

    Path auditHead() {
        return root.resolve("state").resolve("audit.json");
    }

    static List<String> children(Path directory) {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.map(child -> String.valueOf(child.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw CertsException.io("listing", directory, e);
        }
    }

    /** The number in a CA's name; empty when it is no name of a CA. */
    static Optional<Integer> numberOf(String authority) {
        Matcher matcher = NUMBERED.matcher(authority);
        return matcher.matches() && !matcher.group(1).equals("gen")
                ? Optional.of(Integer.parseInt(matcher.group(2)))
                : Optional.empty();
    }

    private static List<Integer> numbers(Path directory, String role) {
        return numbers(children(directory), role);
    }

    private static List<Integer> numbers(List<String> names, String role) {
        var numbers = new ArrayList<Integer>();
        for (String name : names) {
            Matcher matcher = NUMBERED.matcher(name);
            if (matcher.matches() && matcher.group(1).equals(role)) {
                numbers.add(Integer.parseInt(matcher.group(2)));
            }
        }
        numbers.sort(null);
        return numbers;
    }
}
