package io.hawser.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusPageTest {
    private static final String HOSTILE = "<img src=x onerror=\"document.title='taken'\">&amp;'\u202e";

    @TempDir
    private Path temporary;

    private OrgStore store;

    @BeforeEach
    void makeOrganisation() {
        store = Fixtures.newStore(temporary.resolve("pki"));
        store.issue(IssueRequest.of(Fixtures.A, Fixtures.B), SecretSource.none());
        store.revoke(RevokeRequest.of(Fixtures.B, RevocationReason.KEY_COMPROMISE), SecretSource.none());
    }

    private StatusReport report(Duration later) {
        return new StatusCheck(Fixtures.store(temporary.resolve("pki"), Fixtures.NOW.plus(later)), null).run();
    }

    /** A report with a partner, and a concern, such as only a defect could let in. */
    private StatusReport hostile() {
        StatusReport report = report(Duration.ofDays(12));
        var partner = new Partner(
                HOSTILE,
                Fixtures.orgb().namespace(),
                List.of(),
                1,
                Fixtures.NOW,
                store.roots(),
                store.crls(),
                List.of());
        return new StatusReport(
                report.config(),
                report.at(),
                report.authorities(),
                report.nodes(),
                report.revokedNodes(),
                List.of(partner),
                List.of(new Concern("PARTNER_ENDING", HOSTILE, HOSTILE, null, HOSTILE)));
    }

    @Test
    void loadsAndRunsNothing() {
        String page = new StatusPage(store, report(Duration.ofDays(12))).html();
        assertThat(page)
                .contains("default-src 'none'")
                .doesNotContain("<script", "src=", "href=", "url(", "http://", "https://", "@import", "onclick");
    }

    @Test
    void saysWhatToDoAndWhatToType() {
        assertThat(new StatusPage(store, report(Duration.ZERO)).html())
                .contains("All is well")
                .contains("<code>certs-tool trust import FILE</code>");
        assertThat(new StatusPage(store, report(Duration.ofDays(12))).html())
                .contains("1 thing to do")
                .contains("<code>certs-tool crl issue</code>")
                .contains("a@a.orga.test")
                .contains(">revoked<");
    }

    @Test
    void showsThePhaseOfARotation() throws Exception {
        assertThat(new StatusPage(store, report(Duration.ZERO)).html()).doesNotContain("id=\"rotation\"");
        new Rotator(store).begin(RotationRequest.of(RotationKind.ROOT), SecretSource.none());
        assertThat(new StatusPage(store, report(Duration.ZERO)).html())
                .contains("Rotation of root")
                .contains("<li class=\"now\">distribute</li>");
    }

    @Test
    void escapesWhateverIsPutIn() {
        assertThat(Html.escape("<a b='c' d=\"e\">&\u202e\u0007\u00e9"))
                .isEqualTo("&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;\\u202e\\u0007\u00e9");
        assertThat(new StatusPage(store, hostile()).html())
                .doesNotContain("<img")
                .contains("&lt;img");
    }

    @Test
    void replacesAPageButNothingElse() throws Exception {
        Path file = temporary.resolve("status.html");
        assertThat(new StatusPage(store, report(Duration.ZERO)).write(file).changed())
                .isTrue();
        assertThat(new StatusPage(store, report(Duration.ZERO)).write(file).changed())
                .isFalse();
        assertThat(new StatusPage(store, report(Duration.ofDays(1))).write(file).changed())
                .isTrue();
        Files.writeString(file, "mine");
        assertThatThrownBy(() -> new StatusPage(store, report(Duration.ZERO)).write(file))
                .isInstanceOf(CertsException.class)
                .hasMessageEndingWith("is there, and is no status page");
    }

    /** What a browser makes of it, without scripts and without a network. */
    @Test
    @NeedsProgram("chromium")
    void isWhatABrowserShows() throws Exception {
        Path file = temporary.resolve("status.html");
        new StatusPage(store, hostile()).write(file);
        Processes.Result result = Processes.run(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                "--user-data-dir=" + temporary.resolve("browser"),
                "--dump-dom",
                file.toUri().toString());
        String dom = result.output();
        assertThat(dom)
                .contains("<title>orga: certificates</title>")
                .contains("<section id=\"todo\">", "<section id=\"timeline\">", "<section id=\"partners\">")
                .contains("&lt;img src=x")
                .doesNotContain("<img", "taken</title>");
        assertThat(dom.split("class=\"line\"", -1)).hasSizeGreaterThan(6);
    }
}
