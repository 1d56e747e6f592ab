package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Issuing CAs beside the first; with the root's key at hand, and on another machine. */
class AuthorityStoreTest {
    private static final SecretSource NONE = SecretSource.none();

    @TempDir
    private Path temporary;

    private OrgStore store;
    private Path usb;

    @BeforeEach
    void makeOrganisation() {
        usb = temporary.resolve("usb");
        store = Fixtures.store(temporary.resolve("pki"), Fixtures.NOW);
        store.init(new OrgRequest(Fixtures.orga(), false, usb), NONE);
        store.issue(IssueRequest.of(Fixtures.A), NONE);
    }

    private static AuthorityRequest second(@Nullable Path offlineRoot) {
        return new AuthorityRequest("issuing-2", null, false, null, offlineRoot);
    }

    private static void assertRefused(ErrorCode code, String message, ThrowingCallable work) {
        assertThatThrownBy(work)
                .isInstanceOfSatisfying(
                        CertsException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(message);
    }

    private OrgStore after(int days) {
        return Fixtures.store(temporary.resolve("pki"), Fixtures.NOW.plus(Duration.ofDays(days)));
    }

    /** Another machine, where the directory with the root's key is plugged in and nothing else is. */
    private OrgStore rootMachine() {
        return Fixtures.store(temporary.resolve("nowhere"), Fixtures.NOW);
    }

    private byte[] sign(Path request) throws Exception {
        Path answer = temporary.resolve("answer.json");
        RootSigning.read(Files.readAllBytes(request), "request", rootMachine()).sign(rootMachine(), usb, answer, NONE);
        return Files.readAllBytes(answer);
    }

    private void assertIssuesFrom(String name) {
        NodeCertificate node =
                store.issue(IssueRequest.of(Fixtures.B), NONE).value().get(0);
        assertThat(node.chain().get(1).getSubjectX500Principal().getName())
                .isEqualTo("CN=orga Distribution Issuing " + name.replace("issuing-", "") + ",O=orga");
        for (NodeCertificate each : store.nodes()) {
            ChainVerifier.verify(each.chain(), store.certificate("root"), store.crls(), Fixtures.NOW, each.node());
        }
    }

    @Test
    void makesAnIssuingCaWhereTheRootsKeyIsAtHand() {
        Change<IssuedAuthority> change = new AuthorityStore(store).issue(second(usb), NONE);

        assertThat(change.value().authority().orElseThrow().key()).isEqualTo("plain");
        assertThat(change.files())
                .contains(temporary.resolve("pki/ca/issuing-2/key.pem").toString());
        assertThat(new AuthorityStore(store).requests()).isEmpty();
        assertIssuesFrom("issuing-2");
        Map<String, String> before = Fixtures.snapshot(temporary);
        assertThat(new AuthorityStore(store).issue(second(usb), NONE).changed()).isFalse();
        assertThat(Fixtures.snapshot(temporary)).isEqualTo(before);
    }

    @Test
    void makesAnIssuingCaWithTheRootsKeyOnAnotherMachine() throws Exception {
        var authorities = new AuthorityStore(store);
        Path request = authorities.issue(second(null), NONE).value().request().orElseThrow();
        Map<String, String> before = Fixtures.snapshot(temporary);
        assertThat(authorities.issue(second(null), NONE).changed()).isFalse();
        assertThat(Fixtures.snapshot(temporary)).isEqualTo(before);
        assertThat(authorities.requests()).containsExactly(request);
        assertThat(store.authority("issuing").name()).isEqualTo("issuing-1");

        RootSigning signing = RootSigning.read(Files.readAllBytes(request), "request", rootMachine());
        assertThat(signing.fields())
                .containsEntry("signs", "the issuing CA issuing-2")
                .containsEntry("may name", "hosts of orga.test, URIs of orga.test")
                .containsEntry("key", "EC P-384, " + authorities.requestedKey(request))
                .containsEntry("until", "2028-02-29T12:00:00Z");
        byte[] answer = sign(request);
        assertThat(sign(request)).isEqualTo(answer);
        Change<AuthorityRecord> installed = authorities.install(answer, "answer", NONE);

        assertThat(installed.value().name()).isEqualTo("issuing-2");
        assertThat(authorities.requests()).isEmpty();
        assertIssuesFrom("issuing-2");
        before = Fixtures.snapshot(temporary);
        assertThat(authorities.install(answer, "answer", NONE).changed()).isFalse();
        assertThat(authorities.issue(second(null), NONE).changed()).isFalse();
        assertThat(Fixtures.snapshot(temporary)).isEqualTo(before);
    }

    @Test
    void goesOnWithARequestWhenTheRootsKeyComesBack() throws Exception {
        var authorities = new AuthorityStore(store);
        Path request = authorities.issue(second(null), NONE).value().request().orElseThrow();
        String key = authorities.requestedKey(request);

        AuthorityRecord issued =
                authorities.issue(second(usb), NONE).value().authority().orElseThrow();

        assertThat(RootSigning.fingerprint(issued.certificate().getPublicKey())).isEqualTo(key);
        assertIssuesFrom("issuing-2");
    }

    @Test
    void writesNothingInADryRun() {
        Map<String, String> before = Fixtures.snapshot(temporary);
        var dry = new AuthorityStore(OrgStore.at(
                temporary.resolve("pki"),
                new StoreOptions(Fixtures.at(Fixtures.NOW), true, false, (node, done) -> {})));

        assertThat(dry.issue(second(usb), NONE).files())
                .contains(temporary.resolve("pki/ca/issuing-2/cert.pem").toString());
        assertThat(dry.issue(second(null), NONE).files())
                .contains(
                        temporary.resolve("pki/requests/issuing-2/request.json").toString());

        assertThat(Fixtures.snapshot(temporary)).isEqualTo(before);
    }

    @Test
    void takesTheNextNameOnly() {
        var authorities = new AuthorityStore(store);

        assertThat(authorities.successor("issuing-1", null)).isEqualTo("issuing-2");
        assertRefused(ErrorCode.CA_UNKNOWN, "root-1: is no issuing CA", () -> authorities.successor("root-1", null));
        for (String name : new String[] {"issuing-3", "root-2", "x", "issuing-02", "../issuing-2"}) {
            assertRefused(
                    ErrorCode.CA_UNKNOWN,
                    "is no name for a new issuing CA (expected: issuing-2)",
                    () -> authorities.issue(new AuthorityRequest(name, null, false, null, usb), NONE));
        }
        var longer = new AuthorityRequest("issuing-1", Duration.ofDays(7), false, null, usb);
        assertRefused(ErrorCode.CA_EXISTS, "issuing-1: is there", () -> authorities.issue(longer, NONE));
    }

    @Test
    void renewsTheRootsCrlOnAnotherMachine() throws Exception {
        OrgStore later = after(40);
        Change<List<AuthorityRecord>> due = later.refreshCrls(new CrlRequest(null, null), NONE);
        assertThat(due.notices()).extracting(Notice::code).containsExactly("ROOT_CRL_DUE");
        Path request = new AuthorityStore(later).requests().get(0);
        Path answer = temporary.resolve("answer.json");
        RootSigning signing = RootSigning.read(Files.readAllBytes(request), "request", later);
        assertThat(signing.fields()).containsEntry("signs", "the CRL of root-1 after number 1");
        signing.sign(later, usb, answer, NONE);

        AuthorityRecord root = new AuthorityStore(later)
                .install(Files.readAllBytes(answer), "answer", NONE)
                .value();

        assertThat(CrlIssuer.number(root.crl())).isEqualTo(2);
        assertThat(later.crl("root")).isEqualTo(root.crl());
        assertThat(root.crl().getNextUpdate().toInstant()).isEqualTo(Fixtures.NOW.plus(Duration.ofDays(130)));
        assertThat(new AuthorityStore(later).requests()).isEmpty();
        assertThat(new AuthorityStore(later)
                        .install(Files.readAllBytes(answer), "answer", NONE)
                        .changed())
                .isFalse();
        later.refreshCrls(new CrlRequest(null, null), NONE);
        assertThat(new AuthorityStore(later).requests()).isEmpty();
        OrgStore latest = after(80);
        latest.refreshCrls(new CrlRequest(null, usb), NONE);
        assertRefused(
                ErrorCode.VERIFICATION_FAILED,
                "answer: the CRL has the number 2, but number 3 is here",
                () -> new AuthorityStore(latest).install(Files.readAllBytes(answer), "answer", NONE));
    }

    @Test
    void refusesAnAnswerThatIsNotWhatWasAskedFor() throws Exception {
        var authorities = new AuthorityStore(store);
        Path request = authorities.issue(second(null), NONE).value().request().orElseThrow();
        String asked = Files.readString(request);
        byte[] wider = sign(Files.writeString(
                temporary.resolve("wider.json"), asked.replace("\"domain\" : \"orga.test\"", "\"domain\" : \"test\"")));
        Files.delete(temporary.resolve("answer.json"));
        OrgStore stranger = Fixtures.store(temporary.resolve("stranger"), Fixtures.NOW);
        stranger.init(Fixtures.plain(Fixtures.orga()), NONE);
        byte[] foreign = Files.readAllBytes(new AuthorityStore(stranger)
                .issue(second(null), NONE)
                .value()
                .authority()
                .map(authority -> stranger.directory(authority).resolve("cert.pem"))
                .orElseThrow());
        byte[] answer = RootRequest.read(Files.readAllBytes(request), "r").answer(foreign);

        assertRefused(
                ErrorCode.VERIFICATION_FAILED,
                "it has another name constraints",
                () -> authorities.install(wider, "answer", NONE));
        assertRefused(
                ErrorCode.VERIFICATION_FAILED,
                "the chain is not valid",
                () -> authorities.install(answer, "answer", NONE));
        assertRefused(
                ErrorCode.UNREADABLE,
                "answer: it is not of the schema certs-tool/root-answer-1",
                () -> authorities.install(Files.readAllBytes(request), "answer", NONE));
        assertRefused(
                ErrorCode.CA_UNKNOWN,
                "which is not here",
                () -> new AuthorityStore(stranger)
                        .install(
                                new String(answer, java.nio.charset.StandardCharsets.US_ASCII)
                                        .replace("issuing-2", "issuing-7")
                                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                                "answer",
                                NONE));
        assertThat(temporary.resolve("pki/ca/issuing-2")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"org\" : \"orga\"       | \"org\" : \"orgb\"       | REQUEST_REFUSED | org (is not the one that the"
                        + " root names)",
                "\"life\" : \"2y\"      | \"life\" : \"1s\"        | REQUEST_REFUSED | lifetime (is shorter than a"
                        + " minute)",
                "\"name\" : \"issuing-2\" | \"name\" : \"gen-2\"     | UNREADABLE      | names nothing that a root signs",
                "\"name\" : \"issuing-2\" | \"name\" : \"root-1\"    | UNREADABLE      | is missing",
                "\"schema\" : \"certs     | \"schema\" : \"other     | UNREADABLE      | it is not of the schema",
                "{                        | [                        | UNREADABLE      | it is not JSON"
            })
    void refusesARequestThatNoRootShouldSign(String from, String to, ErrorCode code, String why) throws Exception {
        Path request = new AuthorityStore(store)
                .issue(second(null), NONE)
                .value()
                .request()
                .orElseThrow();
        String asked = Files.readString(request);
        assertThat(asked).contains(from);
        byte[] changed = Pem.ascii(asked.replaceFirst(java.util.regex.Pattern.quote(from), to));

        assertRefused(code, why, () -> RootSigning.read(changed, "request", rootMachine()));
    }

    @Test
    void signsForItsOwnOrganisationAndWithItsOwnKeyOnly() throws Exception {
        Path request = new AuthorityStore(store)
                .issue(second(null), NONE)
                .value()
                .request()
                .orElseThrow();
        byte[] asked = Files.readAllBytes(request);
        OrgStore other = Fixtures.newStore(temporary.resolve("orgb"), Fixtures.orgb(), Fixtures.NOW);
        Path answer = temporary.resolve("answer.json");

        assertRefused(
                ErrorCode.NAMESPACE_REFUSED,
                "is for orga, orga.test (expected: orgb, orgb.test",
                () -> RootSigning.read(asked, "request", other));
        RootSigning signing = RootSigning.read(asked, "request", rootMachine());
        assertRefused(
                ErrorCode.KEY_ABSENT,
                "the key of its root is not in",
                () -> signing.sign(rootMachine(), null, answer, NONE));
        assertRefused(
                ErrorCode.KEY_ABSENT,
                "holds another key than that of root-1",
                () -> signing.sign(rootMachine(), temporary.resolve("orgb/ca/root-1"), answer, NONE));
        Files.writeString(answer, "mine");
        assertRefused(
                ErrorCode.FILE_EXISTS,
                "does not answer this request",
                () -> signing.sign(rootMachine(), usb, answer, NONE));
        assertThat(answer).hasContent("mine");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void saysWhichKeyIsMissing(boolean root) throws Exception {
        Path request = new AuthorityStore(store)
                .issue(second(null), NONE)
                .value()
                .request()
                .orElseThrow();
        byte[] answer = sign(request);
        if (root) {
            assertRefused(
                    ErrorCode.KEY_ABSENT,
                    "(expected: the key of root-1)",
                    () -> new AuthorityStore(store).issue(second(temporary.resolve("empty")), NONE));
            return;
        }
        Files.delete(temporary.resolve("pki/requests/issuing-2/key.pem"));
        assertRefused(
                ErrorCode.KEY_ABSENT,
                "requests/issuing-2/key.pem: is not there",
                () -> new AuthorityStore(store).install(answer, "answer", NONE));
    }
}
