package io.hawser.examples.rotation;

import static io.hawser.examples.rotation.Member.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieRing;
import io.hawser.cookie.CookieUse;
import io.hawser.examples.rotation.ChangingRoot.Root;
import io.hawser.tls.TlsEngine;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Nodes that send each other numbers without end while their certificates, their CA and their cookie change, and while others
 * join: each number arrives once and in order, and nobody sees a node go down that was not to go.
 */
class RotationTest {
    private static final Root[] BOTH = {Root.OLD, Root.NEW};
    private static final String A = "a@a.orga.test";
    private static final String B = "b@b.orga.test";
    private static final List<String> JOINING =
            List.of("c@c.orga.test", "d@d.orga.test", "e@e.orga.test", "f@f.orga.test", "late@late.orga.test");

    @TempDir
    private static Path directory;

    private static ChangingRoot organisation;

    private final Directory names = new Directory();
    private final List<Member> members = new ArrayList<>();
    private final List<NumberStream> streams = new ArrayList<>();
    private final Cookie first = Cookie.generate();
    private final ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();

    @BeforeAll
    static void issue() {
        var all = new ArrayList<>(List.of(A, B));
        all.addAll(JOINING);
        organisation = new ChangingRoot(directory, all);
    }

    @AfterEach
    void close() {
        pace.shutdownNow();
        members.forEach(Member::close);
    }

    private Member start(TlsEngine engine, String name, Root by, Root... trusted) {
        return start(engine, name, CookieRing.of("first", first), by, trusted);
    }

    private Member start(TlsEngine engine, String name, CookieRing cookies, Root by, Root... trusted) {
        organisation.write(name, by, trusted);
        var member = new Member(name, organisation.files(name), engine, cookies, names);
        members.add(member);
        return member;
    }

    /** Has numbers flow both ways between a new node and those that are there. */
    private void join(Member member, Member... present) {
        for (Member other : present) {
            streams.add(new NumberStream(member.node, other.name(), pace));
            streams.add(new NumberStream(other.node, member.name(), pace));
        }
        NumberStream.awaitProgress(streams);
    }

    /** Gives nodes that run other files. */
    private void change(Root by, Root[] trusted, Member... changing) {
        for (Member member : changing) {
            organisation.write(member.name().toString(), by, trusted);
            member.credentials.reload();
        }
    }

    /** All numbers still flow, none was lost, doubled or overtaken, and nobody saw a node go down. */
    private void allGoOn() {
        NumberStream.awaitProgress(streams);
        assertThat(streams).flatExtracting(NumberStream::faults).isEmpty();
        assertThat(members).flatExtracting(Member::faults).isEmpty();
        assertThat(members).flatExtracting(Member::takeDowns).isEmpty();
    }

    private static X509Certificate shown(Member by, Member to) {
        return to.chainOf(by.name()).get(0);
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void nothingIsLostWhileCertificatesAreRenewed(TlsEngine engine) {
        Member a = start(engine, A, Root.OLD, Root.OLD);
        Member b = start(engine, B, Root.OLD, Root.OLD);
        join(a, b);
        X509Certificate before = shown(a, b);

        organisation.renew(Root.OLD, A);
        change(Root.OLD, new Root[] {Root.OLD}, a);
        Member c = start(engine, JOINING.get(0), Root.OLD, Root.OLD);
        join(c, a, b);
        organisation.renew(Root.OLD, B);
        change(Root.OLD, new Root[] {Root.OLD}, b);
        Member d = start(engine, JOINING.get(1), Root.OLD, Root.OLD);
        join(d, a, b, c);

        allGoOn();
        assertThat(shown(a, b)).isEqualTo(before);
        assertThat(shown(a, c))
                .isEqualTo(a.credentials.identity().certificate())
                .isNotEqualTo(before);
        assertThat(shown(b, d))
                .isEqualTo(b.credentials.identity().certificate())
                .isNotEqualTo(shown(b, c));
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void nothingIsLostWhileTheRootIsChanged(TlsEngine engine) {
        Member a = start(engine, A, Root.OLD, Root.OLD);
        Member b = start(engine, B, Root.OLD, Root.OLD);
        join(a, b);

        change(Root.OLD, BOTH, a, b); // 1. all trust both
        Member c = start(engine, JOINING.get(0), Root.OLD, BOTH);
        join(c, a, b);
        allGoOn();

        change(Root.NEW, BOTH, a, b, c); // 2. all show the new one
        Member d = start(engine, JOINING.get(1), Root.NEW, BOTH);
        join(d, a, b, c);
        allGoOn();

        assertThat(a.standsOn(Root.OLD, b.name())).isTrue();
        Member late = start(engine, JOINING.get(4), Root.OLD, BOTH);
        assertThat(connects(late, a)).isTrue();
        allGoOn();

        change(Root.NEW, new Root[] {Root.NEW}, a, b, c, d); // 3. the old one goes, and who was late with it
        a.awaitDown(late.name().toString());
        late.awaitDown(A);
        allGoOn();
        for (List<Member> pair : List.of(List.of(a, b), List.of(c, a), List.of(b, c))) {
            assertThat(pair.get(0).standsOn(Root.NEW, pair.get(1).name())).isTrue();
            assertThat(pair.get(1).standsOn(Root.NEW, pair.get(0).name())).isTrue();
        }
        Member e = start(engine, JOINING.get(2), Root.NEW, Root.NEW);
        join(e, a, b, c, d);
        allGoOn();
        assertThatThrownBy(() -> late.node.connect(a.name(), SOON)).hasMessageContaining("refused our certificate");
        allGoOn();
    }

    private static boolean connects(Member from, Member to) {
        try {
            from.node.connect(to.name(), SOON);
            return true;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BORINGSSL", "JDK"})
    void nothingIsLostWhileTheCookieIsChanged(TlsEngine engine) {
        Cookie second = Cookie.generate();
        Member a = start(engine, A, Root.OLD, Root.OLD);
        Member b = start(engine, B, Root.OLD, Root.OLD);
        join(a, b);

        a.cookies.add("second", second); // 1. all accept both
        Member c = start(engine, JOINING.get(0), Root.OLD, Root.OLD); // has the old one only, and is let in
        join(c, a, b);
        b.cookies.add("second", second);
        c.cookies.add("second", second);
        List.of(a, b, c).forEach(member -> member.cookies.offer("second")); // 2. all offer the new one
        List<CookieUse> lastOfOld =
                List.of(a, b, c).stream().map(member -> use(member, "first")).toList();
        Member d = start(engine, JOINING.get(1), CookieRing.of("second", second), Root.OLD, Root.OLD);
        join(d, a, b);
        assertThat(connects(c, d)).isTrue();
        allGoOn();

        // 3. the counts say that the old one is used no more, so it goes
        assertThat(List.of(a, b, c)).extracting(member -> use(member, "first")).isEqualTo(lastOfOld);
        assertThat(use(c, "second").dialled()).isEqualTo(1);
        assertThat(use(d, "second").dialled() + use(d, "second").accepted()).isGreaterThanOrEqualTo(3);
        List.of(a, b, c).forEach(member -> member.cookies.remove("first"));
        Member late = start(engine, JOINING.get(4), Root.OLD, Root.OLD);
        assertThatThrownBy(() -> late.node.connect(a.name(), SOON)).hasMessageContaining("the cookies differ");
        Member e = start(engine, JOINING.get(2), CookieRing.of("second", second), Root.OLD, Root.OLD);
        join(e, a, b, c, d);
        allGoOn();
    }

    private static CookieUse use(Member member, String label) {
        return member.cookies.uses().stream()
                .filter(use -> use.label().equals(label))
                .findFirst()
                .orElseThrow();
    }
}
