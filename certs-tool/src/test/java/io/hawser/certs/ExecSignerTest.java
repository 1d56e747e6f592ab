package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExecSignerTest {
    private static final String ECDSA = "SHA384withECDSA";

    @TempDir(factory = TempDirFactory.Standard.class) // programs may not run from memory
    private Path temporary;

    private final KeyPair pair = KeyKind.P384.generate(new SecureRandom());

    @BeforeEach
    void writePublicKey() throws Exception {
        Files.writeString(
                temporary.resolve("public.pem"),
                Pem.encode("PUBLIC KEY", pair.getPublic().getEncoded()));
    }

    /** Keys of a service that are named by the program's last word, made when they are asked for first. */
    private SignerSpec service(String key) throws Exception {
        command("k=$4.pem; [ -f \"$k\" ] || openssl ecparam -name secp384r1 -genkey -noout -out \"$k\";"
                + " case $5 in public-key) openssl ec -in \"$k\" -pubout 2>/dev/null;;"
                + " sign) openssl dgst -\"${6#ecdsa-}\" -sign \"$k\";; esac");
        return SignerSpec.parse("exec:'" + temporary.resolve("key service/kms") + "' --key $HOME -- " + key);
    }

    @Test
    @NeedsProgram("openssl")
    void rotatesCasWhoseKeysAreBehindCommands() throws Exception {
        OrgStore store = Fixtures.store(temporary.resolve("pki"), Fixtures.NOW);
        store.init(
                new OrgRequest(Fixtures.orga(), false, null, service("root-1"), service("issuing-1")),
                SecretSource.none());
        var rotator = new Rotator(store);
        assertThatThrownBy(() -> rotator.begin(RotationRequest.of(RotationKind.ROOT), SecretSource.none()))
                .isInstanceOfSatisfying(
                        CertsException.class,
                        e -> assertThat(e.hint().orElse(""))
                                .startsWith("Say it: certs-tool rotate root --signer 'exec:COMMAND'"));
        rotator.begin(
                new RotationRequest(
                        RotationKind.ROOT,
                        List.of(),
                        null,
                        null,
                        new KeyPlace(service("issuing-2"), false),
                        new KeyPlace(service("root-2"), false)),
                SecretSource.none());
        var advance =
                new RotationAdvance(Map.of(), 1, Duration.ofSeconds(1), Duration.ZERO, List.of(), null, proof -> {});
        while (store.rotation().isPresent()) {
            rotator.next(advance, SecretSource.none());
        }
        rotator.begin(
                new RotationRequest(
                        RotationKind.ISSUING, List.of(), null, null, new KeyPlace(service("issuing-3"), false), null),
                SecretSource.none());
        rotator.abort(SecretSource.none());

        assertThat(store.authorities()).extracting(AuthorityRecord::key).containsExactly("exec", "exec");
        assertThat(store.authorities()).extracting(AuthorityRecord::name).containsExactly("root-2", "issuing-2");
        assertThat(store.links()).hasSize(1);
        ChainVerifier.verify(
                List.of(store.certificate("issuing")), store.roots(), store.crls(), Fixtures.NOW, "issuing-2");
    }

    /** A program of its own, in a directory with a blank in its name. */
    private SignerCommand command(String script) throws Exception {
        Path directory = Files.createDirectories(temporary.resolve("key service"));
        Path program =
                Files.writeString(directory.resolve("kms"), "#!/bin/sh\ncd '" + temporary + "'\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return (SignerCommand) SignerSpec.parse("exec:'" + program + "' --key $HOME");
    }

    private ExecSigner signer(String script) throws Exception {
        return new ExecSigner(command(script), pair.getPublic(), Duration.ofSeconds(30));
    }

    @Test
    @NeedsProgram("openssl")
    void issuesWithAKeyBehindACommand() throws Exception {
        Files.write(temporary.resolve("key.pem"), PrivateKeys.plain(pair.getPrivate()));
        SignerCommand kms = command("echo \"$*\" >> calls; case $3 in"
                + " public-key) cat public.pem;; sign) openssl dgst -\"${4#ecdsa-}\" -sign key.pem;; esac");
        OrgStore store = Fixtures.store(temporary.resolve("pki"), Fixtures.NOW);
        var request = new OrgRequest(Fixtures.orga(), false, null, null, kms);

        store.init(request, SecretSource.none());
        store.issue(IssueRequest.of(Fixtures.A, Fixtures.B), SecretSource.none());
        store.revoke(RevokeRequest.of(Fixtures.B, RevocationReason.SUPERSEDED), SecretSource.none());
        new TrustStore(store).exportBundle(SecretSource.none());

        NodeCertificate node = store.node(Fixtures.A);
        ChainVerifier.verify(node.chain(), store.certificate("root"), store.crls(), Fixtures.NOW, node.node());
        assertThat(store.authority("issuing").key()).isEqualTo("exec");
        assertThat(store.init(request, SecretSource.none()).changed()).isFalse();
        List<String> calls = Files.readAllLines(temporary.resolve("calls"));
        assertThat(calls).first().isEqualTo("--key $HOME public-key"); // no shell has seen the words
        assertThat(calls.stream().skip(1)).hasSize(5).containsOnly("--key $HOME sign ecdsa-sha384");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "echo 'access denied' >&2; exit 3 | exit 3: access denied",
                "exit 4                           | exit 4",
                "head -c 20000 /dev/zero          | printed more than 16384 bytes"
            })
    void saysWhyTheCommandFailed(String script, String why) throws Exception {
        ExecSigner signer = signer(script);

        assertThatThrownBy(() -> signer.sign(ECDSA, new byte[1 << 20]))
                .isInstanceOfSatisfying(
                        CertsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SIGNER_FAILED))
                .hasMessage("the signer's command " + temporary + "/key service/kms: " + why);
    }

    @Test
    void endsACommandThatDoesNotEnd() throws Exception {
        var signer = new ExecSigner(
                command("sleep 600 & echo $! > sleeper; wait"), pair.getPublic(), Duration.ofMillis(1500));

        assertThatThrownBy(() -> signer.sign(ECDSA, new byte[1])).hasMessageEndingWith("did not end within 1500 ms");

        long sleeper =
                Long.parseLong(Files.readString(temporary.resolve("sleeper")).strip());
        ProcessHandle.of(sleeper).ifPresent(handle -> handle.onExit().join());
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "echo nonsense", "cat foreign"})
    void usesNoSignatureThatTheKeyOfTheCaDoesNotVerify(String script) throws Exception {
        KeyPair other = KeyKind.P384.generate(new SecureRandom());
        byte[] content = {1, 2, 3};
        Files.write(
                temporary.resolve("foreign"),
                CaSigner.of(other.getPrivate(), other.getPublic()).sign(ECDSA, content));
        ExecSigner signer = signer(script);

        assertThatThrownBy(() -> signer.sign(ECDSA, content))
                .isInstanceOfSatisfying(
                        CertsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SIGNER_FAILED))
                .hasMessage("what holds the CA's key returned no SHA384withECDSA signature of the CA's key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "echo nonsense", "cat /etc/passwd"})
    void refusesWhatIsNoPublicKey(String script) throws Exception {
        SignerCommand command = command(script);

        assertThatThrownBy(() -> ExecSigner.ask(command, Duration.ofSeconds(30)))
                .isInstanceOfSatisfying(
                        CertsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SIGNER_FAILED));
    }

    @Test
    void saysThatThereIsNoSuchProgram() {
        var command = (SignerCommand) SignerSpec.parse("exec:/nowhere/kms");

        assertThatThrownBy(() -> ExecSigner.ask(command, Duration.ofSeconds(30)))
                .isInstanceOfSatisfying(
                        CertsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SIGNER_UNAVAILABLE))
                .hasMessage("the signer's command /nowhere/kms: cannot be started");
    }

    @Test
    void runsNoProgramThatSomebodyElseMayHaveNamed() throws Exception {
        OrgStore store = Fixtures.newStore(temporary.resolve("pki"));
        Path issuing = temporary.resolve("pki/ca/issuing-1");
        Files.delete(issuing.resolve("key.pem"));
        Path spec =
                Files.write(issuing.resolve("signer.yaml"), command("touch ran").toYaml());
        Files.setPosixFilePermissions(spec, PosixFilePermissions.fromString("rw-rw-r--"));

        assertThatThrownBy(() -> store.issue(IssueRequest.of(Fixtures.A), SecretSource.none()))
                .isInstanceOfSatisfying(
                        CertsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSAFE_PERMISSIONS));
        assertThat(temporary.resolve("ran")).doesNotExist();
    }
}
