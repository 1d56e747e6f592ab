package io.hawser.certs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Partners and rotations while the root's key is on another machine: requests go out, what it signed comes back. */
class RootRequestsTest {
    private static final SecretSource NONE = SecretSource.none();

    @TempDir(factory = MemoryDirectory.class)
    private Path temporary;

    private OrgStore store;
    private OrgStore partner;
    private Path usb;

    @BeforeEach
    void makeBoth() {
        usb = temporary.resolve("usb");
        Fixtures.store(temporary.resolve("pki"), Fixtures.NOW).init(new OrgRequest(Fixtures.orga(), false, usb), NONE);
        partner = Fixtures.newStore(temporary.resolve("orgb"), Fixtures.orgb(), Fixtures.NOW);
        partner.issue(IssueRequest.of(NodeName.parse("b@b.orgb.test")), NONE);
        store = after(2);
    }

    private OrgStore after(long days) {
        return Fixtures.store(temporary.resolve("pki"), Fixtures.NOW.plus(Duration.ofDays(days)));
    }

    private static byte[] bundle(OrgStore of) {
        return new TrustStore(of).exportBundle(NONE).value();
    }

    private Change<Partner> importPartner() {
        return new TrustStore(store)
                .importBundle(
                        ImportRequest.of(
                                "bundle",
                                bundle(partner),
                                new TrustStore(partner).ownFingerprints().get(0)),
                        NONE);
    }

    private Path request(String name) {
        return temporary.resolve("pki/requests").resolve(name);
    }

    /** What the root's machine makes of a request, where no organisation is. */
    private byte[] signed(byte[] request, Instant at) throws Exception {
        OrgStore nowhere = Fixtures.store(temporary.resolve("nowhere"), at);
        Path answer = temporary.resolve("answer.json");
        Files.deleteIfExists(answer);
        RootSigning signing = RootSigning.read(request, "request", nowhere);
        assertThat(signing.sign(nowhere, usb, answer, NONE).changed()).isTrue();
        assertThat(signing.sign(nowhere, usb, answer, NONE).changed()).isFalse();
        return Files.readAllBytes(answer);
    }

    private byte[] signed(Path request) throws Exception {
        return signed(Files.readAllBytes(request), store.options().clock().instant());
    }

    private Change<AuthorityRecord> install(byte[] answer) {
        return new AuthorityStore(store).install(answer, "answer", NONE);
    }

    private static void assertRefused(ErrorCode code, String why, ThrowingCallable work) {
        assertThatThrownBy(work)
                .isInstanceOfSatisfying(
                        CertsException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(why);
    }

    @Test
    void fencesAPartnerWithTheRootOnAnotherMachine() throws Exception {
        Change<Partner> asked = importPartner();
        assertThat(asked.notices()).extracting(Notice::code).containsExactly("ROOT_ASKED");
        assertThat(asked.value().isFenced()).isFalse();
        Map<String, String> before = Fixtures.snapshot(temporary.resolve("pki"));
        assertThat(importPartner().changed()).isFalse();
        assertThat(Fixtures.snapshot(temporary.resolve("pki"))).isEqualTo(before);

        // daily work goes on, and nobody of the partner is let in yet
        store.issue(IssueRequest.of(Fixtures.A), NONE);
        new PemExport(store).write(Fixtures.A, temporary.resolve("pem"));
        assertThat(temporary.resolve("pem/cross.pem")).doesNotExist();
        assertThat(new StatusCheck(store, null).run().concerns())
                .extracting(Concern::code)
                .containsExactly("PARTNER_WAITING");
        Path request = request("cross-orgb-root-1.json");
        RootSigning there = RootSigning.read(Files.readAllBytes(request), "request", after(2));
        String root = new TrustStore(partner).ownFingerprints().get(0);
        assertThat(there.fields())
                .containsEntry("signs", "the root of the partner orgb, behind a fence")
                .containsEntry("partner's root", root)
                .containsEntry("may name", "hosts of orgb.test, URIs of orgb.test");
        byte[] answer = signed(request);
        Change<AuthorityRecord> installed = install(answer);

        assertThat(installed.notices()).extracting(Notice::code).containsExactly("PARTNER_FENCED");
        X509Certificate cross = new TrustStore(store).partners().get(0).cross().get(0);
        cross.verify(store.certificate("root").getPublicKey());
        NodeCertificate node = partner.nodes().get(0);
        ChainVerifier.verify(
                List.of(node.chain().get(0), node.chain().get(1), cross),
                store.certificate("root"),
                List.of(),
                store.options().clock().instant(),
                "b");
        assertThat(request).doesNotExist();
        assertThat(install(answer).changed()).isFalse();
        assertThat(importPartner().changed()).isFalse();
    }

    @Test
    void followsAPartnerWhileTheRootIsAway() throws Exception {
        importPartner();
        byte[] first = signed(request("cross-orgb-root-1.json"));
        install(first);
        store = after(250);
        OrgStore later = Fixtures.store(
                temporary.resolve("orgb"), store.options().clock().instant());
        later.refreshCrls(new CrlRequest(null, null), NONE);
        byte[] bundle = bundle(later);
        Change<Partner> refreshed = new TrustStore(store).refresh("b", bundle, null, NONE);

        assertThat(refreshed.value().crlsEnd()).isAfter(store.options().clock().instant()); // at once
        assertThat(refreshed.value().cross()).hasSize(1);
        Path request = request("cross-orgb-root-1.json");
        assertThat(install(first).changed()).isFalse(); // an older answer
        assertThat(request).exists();
        install(signed(request));
        assertThat(new TrustStore(store).partners().get(0).trustEnds())
                .isEqualTo(Fixtures.NOW.plus(Duration.ofDays(250 + 365)));
        assertRefused(ErrorCode.CA_UNKNOWN, "which is not here", () -> install(first));
        assertThat(new TrustStore(store).refresh("b", bundle, null, NONE).changed())
                .isFalse();
    }

    @Test
    void revokesTheFenceOfAFormerPartnerByTheNextCrl() throws Exception {
        importPartner();
        byte[] fence = signed(request("cross-orgb-root-1.json"));
        install(fence);
        X509Certificate cross = new TrustStore(store).partners().get(0).cross().get(0);
        Change<List<X509Certificate>> removed = new TrustStore(store).remove("orgb", null, NONE);
        assertThat(removed.notices()).extracting(Notice::code).containsExactly("CROSS_NOT_REVOKED");
        store = after(40);
        store.refreshCrls(new CrlRequest(null, null), NONE); // is due by now, and forgets nothing
        byte[] request = Files.readAllBytes(request("root-1.json"));
        RootSigning there = RootSigning.read(request, "request", store);
        assertThat(there.fields())
                .containsEntry(
                        "revokes now " + cross.getSerialNumber().toString(16),
                        "CN=orgb Distribution Root 1,O=orgb (cessationOfOperation)");
        byte[] without = signed(
                RootRequest.read(request, "r").task() instanceof CrlTask task
                        ? new RootRequest(
                                        "orga",
                                        Fixtures.orga().namespace(),
                                        store.certificate("root"),
                                        "root-1",
                                        Duration.ofDays(90),
                                        new CrlTask(task.crl(), Map.of()))
                                .file()
                        : request,
                store.options().clock().instant());
        assertRefused(ErrorCode.VERIFICATION_FAILED, "the CRL does not revoke", () -> install(without));
        byte[] answer = signed(request("root-1.json"));
        install(answer);

        assertThat(store.revocations().contains(cross)).isTrue();
        assertThat(store.consistent()).isTrue();
        assertThat(new AuthorityStore(store).requests()).isEmpty();
        assertThat(install(answer).changed()).isFalse();
        importPartner();
        assertRefused(ErrorCode.VERIFICATION_FAILED, "is revoked already", () -> install(fence));
    }

    @Test
    void signsAtOnceWhatWaitedForTheRoot() throws Exception {
        importPartner();
        install(signed(request("cross-orgb-root-1.json")));
        new TrustStore(store).remove("orgb", null, NONE);

        store.refreshCrls(new CrlRequest(null, usb), NONE);

        assertThat(store.crl("root").getRevokedCertificates()).hasSize(1);
        assertThat(new AuthorityStore(store).requests()).isEmpty();
        assertThat(store.consistent()).isTrue();
    }

    private Change<RotationResult> next() {
        var advance = new RotationAdvance(
                Map.<NodeName, InetSocketAddress>of(),
                1,
                Duration.ofSeconds(1),
                Duration.ZERO,
                List.of(),
                null,
                proof -> {});
        return new Rotator(store).next(advance, NONE);
    }

    @Test
    void rotatesTheIssuingCaWithTheRootOnAnotherMachine() throws Exception {
        var rotator = new Rotator(store);
        Change<Rotation> asked = rotator.begin(RotationRequest.of(RotationKind.ISSUING), NONE);
        assertThat(asked.value().phase()).isEqualTo(RotationPhase.IDLE);
        assertThat(rotator.begin(RotationRequest.of(RotationKind.ISSUING), NONE).changed())
                .isFalse();
        assertThat(rotator.last()).isEmpty();
        assertRefused(
                ErrorCode.CA_EXISTS,
                "was asked for already, for a rotation",
                () -> new AuthorityStore(store)
                        .issue(new AuthorityRequest("issuing-2", null, false, null, null), NONE));
        byte[] answer = signed(request("issuing-2/request.json"));
        assertThat(install(answer).notices()).extracting(Notice::code).contains("ROTATION_BEGUN");
        assertThat(install(answer).changed()).isFalse();
        assertThat(store.authority("issuing").name()).isEqualTo("issuing-1");
        assertThat(new AuthorityStore(store).requests()).isEmpty();

        for (RotationPhase phase :
                List.of(RotationPhase.VERIFY_TRUST, RotationPhase.REISSUE, RotationPhase.VERIFY_USE)) {
            assertThat(next().value().rotation().orElseThrow().phase()).isEqualTo(phase);
        }
        Change<RotationResult> waits = next();
        assertThat(waits.value().rotation().orElseThrow().phase()).isEqualTo(RotationPhase.VERIFY_USE);
        assertThat(waits.value().requests()).containsExactly(request("root-1.json"));
        assertThat(next().changed()).isFalse();
        install(signed(request("root-1.json")));
        Path crls = temporary.resolve("crl");
        assertThat(store.installCrls(crls).files()).hasSize(3); // it is still there
        assertRefused(ErrorCode.ROTATION_RETIRED, "issuing-1: is revoked by its root", () -> rotator.abort(NONE));
        assertThat(next().value().rotation().orElseThrow().phase()).isEqualTo(RotationPhase.RETIRE);
        assertThat(store.authorities()).extracting(AuthorityRecord::name).containsExactly("root-1", "issuing-2");
        String gone = OpensslNameHash.of(
                store.authorityNamed("issuing-1").orElseThrow().certificate().getSubjectX500Principal());
        assertThat(store.installCrls(crls).files())
                .containsExactly(crls.resolve(gone + ".r0").toString());
        assertThat(Fixtures.snapshot(crls)).hasSize(3).doesNotContainKey(gone + ".r0"); // with the directory itself
        assertThat(store.installCrls(crls).changed()).isFalse();
        next();
        assertThat(next().value().rotation().orElseThrow().phase()).isEqualTo(RotationPhase.IDLE);
    }

    @Test
    void leavesNoGapAndNoListOfAnotherCaOutOfPlace() throws Exception {
        Path crls = Files.createDirectory(temporary.resolve("crl"));
        OrgStore namesake = Fixtures.newStore(temporary.resolve("namesake")); // same names, other keys
        String hash = OpensslNameHash.of(store.certificate("issuing").getSubjectX500Principal());
        Files.write(crls.resolve(hash + ".r0"), Pem.crls(List.of(store.crl("issuing"))));
        Files.write(crls.resolve(hash + ".r1"), Pem.crls(List.of(namesake.crl("issuing"))));
        X509Certificate gone = store.certificate("issuing");
        var writer = new FileWriter(false, store.observer());

        new CrlInstall(crls, writer).run(List.of(), List.of(gone));

        assertThat(crls.resolve(hash + ".r1")).doesNotExist();
        assertThat(Pem.readCrl(Files.readAllBytes(crls.resolve(hash + ".r0")), "r0"))
                .isEqualTo(namesake.crl("issuing"));
        var second = new FileWriter(false, store.observer());
        assertThat(new CrlInstall(crls, second).run(List.of(), List.of(gone)).changed())
                .isFalse();
    }

    @Test
    void takesNoCrlThatAnAbortedRotationAskedFor() throws Exception {
        new Rotator(store).begin(RotationRequest.of(RotationKind.ISSUING), NONE);
        install(signed(request("issuing-2/request.json")));
        for (int i = 0; i < 4; i++) {
            next();
        }
        byte[] answer = signed(request("root-1.json"));
        new Rotator(store).abort(NONE);

        assertThat(new AuthorityStore(store).requests()).isEmpty();
        assertRefused(ErrorCode.VERIFICATION_FAILED, "which nobody here asked for", () -> install(answer));
    }

    @Test
    void linksANewRootToTheOldOneOnAnotherMachine() throws Exception {
        byte[] known = bundle(store);
        Path other = temporary.resolve("usb2");
        Change<Rotation> begun = new Rotator(store)
                .begin(new RotationRequest(RotationKind.ROOT, List.of(), null, other, null, null), NONE);
        assertThat(begun.notices()).extracting(Notice::code).contains("ROOT_NOT_LINKED", "PARTNERS_TO_BE_TOLD");
        byte[] request = Files.readAllBytes(request("link-root-2.json"));
        assertThat(RootSigning.read(request, "request", store).fields())
                .containsEntry("next root", store.authority("root").fingerprint());
        byte[] answer = signed(request("link-root-2.json"));
        assertThat(install(answer).notices()).extracting(Notice::code).contains("PARTNERS_TO_BE_TOLD");
        assertThat(install(answer).changed()).isFalse();
        assertThat(store.links()).hasSize(1);

        // a partner that knows the old root only follows, also when it missed the bundle with both
        var trust = new TrustStore(Fixtures.store(
                temporary.resolve("orgb"), store.options().clock().instant()));
        trust.importBundle(
                ImportRequest.of(
                        "f", known, Fingerprints.of(store.authorities().get(0).certificate())),
                NONE);
        while (store.rotation().isPresent()) {
            next();
        }
        assertThat(trust.refresh("f", bundle(store), null, NONE).value().pinned())
                .containsExactly(store.authority("root").fingerprint());
        assertThat(new AuthorityStore(store).requests()).isEmpty();
    }

    @Test
    void renewsTheCrlsOfTwoOfflineRoots() throws Exception {
        Path other = temporary.resolve("usb2");
        new Rotator(store).begin(new RotationRequest(RotationKind.ROOT, List.of(), usb, other, null, null), NONE);
        store = after(40);
        Files.move(other, temporary.resolve("drawer")); // not where the rotation noted it
        store.refreshCrls(new CrlRequest(null, usb), NONE); // one key of two: the other root is asked
        assertThat(store.authorities().subList(0, 2))
                .extracting(authority -> CrlIssuer.number(authority.crl()).intValue())
                .containsExactly(2, 1);
        assertThat(new AuthorityStore(store).requests()).containsExactly(request("root-2.json"));
        byte[] asked = Files.readAllBytes(request("root-2.json"));
        Path first = usb;
        usb = temporary.resolve("drawer");
        byte[] answer = signed(asked, store.options().clock().instant());
        assertThat(install(answer).value().name()).isEqualTo("root-2");
        assertThat(new AuthorityStore(store).requests()).isEmpty();

        store = after(80);
        Path both = Files.createDirectory(temporary.resolve("both"));
        Files.move(first, both.resolve("root-1"));
        Files.move(usb, both.resolve("root-2"));
        Change<List<AuthorityRecord>> renewed = store.refreshCrls(new CrlRequest(null, both), NONE);
        assertThat(renewed.value().subList(0, 2))
                .extracting(authority -> CrlIssuer.number(authority.crl()).intValue())
                .containsExactly(3, 3);
        assertThat(store.refreshCrls(new CrlRequest(null, both), NONE).changed())
                .isFalse();
        Change<Path> installed = store.installCrls(temporary.resolve("crl"));
        assertThat(installed.files()).hasSize(4);
        assertRefused(
                ErrorCode.KEY_ABSENT,
                "is not there",
                () -> after(120).refreshCrls(new CrlRequest(null, temporary.resolve("crl")), NONE));
    }

    /** The request on its way to the root's machine, as somebody in between might change it. */
    @Test
    void refusesToSignAForgedFence() throws Exception {
        importPartner();
        Path request = request("cross-orgb-root-1.json");
        String asked = Files.readString(request);
        CrossTask task =
                (CrossTask) RootRequest.read(Files.readAllBytes(request), "r").task();
        var ours = new Namespace("orga.test", "orga.test");
        var elsewhere = new Namespace("elsewhere.test", "elsewhere.test");
        OrgStore namesake = Fixtures.newStore(temporary.resolve("namesake"));
        X509Certificate strange = namesake.certificate("root");
        X509Certificate foreign = namesake.certificate("issuing");
        for (CrossTask each : List.of(
                new CrossTask(
                        "orgb", new Namespace("a.orga.test", "orgb.test"), task.roots(), task.issuing(), List.of()),
                new CrossTask("orgb", new Namespace("test", "orgb.test"), task.roots(), task.issuing(), List.of()),
                new CrossTask("orgb", new Namespace("orgb.test", "orga.test"), task.roots(), task.issuing(), List.of()),
                new CrossTask("orgb", task.fence(), List.of(strange), task.issuing(), List.of()),
                new CrossTask("orgb", task.fence(), List.of(foreign), task.issuing(), List.of()),
                new CrossTask("orgb", task.fence(), task.roots(), foreign, List.of()),
                new CrossTask("orga", ours, task.roots(), task.issuing(), List.of()))) {
            assertThatThrownBy(() -> signed(forged(each, ours), Fixtures.NOW))
                    .as(each.toString())
                    .isInstanceOfSatisfying(
                            CertsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.REQUEST_REFUSED));
        }
        // other names for ourselves, so that ours are free to be taken: the root knows better
        assertThatThrownBy(() -> signed(
                        forged(new CrossTask("orgb", ours, task.roots(), task.issuing(), List.of()), elsewhere),
                        Fixtures.NOW))
                .hasMessageContaining("is not what the root gave the issuing CA");
        install(signed(request));
        X509Certificate cross = new TrustStore(store).partners().get(0).cross().get(0);
        assertThatThrownBy(() -> signed(
                        forged(
                                new CrossTask("orgb", ours, task.roots(), cross, List.of()),
                                new Namespace("orgb.test", "orgb.test")),
                        Fixtures.NOW))
                .hasMessageContaining("is not what the root gave the issuing CA");
        assertThatThrownBy(() ->
                        signed(asked.replace("cross-orgb", "../cross-orgb").getBytes(UTF_8), Fixtures.NOW))
                .hasMessageContaining("it names nothing that a root signs");
    }

    private byte[] forged(CrossTask task, Namespace namespace) {
        return new RootRequest(
                        "orga", namespace, store.certificate("root"), "cross-orgb-root-1", Duration.ofDays(365), task)
                .file();
    }

    /** The answer on its way back. */
    @Test
    void refusesAFenceThatIsNotWhatWasAskedFor() throws Exception {
        importPartner();
        Path request = request("cross-orgb-root-1.json");
        RootRequest asked = RootRequest.read(Files.readAllBytes(request), "r");
        CrossTask task = (CrossTask) asked.task();
        byte[] wider = signed(
                forged(
                        new CrossTask(
                                "orgb", new Namespace("b.test", "b.test"), task.roots(), task.issuing(), List.of()),
                        asked.namespace()),
                Fixtures.NOW);
        assertRefused(ErrorCode.VERIFICATION_FAILED, "it has another fence", () -> install(wider));
        X509Certificate other = Fixtures.newStore(
                        temporary.resolve("orgc"),
                        new OrgConfig("orgc", new Namespace("orgc.test", "orgc.test"), OrgPolicy.defaults()),
                        Fixtures.NOW)
                .certificate("root");
        byte[] swapped = signed(
                forged(
                        new CrossTask("orgb", task.fence(), List.of(other), task.issuing(), List.of()),
                        asked.namespace()),
                Fixtures.NOW);
        assertRefused(ErrorCode.VERIFICATION_FAILED, "is for another root than", () -> install(swapped));
        OrgStore namesake = Fixtures.newStore(temporary.resolve("namesake"));
        X509Certificate byNamesake = new CertificateAuthority(
                        namesake.certificate("root"),
                        namesake.signer("root", NONE),
                        namesake.options().clock(),
                        new SecureRandom())
                .cross(task.roots().get(0), task.fence(), Duration.ofDays(365));
        assertRefused(
                ErrorCode.VERIFICATION_FAILED,
                "is not signed by the root that was asked",
                () -> install(asked.answer(Pem.certificates(List.of(byNamesake)))));
        byte[] right = signed(request);
        List<X509Certificate> two = List.of(
                Pem.readCertificates(RootRequest.readAnswer(right, "a").getValue(), "a")
                        .get(0),
                byNamesake);
        assertRefused(
                ErrorCode.VERIFICATION_FAILED,
                "holds 2 certificates",
                () -> install(asked.answer(Pem.certificates(two))));
        assertThat(new TrustStore(store).partners().get(0).isFenced()).isFalse();
        assertThat(request).exists();
    }

    @Test
    void takesNoCrlOfAClockThatIsAhead() throws Exception {
        store = after(40);
        store.refreshCrls(new CrlRequest(null, null), NONE);
        byte[] ahead = signed(
                Files.readAllBytes(request("root-1.json")),
                store.options().clock().instant().plus(Duration.ofDays(1)));
        assertRefused(ErrorCode.VERIFICATION_FAILED, "later than now", () -> install(ahead));
    }
}
