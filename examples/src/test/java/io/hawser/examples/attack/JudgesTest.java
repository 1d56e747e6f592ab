package io.hawser.examples.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieHandshakes;
import io.hawser.term.NodeName;
import io.hawser.testing.Await;
import io.hawser.testing.Ports;
import io.hawser.tls.TlsEngine;
import io.hawser.tls.TlsIdentity;
import io.hawser.transport.AcceptLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What tools that know nothing of Hawser find out about a node that listens, and that it is what we say. */
@ParameterizedClass
@EnumSource(names = {"BORINGSSL", "JDK"})
class JudgesTest {
    /** What testssl.sh says when it stops for reasons of its own. */
    private static final String GIVEN_UP = "scanProblem";

    private static final int MAX_RUNS = 3;

    private static final Mint MINT = Mint.root("Orga Root");
    private static final NodeName A = NodeName.parse("a@a.orga.test");
    private static final Set<String> SUITES =
            Set.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");
    private static final String C = "c@c.orga.test";

    @TempDir
    private static Path directory;

    private final TlsEngine engine;
    private final Victim a;
    private final Path filesOfC;

    JudgesTest(TlsEngine engine) {
        this.engine = engine;
        TlsIdentity identity = MINT.identity(directory, A.toString());
        MINT.identity(directory, C);
        filesOfC = directory.resolve(C);
        // a judge that says nothing after TLS waits for the deadline
        var limits = new AcceptLimits(Duration.ofSeconds(2), 64, 64);
        a = Victim.start(
                A,
                identity,
                engine,
                CookieHandshakes.auto(Cookie.of(Victim.COOKIE)),
                config -> config.acceptLimits(limits));
    }

    @AfterEach
    void stop() {
        a.close();
    }

    private String target() {
        return "127.0.0.1:" + a.address().getPort();
    }

    /** OpenSSL with the certificate of c, which says c's name and listens until the node has enough. */
    private String sClient(String... more) {
        var command = new ArrayList<>(List.of(
                "openssl",
                "s_client",
                "-connect",
                target(),
                "-CAfile",
                filesOfC.resolve("trust.pem").toString(),
                "-verify_return_error",
                "-ign_eof"));
        command.addAll(List.of(more));
        byte[] name = Packets.sendName(C);
        byte[] framed = ByteBuffer.allocate(4 + name.length)
                .putInt(name.length)
                .put(name)
                .array();
        return Tool.run(directory, framed, command.toArray(String[]::new));
    }

    private String[] withCertificate(String... more) {
        var all = new ArrayList<>(List.of(
                "-cert",
                filesOfC.resolve("cert.pem").toString(),
                "-key",
                filesOfC.resolve("key.pem").toString()));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    @Judge("openssl")
    void opensslFindsMutualTls13AndNoTicket() {
        String found = sClient(
                withCertificate("-sess_out", directory.resolve("session").toString()));
        assertThat(found)
                .contains("Verify return code: 0 (ok)", "New, TLSv1.3, Cipher is ", "a@a.orga.test")
                .contains("Requested Signature Algorithms: ", "No client certificate CA names sent")
                .contains("Secure Renegotiation IS NOT supported", "Compression: NONE", "No ALPN negotiated")
                .contains("Early data was not sent")
                .doesNotContain("New Session Ticket", "Reused, ");
        assertThat(directory.resolve("session"))
                .as("a session that could be resumed")
                .doesNotExist();
    }

    @Test
    @Judge("openssl")
    void opensslIsRefusedWithoutACertificate() {
        assertThat(sClient()).containsPattern("alert (certificate required|bad certificate)");
        assertThat(a.ending()).endsWith("the peer sent no certificate (expected: mutual TLS)");
    }

    @Test
    @Judge("openssl")
    void opensslIsRefusedWithAnOlderVersion() {
        assertThat(sClient(withCertificate("-tls1_2"))).contains("alert protocol version", "Cipher is (NONE)");
        assertThat(sClient(withCertificate("-tls1_1", "-cipher", "ALL:@SECLEVEL=0")))
                .contains("alert protocol version", "Cipher is (NONE)");
    }

    /** A ticket of another server with the same certificate, as of the victim's life before this one. */
    @Test
    @Judge("openssl")
    void opensslsTicketOfAPreviousLifeIsNotTaken() throws Exception {
        Path ticket = directory.resolve("ticket");
        Path filesOfA = directory.resolve(A.toString());
        int port = Ports.free();
        Process before = new ProcessBuilder(
                        "openssl",
                        "s_server",
                        "-accept",
                        "127.0.0.1:" + port,
                        "-cert",
                        filesOfA.resolve("cert.pem").toString(),
                        "-key",
                        filesOfA.resolve("key.pem").toString(),
                        "-quiet")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Await.until(Victim.SOON, "a ticket", () -> {
                Tool.run(
                        directory,
                        "openssl",
                        "s_client",
                        "-connect",
                        "127.0.0.1:" + port,
                        "-sess_out",
                        ticket.toString());
                return Files.exists(ticket);
            });
        } finally {
            before.destroyForcibly().waitFor();
        }
        assertThat(sClient(withCertificate("-sess_in", ticket.toString())))
                .contains("New, TLSv1.3, Cipher is ", "Verify return code: 0 (ok)", "Early data was not sent")
                .doesNotContain("Reused, ");
        assertThat(a.ending()).as("it came as far as with a full handshake").endsWith(": not admitted within 2000 ms");
    }

    @Test
    @Judge("sslscan")
    void sslscanFindsTls13AndSoundSuitesAndGroupsAlone() {
        String found = Tool.run(directory, "sslscan", "--no-colour", "--show-client-cas", target());
        assertThat(found)
                .containsPattern("SSLv2 +disabled")
                .containsPattern("SSLv3 +disabled")
                .containsPattern("TLSv1.0 +disabled")
                .containsPattern("TLSv1.1 +disabled")
                .containsPattern("TLSv1.2 +disabled")
                .containsPattern("TLSv1.3 +enabled")
                .contains("Session renegotiation not supported", "not vulnerable to heartbleed")
                .containsPattern("Acceptable client certificate CA names:\\s+None defined");
        assertThat(all("(?m)^(?:Preferred|Accepted) +TLSv1.3 +\\d+ bits +(\\w+)", found))
                .isEqualTo(SUITES);
        assertThat(all("(?m)^TLSv1.3 +\\d+ bits +(\\w+)", found))
                .as("the hybrid apart, which the judge does not know")
                .containsExactlyInAnyOrder("x25519", "secp256r1", "secp384r1");
    }

    @Test
    @Judge("nmap")
    void nmapGradesEverySuiteWithAnA() {
        String found = Tool.run(
                directory,
                "nmap",
                "-Pn",
                "-n",
                "-p",
                String.valueOf(a.address().getPort()),
                "--script",
                "ssl-enum-ciphers,ssl-cert,ssl-dh-params,ssl-known-key,sslv2,sslv2-drown,ssl-poodle,ssl-heartbleed,"
                        + "ssl-ccs-injection,tls-ticketbleed,tls-alpn,tls-nextprotoneg",
                "127.0.0.1");
        assertThat(found).contains("TLSv1.3:", "least strength: A").doesNotContain("VULNERABLE", "warnings:");
        assertThat(all("(TLSv1\\.\\d|SSLv\\d):", found)).containsExactly("TLSv1.3");
        assertThat(all("(TLS_\\w+) \\([^)]*\\) - A", found)).hasSize(SUITES.size());
        assertThat(all("(TLS_\\w+) \\([^)]*\\) - [^A]", found)).isEmpty();
    }

    /** What testssl.sh thinks of protocols, suites by strength, tickets, resumption and renegotiation. */
    @Test
    @Judge("testssl")
    void testsslFindsNothingThatIsNotOk() throws IOException {
        Map<String, String> found = testssl(1);
        for (int run = 2; found.containsKey(GIVEN_UP) && run <= MAX_RUNS; run++) {
            found = testssl(run);
        }
        assertThat(found).doesNotContainKey(GIVEN_UP);
        for (String old : List.of("SSLv2", "SSLv3", "TLS1", "TLS1_1", "TLS1_2")) {
            assertThat(found)
                    .hasEntrySatisfying(old, verdict -> assertThat(verdict).endsWith(": not offered"));
        }
        for (String weak : List.of("NULL", "aNULL", "EXPORT", "LOW", "3DES_IDEA", "AVERAGE")) {
            assertThat(found)
                    .hasEntrySatisfying(
                            "cipherlist_" + weak, verdict -> assertThat(verdict).endsWith(": not offered"));
        }
        assertThat(found)
                .containsEntry("TLS1_3", "OK: offered with final")
                .containsEntry("cipherlist_STRONG", "OK: offered")
                .containsEntry("TLS_session_ticket", "INFO: no -- no lifetime advertised")
                .containsEntry("sessionresumption_ticket", "INFO: not supported")
                .containsEntry("SSL_sessionID_support", "INFO: no")
                .containsEntry("secure_renego", "OK: TLS 1.3 only server")
                .containsEntry("ALPN", "INFO: not offered")
                .containsEntry("cert_signatureAlgorithm", "OK: ECDSA with SHA256");
    }

    /** Runs it, and returns what it found; with {@link #GIVEN_UP} when its own client did not get through in time. */
    private Map<String, String> testssl(int run) throws IOException {
        Path report = directory.resolve("report-" + engine + "-" + run + ".csv");
        Tool.run(
                directory,
                "testssl",
                "--quiet",
                "--color=0",
                "--warnings=off",
                "--nodns=none",
                "--ip=127.0.0.1",
                "--assume-http",
                "--openssl-timeout=10",
                "--connect-timeout=10",
                "--csvfile=" + report,
                "-p",
                "-s",
                "-S",
                "-R",
                target());
        Map<String, String> found = new HashMap<>();
        for (String line : Files.readAllLines(report)) {
            String[] cells = line.split("\",\"", -1);
            if (cells.length > 4) {
                found.put(cells[0].replace("\"", ""), cells[3] + ": " + cells[4]);
            }
        }
        return found;
    }

    private static Set<String> all(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
