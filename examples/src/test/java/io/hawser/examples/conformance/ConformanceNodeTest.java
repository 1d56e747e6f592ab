package io.hawser.examples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The conformance node as a process: what it prints, and how it ends. */
class ConformanceNodeTest {
    private static final String[] TCP = {
        "--name", "java@localhost", "--transport", "tcp", "--cookie", "secret", "--discovery", "none"
    };

    @TempDir
    private Path directory;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void end() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    private Process start(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", // as bin/example does: newer JDKs warn otherwise
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ConformanceNode.class.getName()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.redirectError(directory.resolve("stderr").toFile());
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private static int port(String ready) {
        assertThat(ready).matches("ready java@localhost \\d+");
        return Integer.parseInt(ready.substring(ready.lastIndexOf(' ') + 1));
    }

    @Test
    void printsOneLineAndEndsWithItsInput() throws Exception {
        Process node = start(TCP);
        try (var output = output(node)) {
            int port = port(output.readLine());
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(socket.isConnected()).isTrue();
            }
            node.getOutputStream().close();
            assertThat(node.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(node.exitValue()).isZero();
            assertThat(output.readLine()).isNull();
        }
    }

    @Test
    void closesAndExitsWithZeroAtSigterm() throws Exception {
        Process node = start(TCP);
        try (var output = output(node)) {
            port(output.readLine());
            node.toHandle().destroy(); // a Process would close its streams
            assertThat(node.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(node.exitValue()).isZero();
            assertThat(output.readLine()).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--name a@localhost --nonsense                       | Unknown option",
                "--name nonsense                                     | nonsense",
                "--name a@localhost --cookie c                       | no certificates (expected: --certs DIR",
                "--name a@localhost --cookie c --certs none          | none",
                "--name a@localhost --transport tcp --cookie-file no | no",
                "--name a@localhost --transport tcp --cookie c --auth strong | handshake: requires one of [hawser-strong-1], on which transport tcp cannot agree",
                "--name a@localhost --transport tcp --cookie c --auth weak  | --auth: weak (expected: otp, strong or auto)",
                "--name a@localhost --transport tcp --cookie c --discovery none --listen 127.0.0.1:PORT | address in use"
            })
    void saysInOneLineWhatIsWrongAndExitsWithTwo(String arguments, String sentence) throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process node = start(arguments
                    .replace("PORT", Integer.toString(taken.getLocalPort()))
                    .split(" +"));
            assertThat(node.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(node.exitValue()).isEqualTo(2);
            assertThat(node.getInputStream().readAllBytes()).isEmpty();
            assertThat(Files.readAllLines(directory.resolve("stderr")))
                    .singleElement()
                    .asString()
                    .startsWith("conformance-node: ")
                    .contains(sentence);
        }
    }
}
