package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * CA keys in tokens of SoftHSM. The library finds its tokens through its environment, so the commands run in processes of
 * their own.
 */
@NeedsProgram("softhsm2-util")
class TokenTest {
    private static final String PIN = "1234-canary";

    @TempDir
    private Path temporary;

    /** What a command printed, and how it ended. */
    private record Run(int exit, String out, String err) {
        JsonNode json() throws IOException {
            return new ObjectMapper().readTree(out);
        }

        String code() throws IOException {
            return json().path("error").path("code").asText();
        }
    }

    @BeforeEach
    void makeTokens() throws Exception {
        Files.createDirectory(temporary.resolve("tokens"));
        Files.writeString(
                temporary.resolve("softhsm2.conf"),
                "directories.tokendir = " + temporary.resolve("tokens")
                        + "\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n");
        for (String label : new String[] {"other", "my ca"}) {
            Processes.Result made = Processes.run(
                    environment(),
                    "softhsm2-util",
                    "--init-token",
                    "--free",
                    "--label",
                    label,
                    "--pin",
                    label.equals("other") ? "9999" : PIN,
                    "--so-pin",
                    "5678");
            assertThat(made.exit()).as(made.output()).isZero();
        }
        for (String[] secret : new String[][] {{"pin", PIN}, {"wrong", "4321"}, {"root", "root-canary"}}) {
            Path file = Files.writeString(temporary.resolve(secret[0]), secret[1]);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }

    private Map<String, String> environment() {
        return Map.of("SOFTHSM2_CONF", temporary.resolve("softhsm2.conf").toString());
    }

    private static Path library() {
        return Stream.of("/usr/lib/softhsm", "/usr/lib64/softhsm", "/usr/lib64/pkcs11", "/usr/local/lib/softhsm")
                .map(directory -> Path.of(directory, "libsofthsm2.so"))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow();
    }

    private static String uri(String label) {
        return "pkcs11:token=my%20ca;object=" + label + ";type=private?module-path=" + library();
    }

    private String pass(String name) {
        return "file:" + temporary.resolve(name);
    }

    private Path pki() {
        return temporary.resolve("pki");
    }

    /** Runs commands one after another, in one process. */
    private List<Run> run(String[]... commands) throws Exception {
        return run(true, commands);
    }

    /** The same, perhaps in a JVM that does not show its own wrapper of PKCS#11. */
    private List<Run> run(boolean exported, String[]... commands) throws Exception {
        Path in = temporary.resolve("commands.json");
        Path out = temporary.resolve("results.json");
        var mapper = new ObjectMapper();
        var all = new ArrayList<List<String>>();
        for (String[] command : commands) {
            var words = new ArrayList<>(List.of(command));
            words.addAll(List.of("-d", pki().toString(), "-o", "json"));
            all.add(words);
        }
        mapper.writeValue(in.toFile(), all);
        Processes.Result result = Processes.run(
                environment(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                exported ? "--add-exports=jdk.crypto.cryptoki/" + Pkcs11Objects.PACKAGE + "=ALL-UNNAMED" : "-ea",
                "-cp",
                System.getProperty("java.class.path"),
                "io.hawser.certs.cli.ManyCommands",
                in.toString(),
                out.toString());
        assertThat(result.exit()).as(result.output()).isZero();
        assertThat(result.output()).isEmpty(); // what the JDK prints of slots reaches nobody
        var runs = new ArrayList<Run>();
        for (JsonNode each : mapper.readTree(out.toFile())) {
            runs.add(new Run(
                    each.path("exit").asInt(),
                    each.path("out").asText(),
                    each.path("err").asText()));
        }
        return runs;
    }

    private String[] init(String label) {
        return new String[] {
            "org",
            "init",
            "orga",
            "--domain",
            "orga.test",
            "--signer",
            uri(label),
            "--pass",
            "root=" + pass("root"),
            "--pass",
            "issuing=" + pass("pin")
        };
    }

    @Test
    void doesAllDailyWorkWithAnIssuingKeyThatWasMadeInTheToken() throws Exception {
        String bundle = temporary.resolve("orga.bundle.json").toString();
        List<Run> runs = run(
                init("issuing-1"),
                init("issuing-1"),
                new String[] {"node", "issue", "a@a.orga.test", "b@b.orga.test", "--pass", pass("pin")},
                new String[] {"node", "issue", "c@c.orga.test", "--pass", pass("wrong")},
                new String[] {"node", "issue", "c@c.orga.test"},
                new String[] {"node", "renew", "a@a.orga.test", "--within", "91d", "--pass", pass("pin")},
                new String[] {"revoke", "b@b.orga.test", "--pass", pass("pin")},
                new String[] {"crl", "issue", "--life", "7d", "--pass", pass("pin")},
                new String[] {"trust", "export", "--to", bundle, "--pass", pass("pin")},
                new String[] {"org", "show"},
                new String[] {"status", "--check"});

        assertThat(runs).extracting(Run::exit).containsExactly(0, 0, 0, 7, 7, 0, 0, 0, 0, 0, 0);
        assertThat(runs.get(1).json().path("changed").asBoolean()).isFalse();
        assertThat(runs.get(3).code()).isEqualTo("PASSPHRASE_WRONG");
        assertThat(runs.get(3).err()).isEqualTo("""
                        error: the token my ca: the PIN is wrong [PASSPHRASE_WRONG]
                        hint: --pass gives the token's PIN here; tokens lock after some wrong ones
                        """);
        assertThat(runs.get(4).code()).isEqualTo("PASSPHRASE_NEEDED");
        assertThat(runs.get(9).json().path("result").path("authorities").findValuesAsText("key"))
                .containsExactly("encrypted", "pkcs11");
        for (Run each : runs) {
            assertThat(each.out() + each.err()).doesNotContain("canary");
        }
        OrgStore store = Fixtures.store(pki(), Instant.now());
        assertThat(store.revoked()).hasSize(1);
        store.generations(Fixtures.A)
                .forEach(node -> ChainVerifier.verify(
                        node.chain(), store.certificate("root"), store.crls(), Instant.now(), node.node()));
        Path issuing = pki().resolve("ca/issuing-1");
        assertThat(issuing.resolve("key.pem")).doesNotExist();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(issuing.resolve("signer.yaml"))))
                .isEqualTo("rw-------");
        try (Stream<Path> files = Files.walk(pki())) {
            for (Path file : files.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                assertThat(Files.readAllBytes(file)).asString().doesNotContain("canary");
            }
        }
    }

    @Test
    void saysWhatIsMissingWhenTheTokenIsGone() throws Exception {
        String[] issue = {"node", "issue", "a@a.orga.test", "--pass", pass("pin")};
        assertThat(run(init("issuing-1")).get(0).exit()).isZero();
        Files.move(temporary.resolve("tokens"), temporary.resolve("away"));
        Files.createDirectory(temporary.resolve("tokens"));

        Run gone = run(issue).get(0);

        assertThat(gone.exit()).isEqualTo(7);
        assertThat(gone.err()).isEqualTo("""
                        error: the token my ca: is not there (tokens here: none) [SIGNER_UNAVAILABLE]
                        hint: Plug it in, or correct token= in the signer's URI
                        """);
        Files.delete(temporary.resolve("tokens"));
        Files.move(temporary.resolve("away"), temporary.resolve("tokens"));
        Path yaml = pki().resolve("ca/issuing-1/signer.yaml");
        String right = Files.readString(yaml);
        Files.writeString(yaml, right.replace("object=issuing-1", "object=none"));
        assertThat(run(issue).get(0).err())
                .startsWith("error: the token my ca: holds no key with the label none [SIGNER_UNAVAILABLE]");
        Files.writeString(yaml, right.replace(library().toString(), "/nowhere/library.so"));
        Run library = run(issue).get(0);
        assertThat(library.exit()).isEqualTo(7);
        assertThat(library.err()).startsWith("error: /nowhere/library.so: is not there");
        Files.writeString(yaml, right);
        assertThat(run(issue).get(0).exit()).isZero();
    }

    /** keytool makes the two kinds of key that CAs may have, with the certificates that the JDK wants beside them. */
    @Test
    void usesKeysThatAreInTheTokenAlready() throws Exception {
        Path provider = Files.writeString(
                temporary.resolve("pkcs11.cfg"),
                "name=soft\nlibrary=" + library() + "\nslotListIndex=" + slotOf("my ca") + "\n");
        for (String[] key : new String[][] {{"r", "secp384r1"}, {"i", "secp256r1"}}) {
            Processes.Result made = Processes.run(
                    environment(),
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-keyalg",
                    "EC",
                    "-groupname",
                    key[1],
                    "-alias",
                    key[0],
                    "-dname",
                    "CN=" + key[0],
                    "-storetype",
                    "PKCS11",
                    "-keystore",
                    "NONE",
                    "-storepass",
                    PIN,
                    "-providerClass",
                    "sun.security.pkcs11.SunPKCS11",
                    "-providerArg",
                    provider.toString());
            assertThat(made.exit()).as(made.output()).isZero();
        }
        List<Run> runs = run(
                new String[] {
                    "org",
                    "init",
                    "orga",
                    "--domain",
                    "orga.test",
                    "--signer",
                    uri("i"),
                    "--root-signer",
                    uri("i"),
                    "--pass",
                    pass("pin")
                },
                new String[] {
                    "org",
                    "init",
                    "orga",
                    "--domain",
                    "orga.test",
                    "--signer",
                    uri("i").replace("object=i", "id=%69"),
                    "--root-signer",
                    uri("r"),
                    "--pass",
                    pass("pin")
                },
                new String[] {"node", "issue", "a@a.orga.test", "--pass", pass("pin")});

        assertThat(runs).extracting(Run::exit).containsExactly(6, 0, 0);
        assertThat(runs.get(0).code()).isEqualTo("KEY_IN_USE");
        assertThat(runs.get(1).json().path("warnings").findValuesAsText("code"))
                .containsExactly("KEY_FOUND", "KEY_FOUND");
        OrgStore store = Fixtures.store(pki(), Instant.now());
        assertThat(((ECPublicKey) store.certificate("issuing").getPublicKey())
                        .getParams()
                        .getOrder()
                        .bitLength())
                .isEqualTo(256);
        assertThat(store.node(Fixtures.A).certificate().getSigAlgName()).isEqualTo("SHA256withECDSA");
        NodeCertificate node = store.node(Fixtures.A);
        ChainVerifier.verify(node.chain(), store.certificate("root"), store.crls(), Instant.now(), node.node());
        refusesSeveralKeysOfOneId();
    }

    /** keytool gives a key its alias as id, so that the key i has the id 69. */
    private void refusesSeveralKeysOfOneId() throws Exception {
        String[] issue = {"node", "issue", "c@c.orga.test", "--pass", pass("pin")};
        assertThat(run(false, issue).get(0).err())
                .startsWith("error: this JVM does not show the ids of keys in tokens [SIGNER_UNAVAILABLE]");
        Path second = Files.write(
                temporary.resolve("second.pem"),
                PrivateKeys.plain(KeyKind.P256.generate(new SecureRandom()).getPrivate()));
        Processes.Result imported = Processes.run(
                environment(),
                "softhsm2-util",
                "--import",
                second.toString(),
                "--token",
                "my ca",
                "--label",
                "second",
                "--id",
                "69",
                "--force",
                "--pin",
                PIN);
        assertThat(imported.exit()).as(imported.output()).isZero();
        Run several = run(issue).get(0);
        assertThat(several.exit()).isEqualTo(7);
        assertThat(several.err())
                .contains("holds several keys or certificates with the id 69: ")
                .contains("second");
    }

    private String[] rotate(String kind, String... further) {
        var words = new ArrayList<>(List.of("rotate", kind, "--pass", pass("pin")));
        words.addAll(List.of(further));
        return words.toArray(String[]::new);
    }

    /** There are no nodes, so that nothing is waited for. */
    @Test
    void rotatesCasWhoseKeysAreInTheToken() throws Exception {
        String[] next = rotate("next");
        List<Run> runs = run(
                new String[] {
                    "org",
                    "init",
                    "orga",
                    "--domain",
                    "orga.test",
                    "--signer",
                    uri("i1"),
                    "--root-signer",
                    uri("r1"),
                    "--pass",
                    pass("pin")
                },
                rotate("issuing"),
                rotate("root", "--signer", uri("i2")),
                rotate("issuing", "--signer", uri("i1")),
                rotate("issuing", "--signer", uri("i2")),
                rotate("issuing", "--signer", uri("i2")),
                next,
                next,
                next,
                next,
                next,
                next,
                rotate("root", "--signer", "file", "--root-signer", uri("r2")),
                next,
                next,
                next,
                next,
                next,
                next,
                new String[] {"ca", "list"});

        assertThat(runs)
                .extracting(Run::exit)
                .containsExactly(0, 2, 2, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        assertThat(runs.get(1).err()).isEqualTo("""
                        error: issuing-1: its key is in no file (pkcs11); where shall that of issuing-2 be [USAGE]
                        hint: Say it: certs-tool rotate issuing --signer \
                        'pkcs11:token=...;object=issuing-2?module-path=...'; or --signer file, for a file
                        """);
        assertThat(runs.get(2).err()).contains("root-1: its key is in no file (pkcs11); where shall that of root-2 be");
        assertThat(runs.get(2).err()).contains("--root-signer");
        assertThat(runs.get(3).code()).isEqualTo("KEY_IN_USE");
        assertThat(runs.get(5).json().path("changed").asBoolean()).isFalse();
        assertThat(runs.get(19).json().path("result").path("authorities").findValuesAsText("key"))
                .containsExactly("pkcs11", "encrypted");
        OrgStore store = Fixtures.store(pki(), Instant.now());
        assertThat(store.authorities()).extracting(AuthorityRecord::name).containsExactly("root-2", "issuing-3");
        assertThat(store.links()).hasSize(1);
        ChainVerifier.verify(
                List.of(store.certificate("issuing"), store.links().get(0)),
                store.authorityNamed("root-1").orElseThrow().certificate(),
                List.of(),
                Instant.now(),
                "link");
        for (Run each : runs) {
            assertThat(each.out() + each.err()).doesNotContain("canary");
        }
    }

    /** The list that the JDK numbers, in the order of the slots' own numbers. */
    private int slotOf(String label) {
        String slots =
                Processes.run(environment(), "softhsm2-util", "--show-slots").output();
        int index = -1;
        for (String line : slots.lines().toList()) {
            if (line.startsWith("Slot ")) {
                index++;
            }
            if (line.strip().equals("Label:            " + label)) {
                return index;
            }
        }
        throw new AssertionError("no token " + label + " in " + slots);
    }
}
