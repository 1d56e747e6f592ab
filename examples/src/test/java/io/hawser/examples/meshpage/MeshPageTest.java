package io.hawser.examples.meshpage;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.cookie.Cookie;
import io.hawser.cookie.CookieHandshakes;
import io.hawser.epmd.NodeResolver;
import io.hawser.examples.attack.Judge;
import io.hawser.examples.attack.Tool;
import io.hawser.examples.interop.Organisation;
import io.hawser.mapping.TermMapper;
import io.hawser.node.GenServer;
import io.hawser.node.Mailbox;
import io.hawser.node.Node;
import io.hawser.node.NodeConfig;
import io.hawser.term.NodeName;
import io.hawser.term.Term;
import io.hawser.tls.TlsIdentity;
import io.hawser.tls.TlsTransport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page, over a mesh of three nodes with certificates, the third of which tells lies. */
final class MeshPageTest {
    private static final String[] NAMES = {"a@a.orga.test", "b@b.orga.test", "c@c.orga.test"};
    private static final String HOSTILE = "<img src=x onerror=\"document.title='taken'\">&'\u202e";
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private final List<Node> nodes = new ArrayList<>();
    private final Map<NodeName, InetSocketAddress> places = new ConcurrentHashMap<>();
    private PageServer page;

    @BeforeEach
    void startAll() throws InterruptedException {
        Organisation organisation = new Organisation(directory, Clock.systemUTC()).issue(NAMES);
        for (String name : NAMES) {
            Node node = Node.start(NodeConfig.builder(name)
                    .transport(TlsTransport.mutual(TlsIdentity.load(organisation.exportJava(name))))
                    .handshake(CookieHandshakes.auto(Cookie.of("the cookie of the page's test")))
                    .resolver(NodeResolver.fixed(Map.copyOf(places)))
                    .build());
            for (Node other : nodes) {
                node.connect(other.name(), SOON);
            }
            nodes.add(node);
            places.put(node.name(), node.address());
        }
        Reporter.start(nodes.get(0));
        Reporter.start(nodes.get(1));
        GenServer.start(nodes.get(2).register("mesh_page"), new Liar());
        page = PageServer.start(nodes.get(0), 0);
    }

    /** Says what a page should not have to show. */
    private static final class Liar implements GenServer.Callbacks {
        @Override
        public void onCall(Mailbox self, GenServer.Call call) {
            var absent = new Report.Absent(HOSTILE, HOSTILE, HOSTILE);
            Term lie = TermMapper.of(Report.class)
                    .toTerm(new Report(self.node().name().toString(), false, 1, List.of(), List.of(absent)));
            call.reply(self, lie);
        }
    }

    @AfterEach
    void closeAll() {
        if (page != null) {
            page.close();
        }
        nodes.forEach(Node::close);
    }

    private String ask(String request) throws Exception {
        int port = URI.create(page.url()).getPort();
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write((request + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void servesItselfOnlyAndChangesNothing() throws Exception {
        assertThat(ask("GET / HTTP/1.1\r\nHost: localhost:80"))
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("content-security-policy: default-src 'none'; script-src 'self'")
                .doesNotContain("http://", "https://", "onclick", "<script>");
        assertThat(ask("GET /mesh.json HTTP/1.1\r\nHost: attacker.example")).startsWith("HTTP/1.1 403");
        assertThat(ask("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0"))
                .startsWith("HTTP/1.1 405");
        assertThat(ask("GET /../../etc/passwd HTTP/1.1\r\nHost: localhost")).startsWith("HTTP/1.1 40");
        assertThat(ask("GET /Json.class HTTP/1.1\r\nHost: localhost")).startsWith("HTTP/1.1 404");
    }

    @Test
    void tellsWhatEachNodeSees() throws Exception {
        List<Report> reports = Reporter.collect(nodes.get(0));
        assertThat(reports).extracting(Report::node).containsExactlyInAnyOrder(NAMES);
        Report b = reports.stream()
                .filter(report -> report.node().startsWith("b@"))
                .findFirst()
                .orElseThrow();
        assertThat(b.links()).extracting(Report.Link::dialled).containsExactlyInAnyOrder(true, false);
        assertThat(b.links()).allSatisfy(link -> {
            assertThat(link.protocol()).isEqualTo("TLSv1.3");
            assertThat(link.proof()).isEqualTo("strong");
            assertThat(link.peerDays().orElseThrow()).isEqualTo(link.ownDays().orElseThrow());
            assertThat(link.suspected()).isFalse();
        });
        assertThat(Json.of("a@a.orga.test", reports))
                .doesNotContain("<", ">", "\u202e")
                .contains("\\u003cimg");
    }

    @Test
    @Judge("chromium")
    void isWhatABrowserShows() {
        String dom = Tool.run(
                directory,
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--user-data-dir=" + directory.resolve("browser"),
                "--virtual-time-budget=5000",
                "--dump-dom",
                page.url());
        assertThat(dom)
                .contains("<title>A mesh of 3 nodes</title>", "data-nodes=\"3\"", "data-connections=\"3\"")
                .contains("1 node is not reached")
                .contains("data-node=\"b@b.orga.test\"", "TLSv1.3", "strong", "until a certificate of")
                .contains("&lt;img src=x")
                .doesNotContain("<img", "<title>taken", "does not answer");
        assertThat(dom.split("<line ", -1)).hasSize(1 + 3 + 1);
        assertThat(dom.split("<circle ", -1)).hasSize(1 + 4);
    }
}
