package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against listeners that do wrong; {@link OtpDistributionTest} has those that do right. */
class ProverTest {
    @TempDir
    private Path temporary;

    private OrgStore store;

    @BeforeEach
    void makeOrganisation() throws IOException {
        store = Fixtures.store(temporary.resolve("pki"), Instant.now());
        store.init(new OrgRequest(Fixtures.orga(), false, temporary.resolve("usb")), SecretSource.none());
        Files.delete(temporary.resolve("usb/key.pem")); // proving needs no root
        store.issue(IssueRequest.of(Fixtures.A, Fixtures.B), SecretSource.none());
    }

    private List<Proof> prove(InetSocketAddress address, boolean negative) {
        var request = new ProveRequest(
                Fixtures.B,
                List.of(Fixtures.A),
                negative,
                Map.of(Fixtures.A, address),
                ProveRequest.EPMD_PORT,
                Duration.ofSeconds(20));
        return new Prover(store, request).run(SecretSource.none());
    }

    /** Has the key that another has, and shows another certificate. */
    private static final class Showing extends X509ExtendedKeyManager {
        private final X509ExtendedKeyManager own;
        private final UnaryOperator<X509Certificate> shown;

        Showing(X509ExtendedKeyManager own, UnaryOperator<X509Certificate> shown) {
            this.own = own;
            this.shown = shown;
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return own.getClientAliases(keyType, issuers);
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            return own.chooseClientAlias(keyTypes, issuers, socket);
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return own.getServerAliases(keyType, issuers);
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return own.chooseServerAlias(keyType, issuers, socket);
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            X509Certificate[] chain = own.getCertificateChain(alias).clone();
            chain[0] = shown.apply(chain[0]);
            return chain;
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return own.getPrivateKey(alias);
        }
    }

    /** Speaks TLS with a node's key, asks nobody for a certificate, and answers everyone with a status. */
    private static final class Lax implements AutoCloseable {
        private final ServerSocket listener;

        Lax(OrgStore store, NodeName node, String status) throws Exception {
            this(store, node, status, leaf -> leaf);
        }

        Lax(OrgStore store, NodeName node, String status, UnaryOperator<X509Certificate> shown) throws Exception {
            NodeCertificate certificate = store.node(node);
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            X509Certificate[] chain = certificate.chain().toArray(X509Certificate[]::new);
            keys.setKeyEntry("node", store.key(certificate), new char[0], chain);
            KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
            factory.init(keys, new char[0]);
            var own = (X509ExtendedKeyManager) factory.getKeyManagers()[0];
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new Showing(own, shown)}, null, new SecureRandom());
            listener = context.getServerSocketFactory().createServerSocket(0, 8, InetAddress.getLoopbackAddress());
            var thread = new Thread(() -> serve(status), "lax-listener");
            thread.setDaemon(true);
            thread.start();
        }

        private void serve(String status) {
            while (!listener.isClosed()) {
                try (SSLSocket socket = (SSLSocket) listener.accept()) {
                    var in = new DataInputStream(socket.getInputStream());
                    in.readFully(new byte[in.readInt()]);
                    var out = new DataOutputStream(socket.getOutputStream());
                    out.writeInt(status.length());
                    out.writeBytes(status);
                    out.flush();
                    in.read();
                } catch (IOException e) {
                    // the prover turned away, or the test is over
                }
            }
        }

        InetSocketAddress address() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort());
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    @Test
    void catchesANodeThatLetsEverybodyIn() throws Exception {
        try (var lax = new Lax(store, Fixtures.A, "sok")) {
            List<Proof> proofs = prove(lax.address(), true);
            assertThat(proofs)
                    .extracting(Proof::attempt)
                    .containsExactly(
                            "genuine", "no certificate", "tls 1.2", "throw-away ca", "claimed name", "unlisted node");
            assertThat(proofs)
                    .filteredOn(Proof::passed)
                    .extracting(Proof::attempt)
                    .containsExactly("genuine");
        }
    }

    @Test
    void provesNothingByANodeThatIsNotTheOneDialled() throws Exception {
        try (var lax = new Lax(store, Fixtures.B, "sok")) {
            assertThat(prove(lax.address(), true)).singleElement().satisfies(proof -> {
                assertThat(proof.passed()).isFalse();
                assertThat(proof.detail())
                        .isEqualTo("its certificate is for spiffe://orga.test/node/b.orga.test/b, not for"
                                + " spiffe://orga.test/node/a.orga.test/a");
            });
        }
        OrgStore other = Fixtures.newStore(temporary.resolve("other"), Fixtures.orga(), Instant.now());
        other.issue(IssueRequest.of(Fixtures.A), SecretSource.none());
        try (var lax = new Lax(other, Fixtures.A, "sok")) {
            assertThat(prove(lax.address(), false).get(0).detail()).startsWith("its certificate is not valid: ");
        }
        store.revoke(RevokeRequest.of(Fixtures.A, RevocationReason.KEY_COMPROMISE), SecretSource.none());
        assertThatThrownBy(() -> prove(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1), false))
                .hasMessage("a@a.orga.test: is neither a node of ours nor of a partner");
    }

    @Test
    void provesNothingWhereNobodyAnswers() throws Exception {
        InetSocketAddress closed;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
        }
        assertThat(prove(closed, true)).singleElement().satisfies(proof -> {
            assertThat(proof.passed()).isFalse();
            assertThat(proof.detail()).startsWith("no connection to ");
        });
        try (var lax = new Lax(store, Fixtures.A, "snot_allowed")) {
            assertThat(prove(lax.address(), true))
                    .singleElement()
                    .extracting(Proof::passed, Proof::detail)
                    .containsExactly(false, "status not_allowed");
        }
    }

    /** A stranger needs no certificate of ours for this, just an address that is dialled. */
    @Test
    void outlivesACertificateThatNestsWithoutEnd() throws Exception {
        byte[] deep = DerDepthTest.indefinite(15_000); // about as much as fits into a handshake message
        try (var lax = new Lax(store, Fixtures.A, "sok", leaf -> new Disguised(leaf, deep))) {
            assertThat(prove(lax.address(), true))
                    .singleElement()
                    .matches(proof -> !proof.passed())
                    .extracting(Proof::detail, InstanceOfAssertFactories.STRING)
                    .containsIgnoringCase("nest"); // newer JDKs refuse it themselves, in their words
        }
    }

    /** A limit for each read alone would let this take hours. */
    @ParameterizedTest
    @ValueSource(strings = {"TLS", "EPMD"})
    void waitsForNoPeerThatDripsItsAnswer(String to) throws Exception {
        var clock = Executors.newSingleThreadScheduledExecutor();
        try (var listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            var at = new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
            var held = new ConcurrentLinkedQueue<Socket>(); // one that nobody holds may be closed
            var thread = new Thread(() -> drip(listener, clock, held), "dripping-listener");
            thread.setDaemon(true);
            thread.start();
            var request = new ProveRequest(
                    Fixtures.B,
                    List.of(Fixtures.A),
                    true,
                    Map.of(Fixtures.A, to.equals("TLS") ? at : new InetSocketAddress(listener.getInetAddress(), 0)),
                    listener.getLocalPort(),
                    Duration.ofSeconds(1));

            List<Proof> proofs = assertTimeoutPreemptively(
                    Duration.ofMinutes(1), () -> new Prover(store, request).run(SecretSource.none()));

            assertThat(proofs).singleElement().satisfies(proof -> {
                assertThat(proof.passed()).isFalse();
                assertThat(proof.detail()).endsWith("no answer in time");
            });
            for (Socket socket : held) {
                socket.close();
            }
        } finally {
            clock.shutdownNow();
        }
    }

    /** The header of a long handshake record, and then a byte now and then. */
    private static void drip(ServerSocket listener, ScheduledExecutorService clock, Queue<Socket> held) {
        try {
            Socket socket = listener.accept();
            held.add(socket);
            var out = socket.getOutputStream();
            if (socket.getInputStream().read() == 0x16) {
                out.write(new byte[] {0x16, 3, 3, 0x40, 0, 2});
            } else {
                return; // an EPMD that never answers
            }
            var unused = clock.scheduleAtFixedRate(
                    () -> {
                        try {
                            out.write(0);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e); // the prover went away, and this ends
                        }
                    },
                    100,
                    400,
                    TimeUnit.MILLISECONDS);
        } catch (IOException e) {
            // the test is over
        }
    }
}
