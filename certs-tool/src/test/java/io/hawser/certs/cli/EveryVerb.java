package io.hawser.certs.cli;

import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;

/** One run through all verbs there are, for tests of what holds for each of them. */
final class EveryVerb {
    private EveryVerb() {}

    /** Which keys a command opens or makes. */
    enum Keys {
        NONE,
        OPENED,
        MADE
    }

    /**
     * A command in its place among the others.
     *
     * @param keys says which options for passphrases it gets
     * @param exit how it ends, each time
     * @param changes whether it changes something the first time
     * @param words with {@code @} for the working directory
     */
    record Step(Keys keys, int exit, boolean changes, List<String> words) {
        /** The verb, as the envelope names it. */
        String verb() {
            return verbs().contains(words.get(0)) ? words.get(0) : words.get(0) + " " + words.get(1);
        }

        /** What is typed; without a passphrase's file the keys are not encrypted. */
        String[] typed(String directory, Optional<String> passphraseFile) {
            var typed = new ArrayList<>(words);
            if (keys != Keys.NONE && passphraseFile.isPresent()) {
                typed.add("--pass=file:" + passphraseFile.get());
            } else if (keys == Keys.MADE) {
                typed.add("--insecure-unencrypted-ca-keys");
            }
            typed.replaceAll(word -> word.replace("@", directory).replace("%", "@"));
            return typed.toArray(String[]::new);
        }
    }

    /** Reading commands change nothing and end well. */
    private static Step reading(String words) {
        return new Step(Keys.NONE, 0, false, List.of(words.split(" ", -1)));
    }

    private static Step writing(Keys keys, String words) {
        return new Step(keys, 0, true, List.of(words.split(" ", -1)));
    }

    /**
     * All of them, in an order in which they work.
     *
     * @param fingerprint of the root of a partner, whose bundle is {@code @/orgb.json}
     * @param port where nothing listens
     */
    static List<Step> steps(String fingerprint, int port) {
        return List.of(
                writing(Keys.MADE, "org init orga --domain orga.test --offline-root @/usb"),
                reading("org show"),
                writing(Keys.OPENED, "node issue a%a.orga.test b%b.orga.test"),
                writing(Keys.NONE, "node request c%c.orga.test --out @/c.csr"),
                writing(Keys.OPENED, "node sign @/c.csr --expect c%c.orga.test --explain"),
                writing(Keys.OPENED, "node renew a%a.orga.test --within 91d --life 92d"),
                reading("node list"),
                reading("node show a%a.orga.test"),
                writing(Keys.MADE, "ca issue-intermediate issuing-2"),
                writing(
                        Keys.OPENED,
                        "ca sign @/pki/requests/issuing-2/request.json --out @/answer.json --offline-root @/usb --yes"),
                writing(Keys.OPENED, "ca install @/answer.json"),
                writing(Keys.MADE, "ca rekey issuing-2 --offline-root @/usb"),
                reading("ca list"),
                writing(Keys.OPENED, "revoke c%c.orga.test --reason keyCompromise"),
                writing(Keys.OPENED, "crl issue --life 7d"),
                reading("crl show"),
                writing(Keys.NONE, "crl install @/crl"),
                writing(Keys.OPENED, "trust export --to @/orga.json"),
                reading("trust diff @/orgb.json"),
                writing(Keys.OPENED, "trust import @/orgb.json --offline-root @/usb --fingerprint " + fingerprint),
                new Step(Keys.OPENED, 0, false, List.of("trust", "refresh", "@/orgb.json", "--offline-root", "@/usb")),
                reading("trust list"),
                writing(Keys.OPENED, "export java a%a.orga.test --to @/java"),
                writing(Keys.NONE, "export otp a%a.orga.test --to @/otp"),
                writing(Keys.NONE, "export pem a%a.orga.test --to @/pem"),
                writing(Keys.NONE, "export k8s a%a.orga.test --to @/k8s"),
                reading("inspect @/pem/cert.pem"),
                reading("lint @/pem/cert.pem"),
                reading("verify a%a.orga.test"),
                reading("audit log"),
                reading("audit verify"),
                new Step(Keys.OPENED, 0, false, List.of("watch", "--once")),
                new Step(
                        Keys.NONE,
                        4,
                        false,
                        List.of("prove", "--to", "a%a.orga.test", "--at", "a%a.orga.test=127.0.0.1:" + port)),
                writing(Keys.OPENED, "rotate issuing --offline-root @/usb"),
                reading("rotate status"),
                new Step(Keys.OPENED, 5, false, List.of("rotate", "next", "--at", "a%a.orga.test=127.0.0.1:" + port)),
                writing(Keys.OPENED, "rotate abort"),
                reading("rotate node a%a.orga.test --plan"),
                reading("rotate root --plan"),
                writing(Keys.OPENED, "trust remove orgb --offline-root @/usb"),
                reading("status --check"),
                writing(Keys.OPENED, "trust import @/orgb.json --fingerprint " + fingerprint),
                writing(
                        Keys.OPENED,
                        "ca sign @/pki/requests/cross-orgb-root-1.json --out @/fence.json --offline-root @/usb --yes"),
                writing(Keys.OPENED, "ca install @/fence.json"),
                writing(Keys.OPENED, "trust remove orgb"),
                writing(Keys.MADE, "rotate issuing --signer file"),
                reading("completion"),
                writing(Keys.NONE, "man --to @/man"));
    }

    /** The verbs that the program has. */
    static Set<String> verbs() {
        var environment = new Environment(
                InputStream.nullInputStream(),
                new PrintWriter(new StringWriter()),
                new PrintWriter(new StringWriter()),
                Map.of(),
                Clock.systemUTC(),
                text -> Optional.empty());
        var verbs = new TreeSet<String>();
        new CommandLine(new CertsTool(environment)).getSubcommands().forEach((name, command) -> {
            if (command.getSubcommands().isEmpty()) {
                verbs.add(name);
            }
            command.getSubcommands().keySet().forEach(verb -> verbs.add(name + " " + verb));
        });
        return verbs;
    }
}
