package io.hawser.examples.interop;

import io.hawser.testing.OtpNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Elixir within an Erlang node: its own modules, loaded from where it is installed. */
final class Elixir {
    private final OtpNode node;

    /** Loads Elixir; skips the test where there is none, or fails it if interop is required. */
    Elixir(OtpNode node) {
        this.node = node;
        Optional<Path> ebin = ebin();
        if (!"required".equals(System.getProperty("hawser.interop"))) {
            Assumptions.assumeTrue(ebin.isPresent(), "no elixir on the path");
        }
        node.eval("true = code:add_pathz(\"" + ebin.orElseThrow()
                + "\"), {ok, _} = application:ensure_all_started(elixir)");
    }

    private static Optional<Path> ebin() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .map(dir -> Path.of(dir, "elixir"))
                .filter(Files::isExecutable)
                .map(Elixir::installed)
                .filter(Files::isDirectory)
                .findFirst();
    }

    private static Path installed(Path elixir) {
        try {
            return elixir.toRealPath().resolveSibling("../lib/elixir/ebin").normalize();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Evaluates Elixir; {@code $J} stands for the Hawser node's name. Returns what {@code inspect} gives. */
    String eval(String code) {
        String quoted = code.replace("$J", ":\"" + Pair.JAVA + "\"");
        byte[] inspected = node.evalBinary(
                "{V, _} = 'Elixir.Code':eval_string(A1), 'Elixir.Kernel':inspect(V)",
                quoted.getBytes(StandardCharsets.UTF_8));
        return new String(inspected, StandardCharsets.UTF_8);
    }
}
