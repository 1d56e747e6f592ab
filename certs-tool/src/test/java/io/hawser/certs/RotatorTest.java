package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RotatorTest {
    @TempDir
    private Path temporary;

    private OrgStore store;
    private Rotator rotator;
    private Follower a;
    private Follower b;
    private Map<NodeName, InetSocketAddress> addresses;

    @BeforeEach
    void makeOrganisation() throws Exception {
        store = Fixtures.newStore(temporary.resolve("pki"), Fixtures.orga(), Instant.now());
        store.issue(IssueRequest.of(Fixtures.A, Fixtures.B), SecretSource.none());
        rotator = new Rotator(store);
        a = new Follower(store, Fixtures.A);
        b = new Follower(store, Fixtures.B);
        addresses = new HashMap<>(Map.of(Fixtures.A, a.address(), Fixtures.B, b.address()));
    }

    @AfterEach
    void close() throws Exception {
        a.close();
        b.close();
    }

    private Change<RotationResult> next(NodeName... dead) {
        return rotator.next(
                new RotationAdvance(
                        addresses, 1, Duration.ofSeconds(20), Duration.ZERO, List.of(dead), null, proof -> {}),
                SecretSource.none());
    }

    private RotationPhase phase() {
        return rotator.last().orElseThrow().phase();
    }

    private void goOn(RotationPhase to) throws Exception {
        a.follow();
        b.follow();
        Change<RotationResult> change = next();
        assertThat(change.value().stragglers()).isEmpty();
        assertThat(phase()).isEqualTo(to);
    }

    private void reach(RotationKind kind, RotationPhase phase) throws Exception {
        rotator.begin(RotationRequest.of(kind), SecretSource.none());
        while (phase() != phase) {
            goOn(kind.after(phase()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void goesThroughItsPhasesToTheEndAndDoesNothingAfterwards(RotationKind kind) throws Exception {
        List<X509Certificate> before =
                store.nodes().stream().map(NodeCertificate::certificate).toList();
        reach(kind, kind.phases().get(0));
        Map<String, String> begun = Fixtures.snapshot(temporary.resolve("pki"));
        assertThat(rotator.begin(RotationRequest.of(kind), SecretSource.none()).changed())
                .isFalse();
        assertThat(Fixtures.snapshot(temporary.resolve("pki"))).isEqualTo(begun);

        for (RotationPhase phase : kind.phases()) {
            goOn(kind.after(phase));
        }

        assertThat(store.nodes())
                .extracting(NodeCertificate::certificate)
                .doesNotContainAnyElementsOf(before)
                .hasSize(2);
        assertThat(store.authorities())
                .extracting(AuthorityRecord::name)
                .containsExactly(
                        kind == RotationKind.ROOT ? "root-2" : "root-1",
                        kind == RotationKind.NODE ? "issuing-1" : "issuing-2");
        store.nodes()
                .forEach(node ->
                        ChainVerifier.verify(node.chain(), store.roots(), store.crls(), Instant.now(), node.node()));
        assertThat(store.consistent()).isTrue();
        Map<String, String> done = Fixtures.snapshot(temporary.resolve("pki"));
        Change<RotationResult> again = next();
        assertThat(again.changed()).isFalse();
        assertThat(again.value().rotation()).isEmpty();
        assertThat(rotator.abort(SecretSource.none()).changed()).isFalse();
        assertThat(Fixtures.snapshot(temporary.resolve("pki"))).isEqualTo(done);
        assertThat(done.keySet()).noneMatch(name -> name.contains(".rotate") || name.contains(".removed"));
    }

    @ParameterizedTest
    @EnumSource
    void waitsAtEachGateForTheNodeThatHasNotFollowed(RotationKind kind) throws Exception {
        rotator.begin(RotationRequest.of(kind), SecretSource.none());
        for (RotationPhase phase : kind.phases()) {
            RotationPhase to = kind.after(phase);
            if (to.isGated()) {
                a.follow();
                Map<String, String> before = Fixtures.snapshot(temporary.resolve("pki"));
                Change<RotationResult> change = next();
                assertThat(change.value().stragglers())
                        .as(phase.label())
                        .extracting(Proof::to)
                        .containsExactly(Fixtures.B);
                assertThat(change.changed()).isFalse();
                assertThat(Fixtures.snapshot(temporary.resolve("pki"))).isEqualTo(before);
                b.follow();
            }
            assertThat(next().value().stragglers()).isEmpty();
            assertThat(phase()).isEqualTo(to);
        }
    }

    @Test
    void looksAgainWhenAPhaseIsLeft() throws Exception {
        reach(RotationKind.ROOT, RotationPhase.VERIFY_USE);
        NodeCertificate current = store.node(Fixtures.B);
        Path directory = current.directory();
        Path aside = directory.resolveSibling("aside");
        Files.move(directory, aside); // as if it had been started again with its old export
        b.follow();
        Files.move(aside, directory);
        assertThat(next().value().stragglers()).singleElement().satisfies(proof -> {
            assertThat(proof.to()).isEqualTo(Fixtures.B);
            assertThat(proof.detail()).endsWith("not of issuing-2").contains("Issuing 1");
        });
        assertThat(phase()).isEqualTo(RotationPhase.VERIFY_USE);
    }

    @Test
    void leavesOutANodeThatIsDownOnlyWhenToldAndOnlyWhileItIsDown() throws Exception {
        rotator.begin(RotationRequest.of(RotationKind.ROOT), SecretSource.none());
        a.follow();
        InetSocketAddress there = addresses.get(Fixtures.B);
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            addresses.put(Fixtures.B, new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort()));
        }
        assertThat(next().value().stragglers()).extracting(Proof::to).containsExactly(Fixtures.B);
        assertThat(next(Fixtures.B).value().stragglers()).isEmpty();
        assertThat(rotator.last().orElseThrow().leftOut()).containsExactly(Fixtures.B);
        assertThat(phase()).isEqualTo(RotationPhase.VERIFY_TRUST);
        addresses.put(Fixtures.B, there);
        assertThat(next().value().stragglers()).extracting(Proof::to).containsExactly(Fixtures.B);
        assertThatThrownBy(() -> next(NodeName.parse("x@x.orga.test")))
                .hasMessage("x@x.orga.test: orga has no such node");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DISTRIBUTE", "VERIFY_TRUST", "REISSUE", "VERIFY_USE"})
    void abortsToWhatWasFromEachPhaseBeforeRetire(RotationPhase phase) throws Exception {
        for (RotationKind kind : RotationKind.values()) {
            if (!kind.phases().contains(phase)) {
                continue;
            }
            Map<String, String> before = withoutState();
            reach(kind, phase);
            assertThat(withoutState()).isNotEqualTo(before);
            assertThat(rotator.abort(SecretSource.none()).changed()).isTrue();
            assertThat(withoutState()).isEqualTo(before);
            assertThat(phase()).isEqualTo(RotationPhase.IDLE);
            a.follow();
            b.follow();
        }
    }

    private Map<String, String> withoutState() {
        Map<String, String> snapshot = Fixtures.snapshot(temporary.resolve("pki"));
        snapshot.keySet().removeIf(name -> name.startsWith("state") || name.startsWith("log"));
        return snapshot;
    }

    @Test
    void neitherAbortsAfterRetireNorBeginsAnotherMeanwhile() throws Exception {
        reach(RotationKind.ISSUING, RotationPhase.RETIRE);
        assertThatThrownBy(() -> rotator.abort(SecretSource.none()))
                .hasMessage("the rotation (issuing) is in the phase retire, and what was old is gone");
        assertThatThrownBy(() -> rotator.begin(RotationRequest.of(RotationKind.ROOT), SecretSource.none()))
                .hasMessage("a rotation (issuing) is under way already, in the phase retire");
    }

    @Test
    void givesANodeThatCameMeanwhileACertificateOfTheOldCaWhenAborted() throws Exception {
        reach(RotationKind.ROOT, RotationPhase.REISSUE);
        NodeName late = NodeName.parse("late@late.orga.test");
        store.issue(IssueRequest.of(late), SecretSource.none());
        rotator.abort(SecretSource.none());
        ChainVerifier.verify(store.node(late).chain(), store.roots(), store.crls(), Instant.now(), late);
        assertThat(store.roots()).hasSize(1);
    }

    @Test
    void keepsARevokedNodeOutBeyondTheRotation() throws Exception {
        NodeName bad = NodeName.parse("bad@bad.orga.test");
        store.issue(IssueRequest.of(bad), SecretSource.none());
        store.revoke(RevokeRequest.of(bad, RevocationReason.KEY_COMPROMISE), SecretSource.none());
        reach(RotationKind.ROOT, RotationPhase.IDLE);
        assertThat(store.node(bad).generation()).isEqualTo(1);
        assertThat(Files.readString(store.layout().rosterTerm())).doesNotContain("bad.orga.test");
        assertThatThrownBy(() -> store.issue(IssueRequest.of(bad), SecretSource.none()))
                .extracting(e -> ((CertsException) e).code())
                .isEqualTo(ErrorCode.NODE_REVOKED);
        store.revoke(RevokeRequest.of(Fixtures.A, RevocationReason.KEY_COMPROMISE), SecretSource.none());
    }

    @Test
    void issuesByTheOldCaUntilAllTrustTheNewOneAndNeverUsesANumberTwice() throws Exception {
        reach(RotationKind.ROOT, RotationPhase.VERIFY_TRUST);
        NodeName early = NodeName.parse("early@early.orga.test");
        NodeCertificate issued =
                store.issue(IssueRequest.of(early), SecretSource.none()).value().get(0);
        assertThat(issued.certificate().getIssuerX500Principal().getName()).contains("Issuing 1");
        rotator.abort(SecretSource.none());
        Rotation second = rotator.begin(RotationRequest.of(RotationKind.ROOT), SecretSource.none())
                .value();
        assertThat(second.coming()).containsExactly("root-3", "issuing-3");
    }

    @Test
    void carriesTheNewRootAsTheOldOneSignedItUntilTheOldOneGoes() throws Exception {
        reach(RotationKind.ROOT, RotationPhase.REISSUE);
        NodeCertificate node = store.node(Fixtures.A);
        List<X509Certificate> shown = store.shown(node);
        assertThat(shown).hasSize(3).startsWith(node.chain().toArray(new X509Certificate[0]));
        X509Certificate old = store.authorityNamed("root-1").orElseThrow().certificate();
        ChainVerifier.verify(shown, old, store.crls(), Instant.now(), "by the old root alone");
        assertThat(store.authorities())
                .filteredOn(authority -> authority.name().equals("root-1"))
                .noneMatch(authority -> store.links().contains(authority.certificate()));
        goOn(RotationPhase.VERIFY_USE);
        goOn(RotationPhase.RETIRE);
        assertThat(store.shown(store.node(Fixtures.A))).hasSize(2);
    }

    @Test
    void protectsNewKeysAsThePresentOnesAre() {
        OrgStore locked = Fixtures.store(temporary.resolve("locked"), Instant.now());
        locked.init(new OrgRequest(Fixtures.orga(), true, null), Fixtures.secret("s3cret"));
        var other = new Rotator(locked);
        assertThatThrownBy(() -> other.begin(RotationRequest.of(RotationKind.ROOT), SecretSource.none()))
                .extracting(e -> ((CertsException) e).code())
                .isEqualTo(ErrorCode.PASSPHRASE_NEEDED);
        assertThatThrownBy(() -> other.begin(RotationRequest.of(RotationKind.ROOT), Fixtures.secret("other")))
                .extracting(e -> ((CertsException) e).code())
                .isEqualTo(ErrorCode.PASSPHRASE_WRONG);
        assertThat(other.last()).isEmpty();
        other.begin(RotationRequest.of(RotationKind.ROOT), Fixtures.secret("s3cret"));
        assertThat(locked.authorities())
                .extracting(AuthorityRecord::key)
                .containsOnly("encrypted")
                .hasSize(4);
        locked.signer("root", Fixtures.secret("s3cret"));
    }

    @Test
    void keepsRootKeysOffline() {
        OrgStore offline = Fixtures.store(temporary.resolve("offline"), Instant.now());
        Path usb = temporary.resolve("usb");
        Path other = temporary.resolve("usb2");
        offline.init(new OrgRequest(Fixtures.orga(), false, usb), SecretSource.none());
        var at = new Rotator(offline);
        assertThatThrownBy(() -> at.begin(RotationRequest.of(RotationKind.ROOT), SecretSource.none()))
                .hasMessageStartingWith("the key of root-1 is offline");
        at.begin(new RotationRequest(RotationKind.ROOT, List.of(), usb, other, null, null), SecretSource.none());
        assertThat(offline.authorities())
                .extracting(AuthorityRecord::key)
                .containsExactly("offline", "offline", "plain", "plain");
        assertThat(offline.links()).hasSize(1);
        assertThat(offline.signer(offline.authority("root"), other, SecretSource.none())
                        .publicKey())
                .isEqualTo(offline.certificate("root").getPublicKey());
    }

    @Test
    void writesNothingInADryRun() throws Exception {
        var dry = new OrgStore(
                temporary.resolve("pki"),
                new StoreOptions(store.options().clock(), true, false, (node, done) -> {}),
                (step, path) -> {
                    throw new AssertionError("writes " + path);
                });
        for (RotationKind kind : RotationKind.values()) {
            Change<Rotation> change = new Rotator(dry).begin(RotationRequest.of(kind), SecretSource.none());
            assertThat(change.changed()).isTrue();
            assertThat(change.files()).noneMatch(file -> file.contains(".rotate"));
        }
        reach(RotationKind.ROOT, RotationPhase.VERIFY_USE);
        var advance =
                new RotationAdvance(addresses, 1, Duration.ofSeconds(20), Duration.ZERO, List.of(), null, proof -> {});
        assertThat(new Rotator(dry).next(advance, SecretSource.none()).changed())
                .isTrue();
        assertThat(new Rotator(dry).abort(SecretSource.none()).changed()).isTrue();
    }
}
