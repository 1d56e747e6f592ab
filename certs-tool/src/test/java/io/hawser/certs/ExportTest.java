package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportTest {
    @TempDir
    private Path temporary;

    private OrgStore store = Fixtures.store(Path.of("unset"), Fixtures.NOW);

    @BeforeEach
    void issue() {
        store = Fixtures.newStore(temporary.resolve("pki"));
        store.issue(IssueRequest.of(Fixtures.A), SecretSource.none());
    }

    private Path target() {
        return temporary.resolve("export");
    }

    private static KeyStore open(Path file, String password) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, password.toCharArray());
        }
        return keys;
    }

    private Properties properties() throws Exception {
        var properties = new Properties();
        try (InputStream in = Files.newInputStream(target().resolve("tls.properties"))) {
            properties.load(in);
        }
        return properties;
    }

    @Test
    void givesJavaWhatTlsPropertiesNames() throws Exception {
        new JavaExport(store).write(Fixtures.A, target(), SecretSource.none());

        assertThat(properties())
                .isEqualTo(Map.ofEntries(
                        Map.entry("node", "a@a.orga.test"),
                        Map.entry("binding", "full"),
                        Map.entry("trust-domain", "orga.test"),
                        Map.entry("keystore", "keystore.p12"),
                        Map.entry("keystore.type", "PKCS12"),
                        Map.entry("keystore.alias", "node"),
                        Map.entry("truststore", "truststore.p12"),
                        Map.entry("truststore.type", "PKCS12"),
                        Map.entry("password.file", "password"),
                        Map.entry("crls", "crls.pem"),
                        Map.entry("cross", "cross.pem"),
                        Map.entry("policy", "policy.json")));
        String password = Files.readString(target().resolve("password"));
        assertThat(password).hasSize(43).matches("[A-Za-z0-9_-]+");
        KeyStore keys = open(target().resolve("keystore.p12"), password);
        NodeCertificate node = store.node(Fixtures.A);
        assertThat(keys.getCertificateChain("node")).containsExactlyElementsOf(node.chain());
        assertThat(KeyMatch.matches((PrivateKey) keys.getKey("node", password.toCharArray()), (X509Certificate)
                        keys.getCertificate("node")))
                .isTrue();
        KeyStore trust = open(target().resolve("truststore.p12"), password);
        assertThat(trust.isCertificateEntry("root")).isTrue();
        assertThat(trust.getCertificate("root")).isEqualTo(store.certificate("root"));
        assertThat(target().resolve("cross.pem")).isEmptyFile();
        assertThat(target().resolve("policy.json"))
                .content()
                .contains("\"domain\" : \"orga.test\"", "\"a@a.orga.test\"");
        for (String secret : new String[] {"password", "keystore.p12", "truststore.p12"}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target().resolve(secret))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void writesNoPasswordThatWasGiven() throws Exception {
        new JavaExport(store).write(Fixtures.A, target(), Fixtures.secret("canary"));

        assertThat(properties()).doesNotContainKey("password.file");
        assertThat(target().resolve("password")).doesNotExist();
        assertThat(open(target().resolve("keystore.p12"), "canary").size()).isOne();
        for (String name : StoreLayout.children(target())) {
            assertThat(Files.readAllBytes(target().resolve(name))).asString().doesNotContain("canary");
        }
    }

    @Test
    void changesNoByteTheSecondTime() {
        Path given = temporary.resolve("given");
        Path otp = temporary.resolve("otp");
        Path pem = temporary.resolve("pem");
        new JavaExport(store).write(Fixtures.A, target(), SecretSource.none());
        new JavaExport(store).write(Fixtures.A, given, Fixtures.secret("x"));
        new OtpExport(store).write(Fixtures.A, otp);
        new PemExport(store).write(Fixtures.A, pem);
        Map<String, String> before = Fixtures.snapshot(temporary);

        assertThat(new JavaExport(store)
                        .write(Fixtures.A, target(), SecretSource.none())
                        .changed())
                .isFalse();
        assertThat(new JavaExport(store)
                        .write(Fixtures.A, given, Fixtures.secret("x"))
                        .changed())
                .isFalse();
        assertThat(new OtpExport(store).write(Fixtures.A, otp).changed()).isFalse();
        assertThat(new PemExport(store).write(Fixtures.A, pem).changed()).isFalse();
        assertThat(Fixtures.snapshot(temporary)).isEqualTo(before);
    }

    @Test
    void bringsAnEarlierExportUpToDate() throws Exception {
        new JavaExport(store).write(Fixtures.A, target(), SecretSource.none());
        String password = Files.readString(target().resolve("password"));
        store.issue(IssueRequest.of(Fixtures.B), SecretSource.none());

        Change<Path> roster = new JavaExport(store).write(Fixtures.A, target(), SecretSource.none());
        assertThat(roster.files())
                .extracting(file -> target().relativize(Path.of(file)).toString())
                .containsExactly("policy.json", "export.json");

        OrgStore later = Fixtures.store(temporary.resolve("pki"), Fixtures.NOW.plusSeconds(60L * 86_400));
        later.issue(IssueRequest.of(Fixtures.A), SecretSource.none());
        new JavaExport(later).write(Fixtures.A, target(), SecretSource.none());
        assertThat(target().resolve("password")).hasContent(password);
        assertThat(open(target().resolve("keystore.p12"), password).getCertificate("node"))
                .isEqualTo(later.node(Fixtures.A).certificate());
    }

    @Test
    void leavesWhatOthersWroteAlone() throws Exception {
        store.issue(IssueRequest.of(Fixtures.B), SecretSource.none());
        new PemExport(store).write(Fixtures.A, target());

        assertThatThrownBy(() -> new PemExport(store).write(Fixtures.B, target()))
                .hasMessage(target() + ": holds another export: node is a@a.orga.test, not b@b.orga.test");
        assertThatThrownBy(() -> new OtpExport(store).write(Fixtures.A, target()))
                .hasMessage(target() + ": holds another export: format is pem, not otp");
        Files.writeString(target().resolve("trust.pem"), "mine");
        assertThatThrownBy(() -> new PemExport(store).write(Fixtures.A, target()))
                .hasMessage(target().resolve("trust.pem") + ": was not written by this tool, or changed since");
        assertThat(target().resolve("trust.pem")).hasContent("mine");
    }

    /** Whoever owns the directory could otherwise have our own files read, replaced or removed. */
    @Test
    void followsNoLinkOutOfItsDirectory() throws Exception {
        new OtpExport(store).write(Fixtures.A, target());
        Path authority = temporary.resolve("pki/ca/issuing-1");
        Files.createSymbolicLink(target().resolve("x"), authority);
        Path lists = Files.move(target().resolve("crl"), temporary.resolve("crl"));
        Path listed = lists.resolve(StoreLayout.children(lists).get(0));
        claim("x/cert.pem", authority.resolve("cert.pem"));
        claim("crl/00000000.r0", listed);
        claim("chain.bak", Files.writeString(target().resolve("chain.bak"), "mine"));
        Files.createSymbolicLink(target().resolve("crl"), lists);
        Map<String, String> before = Fixtures.snapshot(temporary);

        assertThatThrownBy(() -> new OtpExport(store).write(Fixtures.A, target()))
                .hasMessage(target().resolve("crl") + ": is a symbolic link");
        assertThat(Fixtures.snapshot(temporary)).isEqualTo(before);
        Files.delete(target().resolve("crl"));
        new OtpExport(store).write(Fixtures.A, target());
        assertThat(authority.resolve("cert.pem")).exists();
        assertThat(listed).exists();
        assertThat(target().resolve("chain.bak")).hasContent("mine");
    }

    /** Adds a file to what an export says that it wrote. */
    private void claim(String name, Path file) throws Exception {
        Path record = target().resolve("export.json");
        var json = (ObjectNode) new ObjectMapper().readTree(record.toFile());
        ((ObjectNode) json.get("files")).put(name, Fingerprints.sha256(Files.readAllBytes(file)));
        Files.writeString(record, json.toString());
    }

    @NeedsProgram("mkfifo")
    @Test
    void readsPlainFilesOnly() throws Exception {
        new PemExport(store).write(Fixtures.A, target());
        for (String name : new String[] {"export.json", "cert.pem"}) {
            Path file = target().resolve(name);
            Path aside = Files.move(file, temporary.resolve("aside"));
            Files.createSymbolicLink(file, Path.of("/dev/zero"));
            assertThatThrownBy(() -> new PemExport(store).write(Fixtures.A, target()))
                    .hasMessage(file + ": is not a plain file");
            Files.delete(file);
            assertThat(Processes.run("mkfifo", file.toString()).exit()).isZero();
            assertTimeoutPreemptively(
                    Duration.ofMinutes(1),
                    () -> assertThatThrownBy(() -> new PemExport(store).write(Fixtures.A, target()))
                            .hasMessage(file + ": is not a plain file"));
            Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.write(target().resolve("trust.pem"), new byte[(4 << 20) + 1]);
        assertThatThrownBy(() -> new PemExport(store).write(Fixtures.A, target()))
                .hasMessage(target().resolve("trust.pem") + ": is larger than 4194304 bytes");
    }

    @Test
    void goesOnAfterItWasStoppedThoughSomethingElseChanged() throws Exception {
        store.issue(IssueRequest.of(Fixtures.B), SecretSource.none());
        new OtpExport(store).write(Fixtures.A, target());
        NodeName other = NodeName.parse("c@c.orga.test");
        store.issue(IssueRequest.of(other), SecretSource.none());
        store.revoke(RevokeRequest.of(Fixtures.B, RevocationReason.UNSPECIFIED), SecretSource.none());
        Path inTheWay = Files.createDirectories(target().resolve(".roster.term.tmp/x"));
        assertThatThrownBy(() -> new OtpExport(store).write(Fixtures.A, target()))
                .isInstanceOfSatisfying(
                        CertsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO));
        Files.delete(inTheWay);
        store.revoke(RevokeRequest.of(other, RevocationReason.UNSPECIFIED), SecretSource.none());

        new OtpExport(store).write(Fixtures.A, target());

        assertThat(new OtpExport(store).write(Fixtures.A, target()).changed()).isFalse();
        assertThat(target().resolve("export.json")).content().doesNotContain("coming");
    }

    @Test
    void keepsTheKindOfPasswordOfAnExport() {
        new JavaExport(store).write(Fixtures.A, target(), Fixtures.secret("one"));

        assertThatThrownBy(() -> new JavaExport(store).write(Fixtures.A, target(), SecretSource.none()))
                .hasMessage(target() + ": holds another export: password is given, not file");
        assertThatThrownBy(() -> new JavaExport(store).write(Fixtures.A, target(), Fixtures.secret("two")))
                .hasMessage(target() + ": holds another export: its key stores have another password");
    }

    @Test
    void refusesAPathThatErlangOptionsCannotCarry() {
        assertThatThrownBy(() -> new OtpExport(store).write(Fixtures.A, temporary.resolve("my node")))
                .isInstanceOfSatisfying(CertsException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.PATH_REFUSED);
                    assertThat(e.message())
                            .endsWith("cannot carry a path with blanks, quotes or other special characters");
                });
    }

    @Test
    void warnsOfACrlThatHasRunOut() {
        OrgStore later = Fixtures.store(temporary.resolve("pki"), Fixtures.NOW.plusSeconds(20L * 86_400));
        assertThat(new PemExport(later).write(Fixtures.A, target()).notices())
                .extracting(Notice::code)
                .containsExactly("CRL_STALE");
    }

    @NeedsProgram("openssl")
    @Test
    void satisfiesOpensslStrictlyInBothRoles() {
        OrgStore now = Fixtures.store(temporary.resolve("now"), java.time.Instant.now());
        now.init(Fixtures.plain(Fixtures.orga()), SecretSource.none());
        now.issue(IssueRequest.of(Fixtures.A), SecretSource.none());
        new PemExport(now).write(Fixtures.A, target());
        String cert = target().resolve("cert.pem").toString();
        for (String purpose : new String[] {"sslserver", "sslclient"}) {
            Processes.Result result = Processes.run(
                    "openssl",
                    "verify",
                    "-x509_strict",
                    "-purpose",
                    purpose,
                    "-crl_check_all",
                    "-CAfile",
                    target().resolve("trust.pem").toString(),
                    "-CRLfile",
                    target().resolve("crl.pem").toString(),
                    "-untrusted",
                    cert,
                    cert);
            assertThat(result).isEqualTo(new Processes.Result(0, cert + ": OK\n"));
        }
    }

    @NeedsProgram("openssl")
    @Test
    void writesKeyStoresWithModernEncryption() {
        new JavaExport(store).write(Fixtures.A, target(), SecretSource.none());
        Processes.Result result = Processes.run(
                "openssl",
                "pkcs12",
                "-info",
                "-nokeys",
                "-nocerts",
                "-in",
                target().resolve("keystore.p12").toString(),
                "-passin",
                "file:" + target().resolve("password"));

        assertThat(result.output()).contains("MAC: sha256", "AES-256-CBC").doesNotContain("RC2", "3DES", "SHA1");
    }

    @Test
    void startsAnErlangNodeOfAHostWithoutADotUnderAShortName() throws Exception {
        OrgStore local = Fixtures.store(temporary.resolve("local"), Fixtures.NOW);
        local.init(
                Fixtures.plain(new OrgConfig("local", new Namespace("localhost", "localhost"), OrgPolicy.defaults())),
                SecretSource.none());
        NodeName node = NodeName.parse("erl@localhost");
        local.issue(IssueRequest.of(node), SecretSource.none());

        new OtpExport(local).write(node, target());
        new OtpExport(store).write(Fixtures.A, temporary.resolve("long"));

        assertThat(target().resolve("vm.args")).content().startsWith("-sname erl@localhost\n");
        assertThat(temporary.resolve("long/vm.args")).content().startsWith("-name a@a.orga.test\n");
    }
}
