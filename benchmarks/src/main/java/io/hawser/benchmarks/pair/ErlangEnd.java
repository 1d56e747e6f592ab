package io.hawser.benchmarks.pair;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The Erlang end: its module is compiled with the {@code erlc} of the path, and so fits whatever OTP there is. */
final class ErlangEnd {
    private static final String MODULE = "pair_bench";
    private static final String WHAT_TO_INSTALL = "Debian: apt-get install erlang-base erlang-ssl erlang-crypto";

    private final Path directory;
    private final Path certificates;
    private final String carrier;

    ErlangEnd(PairLab lab, String carrier) {
        this.directory = lab.directory().resolve("erlang");
        this.certificates = lab.certificates();
        this.carrier = carrier;
    }

    /** Compiles the module and writes the options of TLS. */
    void prepare() throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path source = directory.resolve(MODULE + ".erl");
        try (InputStream in = resource(MODULE + ".erl")) {
            Files.write(source, in.readAllBytes());
        }
        Tool.output(directory, WHAT_TO_INSTALL, List.of("erlc", "-o", directory.toString(), source.toString()));
        for (String side : List.of("a", "b")) {
            Files.writeString(options(side), tlsOptions(side));
        }
    }

    /** Returns the release of OTP. */
    static String release() throws IOException, InterruptedException {
        String code = "io:put_chars(erlang:system_info(otp_release)), halt().";
        return Tool.output(Path.of("."), WHAT_TO_INSTALL, List.of("erl", "-noshell", "-eval", code))
                .strip();
    }

    /** Returns the command for what {@link BenchNode} takes. */
    List<String> command(List<String> words) {
        boolean isServer = words.get(0).equals("server");
        List<String> command = new ArrayList<>();
        Collections.addAll(command, "erl", "-noshell", "-pa", directory.toString());
        Collections.addAll(command, "-name", words.get(1) + "@127.0.0.1", "-setcookie", PairLab.COOKIE);
        Collections.addAll(command, "-start_epmd", "false", "-connect_all", "false");
        Collections.addAll(command, "-kernel", "prevent_overlapping_partitions", "false");
        Collections.addAll(command, "inet_dist_use_interface", "{127,0,0,1}");
        if (carrier.equals("tls")) {
            Collections.addAll(command, "-proto_dist", "inet_tls");
            Collections.addAll(
                    command, "-ssl_dist_optfile", options(isServer ? "b" : "a").toString());
        }
        Collections.addAll(command, "-run", MODULE, words.get(0));
        command.addAll(words.subList(3, words.size()));
        return command;
    }

    private Path options(String side) {
        return directory.resolve(side + ".conf");
    }

    private String tlsOptions(String side) {
        String common = "{certfile, \"%1$s/%2$s.pem\"}, {keyfile, \"%1$s/%2$s.key\"}, {cacertfile, \"%1$s/ca.pem\"},"
                + " {verify, verify_peer}, {versions, ['tlsv1.3']}, {ciphers, [\"" + PairCertificates.SUITE + "\"]}";
        return ("[{server, [" + common + ", {fail_if_no_peer_cert, true}]}, {client, [" + common + "]}].\n")
                .formatted(certificates, side);
    }

    /** Opens a file that stands beside this class. */
    static InputStream resource(String name) {
        InputStream in = ErlangEnd.class.getResourceAsStream(name);
        if (in == null) {
            throw new UncheckedIOException(new IOException(name + ": not on the class path"));
        }
        return in;
    }
}
