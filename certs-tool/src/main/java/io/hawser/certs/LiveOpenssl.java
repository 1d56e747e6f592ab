package io.hawser.certs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks {@code openssl verify}. Thread-safe (no state). */
final class LiveOpenssl {
    private static final Pattern ERROR = Pattern.compile("error ([0-9]+) at [0-9]+ depth lookup: *(.*)");

    private LiveOpenssl() {}

    static Optional<LiveOpenssl> find() {
        return OtherProgram.isInstalled("openssl") ? Optional.of(new LiveOpenssl()) : Optional.empty();
    }

    Optional<Refusal> refusal(Presented presented, Role role) {
        OtherProgram.Ended ended = OtherProgram.inTemporaryDirectory(directory -> run(directory, presented, role));
        if (ended.exit() == 0) {
            return Optional.empty();
        }
        Matcher matcher = ERROR.matcher(ended.output());
        if (!matcher.find()) {
            return Optional.of(Refusal.of(Names.printable(ended.output().strip())));
        }
        return Optional.of(new Refusal(
                switch (matcher.group(1)) {
                    case "10" -> Refusal.Kind.EXPIRED;
                    case "23" -> Refusal.Kind.REVOKED;
                    case "3", "12" -> Refusal.Kind.CRL;
                    default -> Refusal.Kind.OTHER;
                },
                Names.printable(matcher.group(2).strip())));
    }

    private static OtherProgram.Ended run(Path directory, Presented presented, Role role) {
        var rest =
                new ArrayList<>(presented.chain().subList(1, presented.chain().size()));
        rest.addAll(presented.crosses());
        OtherProgram.write(directory.resolve("leaf.pem"), Pem.certificates(List.of(presented.leaf())));
        OtherProgram.write(directory.resolve("roots.pem"), Pem.certificates(presented.roots()));
        OtherProgram.write(directory.resolve("rest.pem"), Pem.certificates(rest));
        OtherProgram.write(directory.resolve("crls.pem"), Pem.crls(presented.crls()));
        var command = new ArrayList<>(List.of(
                "openssl",
                "verify",
                "-x509_strict",
                "-purpose",
                role == Role.LISTENER ? "sslserver" : "sslclient",
                "-attime",
                Long.toString(presented.at().getEpochSecond()),
                "-no-CApath",
                "-CAfile",
                "roots.pem"));
        if (!rest.isEmpty()) {
            command.addAll(List.of("-untrusted", "rest.pem"));
        }
        if (role == Role.LISTENER && !presented.host().isEmpty()) {
            command.addAll(List.of("-verify_hostname", presented.host()));
        }
        if (!presented.crls().isEmpty()) {
            command.addAll(List.of("-crl_check_all", "-CRLfile", "crls.pem"));
        }
        command.add("leaf.pem");
        return OtherProgram.run(directory, command);
    }
}
