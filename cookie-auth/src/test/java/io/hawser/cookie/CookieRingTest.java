package io.hawser.cookie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.hawser.handshake.Handshake;
import io.hawser.term.NodeName;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CookieRingTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final Cookie OLD = Fixture.cookie("the old one");
    private static final Cookie NEW = Fixture.cookie("the new one");

    private Instant now = NOON;
    private final CookieRing ringOfA = new CookieRing("old", OLD, () -> now);
    private final CookieRing ringOfB = new CookieRing("old", OLD, () -> now);

    private Conversation connect(CookieProof proof) {
        boolean strong = proof == CookieProof.STRONG;
        Handshake a = CookieHandshakes.builder(ringOfA)
                .proof(proof)
                .build()
                .initiator(Fixture.dialling(Fixture.A, Fixture.bound(strong ? Fixture.BINDING_OF_A : null)));
        Handshake b = CookieHandshakes.builder(ringOfB)
                .proof(proof)
                .build()
                .acceptor(Fixture.accepting(Fixture.bound(strong ? Fixture.BINDING_OF_B : null)));
        return new Conversation(a, b);
    }

    @ParameterizedTest
    @EnumSource(names = {"OTP", "STRONG"})
    void aCookieIsChangedWithoutAMomentInWhichPeersAreRefused(CookieProof proof) {
        assertThat(connect(proof).bothAdmit()).isTrue();
        ringOfA.add("new", NEW);
        assertThat(connect(proof).bothAdmit()).as("accepted at one node").isTrue();
        ringOfB.add("new", NEW);
        ringOfA.offer("new");
        now = NOON.plusSeconds(60);
        assertThat(connect(proof).bothAdmit()).as("offered by one node").isTrue();
        ringOfB.offer("new");
        ringOfA.remove("old");
        assertThat(connect(proof).bothAdmit()).as("removed at one node").isTrue();
        assertThat(ringOfA.uses()).containsExactly(new CookieUse("new", true, 2, 0, Optional.of(now)));
        assertThat(ringOfB.uses())
                .containsExactly(
                        new CookieUse("old", false, 0, 2, Optional.of(NOON)),
                        new CookieUse("new", true, 0, 2, Optional.of(now)));
        ringOfB.remove("old");
        assertThat(connect(proof).bothAdmit()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"OTP", "STRONG"})
    void aCookieThatWasRemovedIsRefused(CookieProof proof) {
        ringOfB.add("new", NEW);
        ringOfB.offer("new");
        ringOfB.remove("old");
        assertThat(connect(proof).acceptor.refusal).isPresent();
        assertThat(ringOfB.uses()).containsExactly(new CookieUse("new", true, 0, 0, Optional.empty()));
    }

    @ParameterizedTest
    @EnumSource(names = {"OTP", "STRONG"})
    void anAcceptorThatDoesNotKnowTheOfferedCookieRefuses(CookieProof proof) {
        ringOfA.add("new", NEW);
        ringOfA.offer("new");
        assertThat(connect(proof).acceptor.refusal).isPresent();
    }

    @Test
    void triesEveryCookieWhicheverIsRight() {
        ringOfA.add("new", NEW);
        ringOfA.add("third", Cookie.generate());
        for (CookieUse use : ringOfA.uses()) {
            var tried = new AtomicInteger();
            int right = ringOfA.uses().indexOf(use);
            assertThat(ringOfA.match(held -> tried.getAndIncrement() == right)).isPresent();
            assertThat(tried).hasValue(3);
        }
    }

    @Test
    void peersCanHaveCookiesOfTheirOwn() {
        var handshakes = CookieHandshakes.builder(CookieRing.of(NEW))
                .peer(Fixture.A, ringOfB)
                .build();
        Handshake ofA =
                CookieHandshakes.builder(ringOfA).build().initiator(Fixture.dialling(Fixture.A, Fixture.bound(null)));
        assertThat(new Conversation(ofA, handshakes.acceptor(Fixture.accepting(Fixture.bound(null)))).bothAdmit())
                .isTrue();
        Handshake ofAnother = CookieHandshakes.builder(ringOfA)
                .build()
                .initiator(Fixture.dialling(NodeName.parse("c@x.test"), Fixture.bound(null)));
        assertThat(new Conversation(ofAnother, handshakes.acceptor(Fixture.accepting(Fixture.bound(null)))).bothAdmit())
                .isFalse();
    }

    @Test
    void refusesTheSameLabelTheSameCookieAndOneTooMany() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ringOfA.add("old", NEW))
                .withMessage(
                        "cookie ring: 'old' is in it already, as 'old' (expected: another label and another cookie)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ringOfA.add("again", Fixture.cookie("the old one")))
                .withMessage(
                        "cookie ring: 'again' is in it already, as 'old' (expected: another label and another cookie)");
        for (int i = 1; i < CookieRing.MAX_COOKIES; i++) {
            ringOfA.add("more " + i, Cookie.generate());
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ringOfA.add("too many", Cookie.generate()))
                .withMessage("cookie ring: full with 8 cookies (expected: one is removed first)");
    }

    @Test
    void refusesToRemoveWhatIsOfferedOrNotThere() {
        assertThatIllegalStateException()
                .isThrownBy(() -> ringOfA.remove("old"))
                .withMessage("cookie ring: 'old' is offered (expected: another one is offered first)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ringOfA.remove("no\nne"))
                .withMessage("cookie ring: holds no 'no\\u000ane' (expected: one of [old])");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ringOfA.offer("none"))
                .withMessage("cookie ring: holds no 'none' (expected: one of [old])");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\nb", "\u00e5"})
    void refusesALabelThatIsNotPrintable(String label) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ringOfA.add(label, NEW))
                .withMessage("cookie label: " + label.length() + " characters (expected: 1 to 64 of printable ASCII)");
    }

    @Test
    void refusesTheCookieAsItsLabel() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CookieRing.of("the old one", OLD))
                .withMessage("cookie label: is the cookie itself (expected: a label, which is no secret)");
        assertThatIllegalArgumentException().isThrownBy(() -> ringOfA.add("the old one", NEW));
        assertThat(ringOfA).hasToString("CookieRing[old]");
    }
}
