package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Erlang nodes started from exports, on names of their own, over TLS. */
@NeedsProgram("erl")
class OtpDistributionTest {
    private static final NodeName C = NodeName.parse("c@c.orga.test");

    @TempDir
    private Path temporary;

    private final List<Process> started = new ArrayList<>();
    private int epmdPort;

    @BeforeEach
    void startEpmd() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            epmdPort = socket.getLocalPort();
        }
        start("epmd", "epmd", "-port", Integer.toString(epmdPort), "-address", "127.0.0.1");
        await("epmd listens", () -> {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), epmdPort)) {
                return socket.isConnected();
            } catch (IOException e) {
                return false;
            }
        });
        Files.writeString(temporary.resolve("inetrc"), """
                {host, {127,0,0,1}, ["a.orga.test", "b.orga.test", "c.orga.test", "b.orgb.test"]}.
                {lookup, [file]}.
                """);
    }

    @AfterEach
    void stopAll() throws InterruptedException {
        for (int i = started.size() - 1; i >= 0; i--) {
            Process process = started.get(i);
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void connectsTwoNodesAndRefusesStrangers() throws Exception {
        OrgStore store = Fixtures.store(temporary.resolve("pki"), Instant.now());
        store.init(Fixtures.plain(Fixtures.orga()), SecretSource.none());
        store.issue(IssueRequest.of(Fixtures.A, Fixtures.B), SecretSource.none());
        Path a = temporary.resolve("a");
        Path b = temporary.resolve("b");
        new OtpExport(store).write(Fixtures.A, a);
        new OtpExport(store).write(Fixtures.B, b);

        Process listener = listen(a);
        assertThat(ping(b)).isEqualTo("pong");

        // c has a good certificate, but neither a nor its own directory knew it when a was exported
        store.issue(IssueRequest.of(C), SecretSource.none());
        Path c = temporary.resolve("c");
        new OtpExport(store).write(C, c);
        assertThat(ping(c)).isEqualTo("pang");
        assertThat(log("a")).contains("not_in_roster");

        // b as another organisation would have it: same names, another root
        OrgStore other = Fixtures.store(temporary.resolve("other"), Instant.now());
        other.init(Fixtures.plain(Fixtures.orga()), SecretSource.none());
        other.issue(IssueRequest.of(Fixtures.A, Fixtures.B), SecretSource.none());
        Path foreign = temporary.resolve("foreign");
        new OtpExport(other).write(Fixtures.B, foreign);
        assertThat(ping(foreign)).isEqualTo("pang");

        // the roster is read at every handshake: taken off it, b is out
        assertThat(ping(b)).isEqualTo("pong");
        Files.writeString(a.resolve("roster.term"), "\"spiffe://orga.test/node/a.orga.test/a\".\n");
        assertThat(ping(b)).isEqualTo("pang");
        assertThat(listener.isAlive()).isTrue();
    }

    @Test
    void connectsNodesOfTwoOrganisationsAndKeepsThePartnerInItsFence() throws Exception {
        OrgStore a = Fixtures.newStore(temporary.resolve("pki-a"), Fixtures.orga(), Instant.now());
        OrgStore b = Fixtures.newStore(temporary.resolve("pki-b"), Fixtures.orgb(), Instant.now());
        NodeName partner = NodeName.parse("b@b.orgb.test");
        a.issue(IssueRequest.of(Fixtures.A), SecretSource.none());
        b.issue(IssueRequest.of(partner), SecretSource.none());
        trust(a, b);
        trust(b, a);
        new OtpExport(a).write(Fixtures.A, temporary.resolve("a"));
        new OtpExport(b).write(partner, temporary.resolve("b"));

        Process listener = listen(temporary.resolve("a"));
        assertThat(ping(temporary.resolve("b"))).isEqualTo("pong");

        // the partner's CA mints a node of ours, which is on our roster: only the fence is left to refuse it
        var random = new SecureRandom();
        var issuing = new CertificateAuthority(
                b.certificate("issuing"), b.signer("issuing", SecretSource.none()), Clock.systemUTC(), random);
        KeyPair pair = KeyKind.P256.generate(random);
        X509Certificate leaf = issuing.node(Fixtures.orga(), Fixtures.A, pair.getPublic(), Duration.ofDays(1));
        Path forged = temporary.resolve("b");
        Files.write(forged.resolve("key.pem"), PrivateKeys.plain(pair.getPrivate()));
        Files.write(forged.resolve("chain.pem"), Pem.certificates(List.of(leaf, issuing.certificate())));
        assertThat(ping(forged)).isEqualTo("pang");
        assertThat(log("a")).contains("Bad Certificate");

        // revoked by its own organisation: a new bundle is enough
        new OtpExport(b).write(partner, temporary.resolve("again"));
        assertThat(ping(temporary.resolve("again"))).isEqualTo("pong");
        b.revoke(RevokeRequest.of(partner, RevocationReason.KEY_COMPROMISE), SecretSource.none());
        new TrustStore(a)
                .refresh(
                        "b", new TrustStore(b).exportBundle(SecretSource.none()).value(), null, SecretSource.none());
        a.installCrls(temporary.resolve("a/crl"));
        assertThat(ping(temporary.resolve("again"))).isEqualTo("pang");
        assertThat(listener.isAlive()).isTrue();
    }

    @Test
    void provesThatANodeLetsItsOwnInAndNobodyElse() throws Exception {
        OrgStore store = Fixtures.newStore(temporary.resolve("pki"), Fixtures.orga(), Instant.now());
        store.issue(IssueRequest.of(Fixtures.A, Fixtures.B), SecretSource.none());
        new OtpExport(store).write(Fixtures.A, temporary.resolve("a"));
        Process listener = listen(temporary.resolve("a"));
        var here = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var request = new ProveRequest(
                null, List.of(Fixtures.A), true, Map.of(Fixtures.A, here), epmdPort, Duration.ofSeconds(20));

        List<Proof> proofs = new Prover(store, request).run(SecretSource.none());

        assertThat(proofs).hasSize(6).allMatch(Proof::passed);
        assertThat(proofs.get(0)).extracting(Proof::from, Proof::detail).containsExactly("b@b.orga.test", "status ok");
        assertThat(ping(exported(store, Fixtures.B))).isEqualTo("pong"); // and none of it did any harm

        store.revoke(RevokeRequest.of(Fixtures.B, RevocationReason.KEY_COMPROMISE), SecretSource.none());
        store.installCrls(temporary.resolve("a/crl"));
        var revoked = new ProveRequest(
                Fixtures.B, List.of(Fixtures.A), true, Map.of(Fixtures.A, here), epmdPort, Duration.ofSeconds(20));
        assertThat(new Prover(store, revoked).run(SecretSource.none()))
                .singleElement()
                .satisfies(proof -> {
                    assertThat(proof.passed()).isFalse();
                    assertThat(proof.detail()).contains("certificate_revoked");
                });
        assertThat(listener.isAlive()).isTrue();
    }

    /** OTP 25 takes the common name for a host where a certificate names none; the option file does not, in either role. */
    @Test
    void refusesACertificateWithoutNamesInBothRoles() throws Exception {
        OrgStore store = Fixtures.newStore(temporary.resolve("pki"), Fixtures.orga(), Instant.now());
        store.issue(IssueRequest.of(Fixtures.A, Fixtures.B), SecretSource.none());
        Path a = exported(store, Fixtures.A);
        Path b = exported(store, Fixtures.B);
        Path nameless = new OtpExport(store)
                .write(Fixtures.A, temporary.resolve("nameless"))
                .value();
        var issuing = new Mint(
                store.certificate("issuing"),
                PrivateKeys.read(
                        Files.readAllBytes(temporary.resolve("pki/ca/issuing-1/key.pem")), "key", SecretSource.none()));
        Mint leaf = new Mint.Form().subject("CN=a.orga.test").signedBy(issuing);
        Files.write(nameless.resolve("key.pem"), PrivateKeys.plain(leaf.key()));
        Files.write(
                nameless.resolve("chain.pem"), Pem.certificates(List.of(leaf.certificate(), issuing.certificate())));

        Process listener = listen(nameless);
        assertThat(ping(b)).isEqualTo("pang");
        listener.descendants().forEach(ProcessHandle::destroyForcibly);
        listener.destroyForcibly().waitFor();

        // the same certificate in the hands of b
        Files.copy(nameless.resolve("key.pem"), b.resolve("key.pem"), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(nameless.resolve("chain.pem"), b.resolve("chain.pem"), StandardCopyOption.REPLACE_EXISTING);
        listen(a);
        assertThat(ping(b)).isEqualTo("pang");
        assertThat(log("a")).contains("no_node_identity");
    }

    private Path exported(OrgStore store, NodeName node) {
        return new OtpExport(store).write(node, temporary.resolve(node.alive())).value();
    }

    private static void trust(OrgStore store, OrgStore partner) {
        var bundle = new TrustStore(partner);
        new TrustStore(store)
                .importBundle(
                        ImportRequest.of(
                                "bundle",
                                bundle.exportBundle(SecretSource.none()).value(),
                                bundle.ownFingerprints().get(0)),
                        SecretSource.none());
    }

    private Process listen(Path export) throws Exception {
        Process node = start(
                "a",
                "erl",
                "-args_file",
                export.resolve("vm.args").toString(),
                "-setcookie",
                "test",
                "-noinput",
                "-start_epmd",
                "false",
                "-kernel",
                "inet_dist_use_interface",
                "{127,0,0,1}",
                "-eval",
                "io:format(\"ready ~p~n\", [node()]).");
        await("node a is up", () -> log("a").contains("ready 'a@a.orga.test'"));
        return node;
    }

    private String ping(Path export) {
        Processes.Result result = Processes.run(
                environment(),
                "erl",
                "-args_file",
                export.resolve("vm.args").toString(),
                "-setcookie",
                "test",
                "-noinput",
                "-start_epmd",
                "false",
                "-kernel",
                "inet_dist_use_interface",
                "{127,0,0,1}",
                "logger_level",
                "none",
                "-eval",
                "io:format(\"answer ~p~n\", [net_adm:ping('a@a.orga.test')]), halt(0, [{flush, true}]).");
        int answer = result.output().lastIndexOf("answer ");
        assertThat(answer).as(result.output()).isNotNegative();
        return result.output().substring(answer + 7).strip();
    }

    private Map<String, String> environment() {
        return Map.of(
                "ERL_EPMD_PORT",
                Integer.toString(epmdPort),
                "ERL_EPMD_ADDRESS",
                "127.0.0.1",
                "ERL_INETRC",
                temporary.resolve("inetrc").toString(),
                "ERL_CRASH_DUMP",
                "/dev/null");
    }

    private Process start(String name, String... command) throws IOException {
        var builder = new ProcessBuilder(List.of(command))
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(temporary.resolve(name + ".log").toFile());
        builder.environment().putAll(environment());
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private String log(String name) {
        try {
            return Files.readString(temporary.resolve(name + ".log"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void await(String what, java.util.function.BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time: " + what).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
