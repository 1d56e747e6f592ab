package io.hawser.examples.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an example says when it cannot do its work: one line, and no stack trace. */
class CommandLineTest {
    @TempDir
    private Path directory;

    private Desk desk;

    @BeforeEach
    void start() throws IOException {
        desk = new Desk(directory);
        cookie("home/.erlang.cookie", "ABCDEFGHIJKLMNOPQRST");
        cookie("other", "TSRQPONMLKJIHGFEDCBA");
    }

    @AfterEach
    void stop() {
        desk.close();
    }

    private void cookie(String file, String text) throws IOException {
        Path path = Files.writeString(directory.resolve(file), text);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("r--------"));
    }

    private void assertFails(int status, String output, String arguments) throws IOException, InterruptedException {
        Terminal terminal = desk.start("examples/bin/example pingpong.PingPong " + arguments);
        assertThat(terminal.output()).isEqualTo(output);
        assertThat(terminal.awaitEnd()).isEqualTo(status);
    }

    @Test
    void saysWhatItExpects() throws Exception {
        String usage = "\nusage: example pingpong.PingPong NODE [PEER]"
                + " [--certs DIR] [--cookie FILE] [--port PORT] [--insecure-tcp]";
        assertFails(2, "pingpong.PingPong: arguments: nothing (expected: NODE [PEER])" + usage, "");
        assertFails(
                2, "pingpong.PingPong: node: a (expected: NAME@HOST, such as a@localhost)" + usage, "a b@localhost");
        assertFails(
                2,
                "pingpong.PingPong: option: --tcp (expected: [--certs DIR] [--cookie FILE] [--port PORT]"
                        + " [--insecure-tcp])" + usage,
                "a@localhost --tcp");
    }

    @Test
    void saysWhichFileIsMissing() throws Exception {
        assertFails(
                1,
                "pingpong.PingPong: certs/a: no such directory (expected: one that \"certs-tool export java NODE --to"
                        + " DIR\" wrote, or one with key.pem, cert.pem, trust.pem and crl.pem)",
                "a@localhost");
        assertFails(
                1,
                "pingpong.PingPong: nowhere: no such file (expected: the cluster's cookie, mode 0400)",
                "a@localhost --insecure-tcp --cookie nowhere");
    }

    @Test
    void saysThatAPortIsTaken() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertFails(
                    1,
                    "pingpong.PingPong: 127.0.0.1:" + taken.getLocalPort() + ": cannot listen: address in use",
                    "a@localhost --insecure-tcp --port " + taken.getLocalPort());
        }
    }

    @Test
    void saysThatTheCookieIsAnotherOrTheNameTaken() throws Exception {
        desk.start("examples/bin/example pingpong.PingPong a@localhost --insecure-tcp")
                .expect("a@localhost answers pings");
        assertFails(
                1,
                "pingpong.PingPong: a@localhost: closed after our challenge reply (expected: its ack): the cookies"
                        + " differ, most likely",
                "b@localhost a@localhost --insecure-tcp --cookie other");
        assertFails(
                1,
                "pingpong.PingPong: a@localhost: the name is taken at EPMD 127.0.0.1:" + desk.epmdPort()
                        + " (expected: a free name; stop the other node or choose another name)",
                "a@localhost --insecure-tcp");
    }
}
