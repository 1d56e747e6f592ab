package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests of nodes that keep their keys; those that ask for too much are made with OpenSSL. */
class NodeSigningTest {
    @TempDir
    private Path temporary;

    private OrgStore store;

    @BeforeEach
    void makeOrganisation() {
        store = Fixtures.newStore(temporary.resolve("pki"));
    }

    private Path csr(NodeName node, String name) {
        Path request = temporary.resolve(name + ".csr");
        new NodeKeyRequest(node, null, KeyKind.P256, request, temporary.resolve(name + ".key"))
                .write(StoreOptions.of(Fixtures.at(Fixtures.NOW)));
        return request;
    }

    private static SignRequest request(Path file) throws Exception {
        return new SignRequest(
                file.getFileName().toString(), Files.readAllBytes(file), null, null, false, false, false);
    }

    @Test
    void signsARequestWhoseKeyStaysWithTheNode() throws Exception {
        Path csr = csr(Fixtures.A, "a");

        Change<NodeCertificate> change = store.sign(request(csr), SecretSource.none());

        NodeCertificate node = change.value();
        assertThat(node.node()).isEqualTo(Fixtures.A);
        assertThat(node.uri()).isEqualTo("spiffe://orga.test/node/a.orga.test/a");
        assertThat(node.directory().resolve("key.pem")).doesNotExist();
        assertThat(node.directory().resolve("request.csr")).hasSameBinaryContentAs(csr);
        assertThat(temporary.resolve("a.key")).isRegularFile();
        Map<String, String> before = Fixtures.snapshot(temporary);
        assertThat(store.sign(request(csr), SecretSource.none()).changed()).isFalse();
        csr(Fixtures.A, "a");
        assertThat(Fixtures.snapshot(temporary)).isEqualTo(before);
    }

    @Test
    void exportsANodeThatKeepsItsKey() throws Exception {
        store.sign(request(csr(Fixtures.A, "a")), SecretSource.none());

        Change<Path> pem = new PemExport(store).write(Fixtures.A, temporary.resolve("pem"));
        assertThat(pem.notices()).extracting(Notice::code).containsExactly("KEY_ELSEWHERE");
        assertThat(temporary.resolve("pem/key.pem")).doesNotExist();
        assertThatThrownBy(
                        () -> new JavaExport(store).write(Fixtures.A, temporary.resolve("java"), SecretSource.none()))
                .hasMessage("a@a.orga.test: only the node itself has its key, and this export needs it");
        new JavaExport(store)
                .withNodeKey(temporary.resolve("a.key"))
                .write(Fixtures.A, temporary.resolve("java"), SecretSource.none());
        assertThat(temporary.resolve("java/keystore.p12")).isRegularFile();
        csr(Fixtures.B, "b");
        assertThatThrownBy(() -> new OtpExport(store)
                        .withNodeKey(temporary.resolve("b.key"))
                        .write(Fixtures.A, temporary.resolve("otp")))
                .hasMessage(
                        temporary.resolve("b.key") + ": is not the key of the current certificate of a@a.orga.test");
    }

    @Test
    void renewsWithTheKeyThatTheNodeKeeps() throws Exception {
        store.sign(request(csr(Fixtures.A, "a")), SecretSource.none());
        store.issue(
                new IssueRequest(List.of(Fixtures.B), Duration.ofDays(30), false, false, false, false),
                SecretSource.none());
        OrgStore later = Fixtures.store(temporary.resolve("pki"), Fixtures.NOW.plus(Duration.ofDays(25)));

        Change<List<NodeCertificate>> change = later.renew(RenewRequest.due(), SecretSource.none());

        assertThat(change.value()).extracting(NodeCertificate::generation).containsExactly(1, 2);
        assertThat(change.value().get(1).notAfter())
                .isEqualTo(Fixtures.NOW.plus(Duration.ofDays(25 + 30))); // as long as before, not the policy's 90
        assertThat(later.renew(RenewRequest.due(), SecretSource.none()).changed())
                .isFalse();
        var all = new RenewRequest(List.of(Fixtures.A), Duration.ofDays(70), null, false);
        NodeCertificate renewed = later.renew(all, SecretSource.none()).value().get(0);
        assertThat(renewed.generation()).isEqualTo(2);
        assertThat(renewed.certificate().getPublicKey())
                .isEqualTo(later.generations(Fixtures.A).get(0).certificate().getPublicKey());
        assertThat(later.renew(all, SecretSource.none()).changed()).isFalse();
    }

    @Test
    void keepsWhatItMadeAndOverwritesNothing() throws Exception {
        Path csr = csr(Fixtures.A, "a");
        assertThatThrownBy(() -> csr(Fixtures.B, "a")).hasMessage(csr + ": is there, and is not for b@b.orga.test");
        byte[] key = Files.readAllBytes(temporary.resolve("a.key"));
        Files.delete(csr); // as a run leaves it that was killed after the key
        csr(Fixtures.A, "a");
        assertThat(temporary.resolve("a.key")).hasBinaryContent(key);
        assertThat(Csr.read(Files.readAllBytes(csr), "a").acceptableKey())
                .hasValueSatisfying(publicKey -> assertThat(
                                KeyMatch.matches(PrivateKeys.read(key, "a.key", SecretSource.none()), publicKey))
                        .isTrue());
        Files.delete(temporary.resolve("a.key"));
        assertThatThrownBy(() -> csr(Fixtures.A, "a"))
                .hasMessage(csr + ": is there, and its key " + temporary.resolve("a.key") + " is not there");
    }

    @Test
    void refusesAnotherKeyForANodeAndOneKeyForTwo() throws Exception {
        store.sign(request(csr(Fixtures.A, "a")), SecretSource.none());
        Path other = csr(Fixtures.A, "other");
        assertThatThrownBy(() -> store.sign(request(other), SecretSource.none()))
                .hasMessage("a@a.orga.test: has a certificate for another key");
        var further = new SignRequest("other", Files.readAllBytes(other), null, null, true, false, false);
        assertThat(store.sign(further, SecretSource.none()).value().generation())
                .isEqualTo(2);

        new NodeKeyRequest(Fixtures.B, null, KeyKind.P256, temporary.resolve("b.csr"), temporary.resolve("other.key"))
                .write(StoreOptions.of(Fixtures.at(Fixtures.NOW)));
        assertThatThrownBy(() -> store.sign(request(temporary.resolve("b.csr")), SecretSource.none()))
                .hasMessage("b@b.orga.test: the request is refused: key (belongs to a@a.orga.test already)");
    }

    @Test
    void refusesAForgedOrUnreadableRequest() throws Exception {
        Path csr = csr(Fixtures.A, "a");
        assertThat(refusedFields(request(csr))).isEmpty();
        var der = Pem.objects(Files.readAllBytes(csr)).get(0).getContent();
        der[der.length - 1] ^= 1;
        assertThat(refusedFields(new SignRequest("x", der, null, null, false, false, false)))
                .containsExactly("signature");
        for (int length = 0; length < der.length; length++) {
            var cut = new SignRequest("x", java.util.Arrays.copyOf(der, length), null, null, false, false, false);
            assertThatThrownBy(() -> store.review(cut))
                    .isInstanceOfSatisfying(
                            CertsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNREADABLE));
        }
        var expected = new SignRequest("x", Files.readAllBytes(csr), Fixtures.B, null, false, false, false);
        assertThat(refusedFields(expected)).containsExactly("subject.CN", "san.dns");
    }

    private List<String> refusedFields(SignRequest request) {
        return store.review(request).refused().stream().map(CsrField::name).toList();
    }

    @NeedsProgram("openssl")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/CN=a@a.orga.test | ec:prime256v1 | subjectAltName=DNS:a.orga.test | ''",
                "/O=Other/OU=x/CN=a@a.orga.test | ec:secp384r1 | keyUsage=keyAgreement | ''",
                "/CN=a@a.orga.test | ec:prime256v1 | basicConstraints=critical,CA:TRUE | basicConstraints",
                "/CN=a@a.orga.test | ec:prime256v1 | keyUsage=critical,keyCertSign,digitalSignature | keyUsage",
                "/CN=a@a.orga.test | ec:prime256v1 | extendedKeyUsage=serverAuth,codeSigning | extendedKeyUsage",
                "/CN=a@a.orga.test | ec:prime256v1 | subjectAltName=DNS:a.orga.test,DNS:b.orga.test | san.dns",
                "/CN=a@a.orga.test | ec:prime256v1 | subjectAltName=DNS:*.orga.test | san.dns",
                "/CN=a@a.orga.test | ec:prime256v1 | subjectAltName=IP:127.0.0.1,email:a@a.orga.test | san.ip san.email",
                "/CN=a@a.orga.test | ec:prime256v1"
                        + " | subjectAltName=URI:spiffe://orga.test/node/b.orga.test/b | san.uri",
                "/CN=a@a.orga.test | ec:prime256v1 | nameConstraints=permitted;DNS:test | nameConstraints",
                "/CN=a@a.orga.test | ec:prime256v1 | certificatePolicies=critical,1.2.3 | certificatePolicies",
                "/CN=a@a.orga.test/CN=b@b.orga.test | ec:prime256v1 | keyUsage=digitalSignature | subject.CN",
                "/CN=a@a.orgb.test | ec:prime256v1 | subjectAltName=DNS:a.orgb.test | subject.CN san.dns",
                "/CN=a.orga.test | ec:prime256v1 | subjectAltName=DNS:a.orga.test | name san.dns",
                "/CN=a@a.orga.test | ec:secp521r1 | keyUsage=digitalSignature | key",
                "/CN=a@a.orga.test | ec:brainpoolP256r1 | keyUsage=digitalSignature | key",
                "/CN=a@a.orga.test | rsa:2048 | keyUsage=digitalSignature | key",
                "/CN=a@a.orga.test | rsa:2048 | basicConstraints=CA:TRUE | key basicConstraints",
            })
    void namesEachFieldThatItRefuses(String subject, String key, String extension, String refused) throws Exception {
        Path csr = temporary.resolve("x.csr");
        var command = new ArrayList<>(List.of(
                "openssl", "req", "-new", "-nodes", "-subj", subject, "-addext", extension, "-out", csr.toString()));
        command.addAll(List.of("-keyout", temporary.resolve("x.key").toString()));
        command.addAll(
                key.startsWith("ec:")
                        ? List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:" + key.substring(3))
                        : List.of("-newkey", key));
        Processes.Result made = Processes.run(command.toArray(new String[0]));
        assertThat(made.exit()).as(made.output()).isZero();

        assertThat(String.join(" ", refusedFields(request(csr)))).isEqualTo(refused);
        if (refused.isEmpty()) {
            NodeCertificate node = store.sign(request(csr), SecretSource.none()).value();
            assertThat(node.certificate().getSubjectX500Principal().getName()).isEqualTo("CN=a@a.orga.test,O=orga");
            assertThat(Identities.dnsNames(node.certificate())).containsExactly("a.orga.test");
            assertThat(node.certificate().getKeyUsage()).startsWith(true, false, false);
        } else {
            assertThatThrownBy(() -> store.sign(request(csr), SecretSource.none()))
                    .isInstanceOfSatisfying(CertsException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.CSR_REFUSED);
                        assertThat(e.message()).contains(refused.split(" ", -1));
                    });
        }
        assertThat(store.nodes()).hasSize(refused.isEmpty() ? 1 : 0);
    }
}
